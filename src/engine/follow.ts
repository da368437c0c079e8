/** `/backfill follow <id>`: somebody wants to be told when a backfill of another person is over. */
import type { BackfillView } from '../core/backfill/backfill.ts';
import type { Person } from '../core/origin.ts';
import { type Refusal, refuse } from '../fault.ts';
import type { Ports } from '../ports.ts';
import { recordAudit } from '../store/audit.ts';
import { lockBackfill } from '../store/backfills.ts';
import { addFollower } from '../store/followers.ts';
import { findView } from './view.ts';

export type Followed = {
  /** `over`: there is nothing to wait for. `already`: this person follows it since before. */
  readonly kind: 'followed' | 'already' | 'over';
  readonly view: BackfillView;
};

/** Follows a backfill until it is over. May be repeated. */
export async function followBackfill(
  ports: Ports,
  id: string,
  by: Person & { readonly channel: string },
): Promise<Followed | Refusal> {
  const now = ports.clock.now();
  return ports.store.transaction(async (query): Promise<Followed | Refusal> => {
    // Whoever ends it holds this lock while taking those who are told.
    await lockBackfill(query, id);
    const view = await findView(query, id);
    if (view?.backfill.pipeline !== ports.catalogue.pipeline)
      return refuse(`There is no backfill ${id}.`, '/backfill list');
    if (view.backfill.state === 'done' || view.backfill.state === 'canceled') return { kind: 'over', view };
    const { user, channel, origin } = by;
    if (!(await addFollower(query, { backfill: id, person: user, channel, now }))) return { kind: 'already', view };
    await recordAudit(query, { at: now, actor: user, action: 'follow', subject: id, detail: { ...origin } });
    return { kind: 'followed', view };
  });
}
