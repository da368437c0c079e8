/** The views.* methods of the stand-in: a trigger opens one form, an edit of an old state is refused, a closed form is not found. */
import { lintView } from '../../workspace/server/lint-blocks.ts';

export type FakeView = {
  readonly id: string;
  hash: string;
  /** Whose Home tab it is; absent for a form. */
  readonly user?: string;
  given: Record<string, unknown>;
};

export type FakeViews = {
  readonly open: Map<string, FakeView>;
  /** Triggers that are over: three seconds are, or a form was opened with them. */
  readonly spent: Set<string>;
  call(method: string, fields: Record<string, string>): unknown;
};

/** No form is open yet. */
export function fakeViews(): FakeViews {
  const open = new Map<string, FakeView>();
  const spent = new Set<string>();
  let last = 0;
  const show = (view: FakeView) => {
    open.set(view.id, view);
    return { ok: true, view: { ...view.given, id: view.id, hash: view.hash } };
  };
  const call = (method: string, fields: Record<string, string>) => {
    const given = JSON.parse(fields.view ?? '{}');
    const problem = lintView(given, () => true);
    if (problem !== undefined) {
      return { ok: false, error: problem.error, response_metadata: { messages: problem.messages } };
    }
    last += 1;
    const hash = `h${last}`;
    if (method === 'views.publish') {
      const user = fields.user_id ?? '';
      return show({ id: `home of ${user}`, hash, user, given });
    }
    if (method === 'views.open') {
      const trigger = fields.trigger_id ?? '';
      if (spent.has(trigger)) return { ok: false, error: 'expired_trigger_id' };
      spent.add(trigger);
      return show({ id: `V${last}`, hash, given });
    }
    const found = [...open.values()].find(
      (view) => view.id === fields.view_id || (fields.external_id && view.given.external_id === fields.external_id),
    );
    if (found === undefined) return { ok: false, error: 'not_found' };
    if (fields.hash !== undefined && fields.hash !== found.hash) return { ok: false, error: 'hash_conflict' };
    return show({ ...found, hash, given });
  };
  return { open, spent, call };
}
