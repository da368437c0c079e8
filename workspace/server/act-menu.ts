/** What a person does from the menu of a message: one of the app's shortcuts, or deleting it as an admin would. */
import { STARTING, type Typed } from './act-messages.ts';
import { messageShape } from './api-shapes.ts';
import { interactionBase, messageContext } from './app-payloads.ts';
import { type Desk, findShared } from './desk.ts';
import type { ActAnswer } from './wire.ts';

/** Sends a message shortcut with the message that it was used on. */
export async function sendShortcut(desk: Desk, by: Typed, ts: string, callbackId: string): Promise<ActAnswer> {
  const message = findShared(desk, by.channel.id, ts);
  if (message === undefined) return { ok: false, error: 'The message is gone.' };
  if (!desk.shortcuts.some((hint) => hint.callbackId === callbackId)) return { ok: false, error: 'No such shortcut.' };
  const { channel, response_url: responseUrl } = messageContext(desk, by.person, by.channel, message);
  const payload = {
    type: 'message_action',
    ...interactionBase(desk, by.person),
    callback_id: callbackId,
    action_ts: desk.book.stamp(),
    message_ts: ts,
    message: messageShape(desk, message, true),
    channel,
    response_url: responseUrl,
  };
  const answer = await desk.app.sendForm('interactivity', { payload: JSON.stringify(payload) });
  if (answer.ok) return { ok: true };
  return { ok: false, error: answer.error === 'app_not_started' ? STARTING : `This did not work: ${answer.error}` };
}

/** Deletes any message, the app's too: its replies stay, as in Slack. */
export function deleteAsAdmin(desk: Desk, by: Typed, ts: string): ActAnswer {
  const message = findShared(desk, by.channel.id, ts);
  if (message === undefined) return { ok: false, error: 'The message is gone.' };
  desk.book.remove(by.channel.id, ts);
  return { ok: true };
}
