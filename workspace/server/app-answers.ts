/** What the app says outside the Web API: in the answer to a command, or later to a response_url. Ephemeral by default. */
import { type Desk, whisper } from './desk.ts';
import { type Answer, textField } from './http.ts';
import { type ApiError, type Content, isApiError, readContent } from './message-content.ts';
import type { ResponseTarget } from './tickets.ts';
import type { Message } from './wire.ts';

type Fields = Record<string, unknown>;

/** Answers a POST to a response_url. Anything but 200 makes Bolt's `respond()` throw. */
export function answerResponseUrl(desk: Desk, path: string, fields: Fields): Answer {
  const target = desk.responses.use(path);
  if ('error' in target) return { status: 404, body: { ok: false, error: target.error } };
  const problem = showAnswer(desk, target, fields);
  return problem === undefined ? { status: 200, body: 'ok' } : { status: 400, body: problem };
}

/** Shows what the app answered; returns Slack's error when it cannot be shown. */
export function showAnswer(desk: Desk, target: ResponseTarget, fields: Fields): ApiError | undefined {
  const original = target.message === undefined ? undefined : desk.book.find(target.channel, target.message);
  if (fields.delete_original === true) {
    if (original !== undefined) desk.book.remove(original.channel, original.ts);
    return undefined;
  }
  const content = readContent(desk, fields, 'post');
  if (isApiError(content)) return content;
  if (fields.replace_original === true && original !== undefined) replace(desk, original, content);
  else post(desk, target, content, fields);
  return undefined;
}

function replace(desk: Desk, original: Message, content: Content): void {
  const { blocks: _dropped, ...kept } = original;
  desk.book.put({ ...kept, ...content, edited: { user: desk.cast.app.user, ts: desk.book.stamp() } });
}

/** A thread_ts that names no message is left out: the answer shows in the channel rather than nowhere. */
function post(desk: Desk, target: ResponseTarget, content: Content, fields: Fields): void {
  const named = desk.book.find(target.channel, textField(fields, 'thread_ts') ?? '');
  const thread = named?.thread ?? named?.ts;
  if (fields.response_type !== 'in_channel') {
    whisper(desk, { channel: target.channel, user: target.user, thread }, content);
    return;
  }
  const base = { ts: desk.book.stamp(), channel: target.channel, user: desk.cast.app.user, ...content };
  desk.book.put(thread === undefined ? base : { ...base, thread });
}
