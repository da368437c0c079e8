/** What a person does in a form or on the Home tab: chooses, submits, closes, opens. */
import type { Press } from './act-messages.ts';
import { deliver } from './act-messages.ts';
import { interactionBase } from './app-payloads.ts';
import type { Desk } from './desk.ts';
import { actionOf, stateOf } from './elements.ts';
import { isRecord } from './http.ts';
import { readView } from './methods-views.ts';
import { directId } from './places.ts';
import { blocksOf, type StoredView } from './views.ts';
import type { ActAnswer, Choices, Person } from './wire.ts';

const TROUBLE = 'We had some trouble connecting. Try again?';
const GONE: ActAnswer = { ok: false, error: 'This form is gone.' };

/** The person's own view; nobody acts in another's. */
function findOwn(desk: Desk, person: Person, viewId: string): StoredView | undefined {
  const view = desk.views.find(viewId);
  return view?.user === person.id ? view : undefined;
}

/** Presses or chooses an element of a view. */
export async function pressInView(desk: Desk, person: Person, viewId: string, press: Press): Promise<ActAnswer> {
  const view = findOwn(desk, person, viewId);
  if (view === undefined) return GONE;
  const action = actionOf(blocksOf(view.given), press, desk.book.stamp());
  if (action === undefined) return { ok: false, error: 'The button is gone.' };
  const payload = {
    type: 'block_actions',
    ...interactionBase(desk, person),
    container: { type: 'view', view_id: view.id },
    view: desk.views.toApi(view, press.choices),
    state: { values: stateOf(blocksOf(view.given), press.choices) },
    actions: [action],
  };
  const answer = await desk.app.sendForm('interactivity', { payload: JSON.stringify(payload) });
  return answer.ok ? { ok: true } : { ok: false, error: TROUBLE };
}

/** Submits a form. The app's answer closes it, names fields that are wrong, or puts another view in its place. */
export async function submitView(desk: Desk, person: Person, viewId: string, choices: Choices): Promise<ActAnswer> {
  const view = findOwn(desk, person, viewId);
  if (view === undefined) return GONE;
  const payload = {
    type: 'view_submission',
    ...interactionBase(desk, person),
    view: desk.views.toApi(view, choices),
    response_urls: [],
  };
  const answer = await desk.app.sendForm('interactivity', { payload: JSON.stringify(payload) });
  return answer.ok ? settle(desk, view, answer.json ?? {}) : { ok: false, error: TROUBLE };
}

function settle(desk: Desk, view: StoredView, answer: Record<string, unknown>): ActAnswer {
  switch (answer.response_action) {
    case undefined:
      desk.views.close(view.user, view.id);
      return { ok: true };
    case 'clear':
      desk.views.close(view.user);
      return { ok: true };
    case 'errors':
      return { ok: false, errors: errorsIn(answer.errors) };
    case 'update':
    case 'push':
      return replaceView(desk, view, answer);
    default:
      return { ok: false, error: TROUBLE };
  }
}

function errorsIn(value: unknown): Record<string, string> {
  if (!isRecord(value)) return {};
  return Object.fromEntries(Object.entries(value).map(([block, text]) => [block, String(text)]));
}

function replaceView(desk: Desk, view: StoredView, answer: Record<string, unknown>): ActAnswer {
  const read = readView(answer, desk);
  if ('error' in read) return { ok: false, error: `${TROUBLE} (${read.error})` };
  const at = { id: view.id, externalId: undefined, hash: undefined };
  const next =
    answer.response_action === 'push' ? desk.views.push(view.user, read.view) : desk.views.update(at, read.view);
  return 'error' in next ? { ok: false, error: `${TROUBLE} (${next.error})` } : { ok: true };
}

/** Closes a form without submitting it; the app hears of it only if it asked to. */
export async function closeView(desk: Desk, person: Person, viewId: string): Promise<ActAnswer> {
  const view = findOwn(desk, person, viewId);
  if (view === undefined) return { ok: true };
  desk.views.close(person.id, view.given.clear_on_close === true ? undefined : view.id);
  if (view.given.notify_on_close !== true) return { ok: true };
  const { trigger_id: _none, ...base } = interactionBase(desk, person);
  const payload = { type: 'view_closed', ...base, view: desk.views.toApi(view, {}), is_cleared: false };
  await desk.app.sendForm('interactivity', { payload: JSON.stringify(payload) });
  return { ok: true };
}

/** Opens the app's Home tab, which tells the app, which may then publish it. */
export function openHome(desk: Desk, person: Person): ActAnswer {
  void deliver(desk, {
    type: 'app_home_opened',
    user: person.id,
    channel: directId(person.id),
    tab: 'home',
    event_ts: desk.book.stamp(),
  });
  return { ok: true };
}
