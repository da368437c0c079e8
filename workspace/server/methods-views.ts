/** views.*: forms, opened with a trigger_id that lives 3 seconds, and the Home tab. */
import type { Desk } from './desk.ts';
import { isRecord, jsonField, textField } from './http.ts';
import { lintView } from './lint-blocks.ts';
import { type ApiError, apiError } from './message-content.ts';
import type { StoredView } from './views.ts';
import type { Method, Reply } from './web-api.ts';

type Fields = Record<string, unknown>;

export const viewMethods: Readonly<Record<string, Method>> = {
  'views.open': (fields, desk) => withTrigger(fields, desk, (user, view) => desk.views.open(user, view)),
  'views.push': (fields, desk) => withTrigger(fields, desk, (user, view) => desk.views.push(user, view)),
  'views.update': updateView,
  'views.publish': publishView,
};

/** The view of a call, checked; or Slack's error. */
export function readView(fields: Fields, desk: Desk): { readonly view: Fields } | ApiError {
  const view = jsonField(fields, 'view');
  const problem = lintView(view, (id) => desk.book.findFile(id) !== undefined);
  if (problem !== undefined) return apiError(problem.error, problem.messages);
  return isRecord(view) ? { view } : apiError('invalid_arguments');
}

function withTrigger(
  fields: Fields,
  desk: Desk,
  act: (user: string, view: Fields) => StoredView | { readonly error: string },
): Reply {
  const read = readView(fields, desk);
  if ('error' in read) return read;
  if (read.view.type !== 'modal') return apiError('invalid_arguments');
  const trigger = desk.triggers.redeem(textField(fields, 'trigger_id') ?? '');
  if ('error' in trigger) return apiError(trigger.error);
  return answer(desk, act(trigger.user, read.view));
}

function updateView(fields: Fields, desk: Desk): Reply {
  const read = readView(fields, desk);
  if ('error' in read) return read;
  const id = textField(fields, 'view_id');
  const externalId = textField(fields, 'external_id');
  return answer(desk, desk.views.update({ id, externalId, hash: textField(fields, 'hash') }, read.view));
}

function publishView(fields: Fields, desk: Desk): Reply {
  const read = readView(fields, desk);
  if ('error' in read) return read;
  if (read.view.type !== 'home') return apiError('invalid_arguments');
  const person = desk.cast.people.find((item) => item.id === textField(fields, 'user_id'));
  return person === undefined ? apiError('user_not_found') : answer(desk, desk.views.publish(person.id, read.view));
}

function answer(desk: Desk, view: StoredView | { readonly error: string }): Reply {
  return 'error' in view ? apiError(view.error) : { ok: true, view: desk.views.toApi(view, {}) };
}
