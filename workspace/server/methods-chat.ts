/** chat.*: what the app posts, edits, deletes, and shows to one person. */
import { messageShape } from './api-shapes.ts';
import { type Desk, findShared, whisper } from './desk.ts';
import { textField } from './http.ts';
import { apiError, isApiError, readContent, readMetadata } from './message-content.ts';
import { mayEnter } from './places.ts';
import type { Method, Reply } from './web-api.ts';
import type { Message } from './wire.ts';

type Fields = Record<string, unknown>;

export const chatMethods: Readonly<Record<string, Method>> = {
  'chat.postMessage': postMessage,
  'chat.update': updateMessage,
  'chat.delete': deleteMessage,
  'chat.postEphemeral': postEphemeral,
  'chat.getPermalink': getPermalink,
};

function postMessage(fields: Fields, desk: Desk): Reply {
  const channel = desk.places.findForApp(textField(fields, 'channel'));
  if (channel === undefined) return apiError('channel_not_found');
  if (channel.isArchived) return apiError('is_archived');
  const content = readContent(desk, fields, 'post');
  if (isApiError(content)) return content;
  const metadata = readMetadata(fields);
  if (isApiError(metadata)) return metadata;
  const thread = findThread(desk, channel.id, fields);
  if (isApiError(thread)) return thread;
  const message = desk.book.put({
    ts: desk.book.stamp(),
    channel: channel.id,
    user: desk.cast.app.user,
    ...content,
    ...thread,
    ...(metadata && { metadata }),
  });
  return { ok: true, channel: channel.id, ts: message.ts, message: messageShape(desk, message, true) };
}

/** `{thread}` of the message's root; a reply's own ts means its thread. */
function findThread(desk: Desk, channel: string, fields: Fields) {
  const ts = textField(fields, 'thread_ts');
  if (ts === undefined) return {};
  const parent = findShared(desk, channel, ts);
  return parent === undefined ? apiError('thread_not_found') : { thread: parent.thread ?? parent.ts };
}

/** The app's own message that a call names, or the error. */
function findOwn(desk: Desk, fields: Fields, denied: string): Message | ReturnType<typeof apiError> {
  const channel = desk.places.findForApp(textField(fields, 'channel'));
  if (channel === undefined) return apiError('channel_not_found');
  if (channel.isArchived) return apiError('is_archived');
  const message = findShared(desk, channel.id, textField(fields, 'ts') ?? '');
  if (message === undefined) return apiError('message_not_found');
  return message.user === desk.cast.app.user ? message : apiError(denied);
}

/** Text without blocks deletes the blocks, as on the real one; absent metadata stays. */
function updateMessage(fields: Fields, desk: Desk): Reply {
  const found = findOwn(desk, fields, 'cant_update_message');
  if (isApiError(found)) return found;
  const content = readContent(desk, fields, 'update');
  if (isApiError(content)) return content;
  const metadata = readMetadata(fields);
  if (isApiError(metadata)) return metadata;
  const { blocks: _dropped, ...kept } = found;
  const edited = { user: desk.cast.app.user, ts: desk.book.stamp() };
  const message = desk.book.put({ ...kept, ...content, ...(metadata && { metadata }), edited });
  const shape = messageShape(desk, message, true);
  return { ok: true, channel: message.channel, ts: message.ts, text: message.text, message: shape };
}

function deleteMessage(fields: Fields, desk: Desk): Reply {
  const found = findOwn(desk, fields, 'cant_delete_message');
  if (isApiError(found)) return found;
  desk.book.remove(found.channel, found.ts);
  return { ok: true, channel: found.channel, ts: found.ts };
}

function postEphemeral(fields: Fields, desk: Desk): Reply {
  const channel = desk.places.findForApp(textField(fields, 'channel'));
  if (channel === undefined) return apiError('channel_not_found');
  if (channel.isArchived) return apiError('is_archived');
  const user = desk.cast.people.find((person) => person.id === textField(fields, 'user'));
  if (user === undefined || user.isBot || !mayEnter(channel, user)) return apiError('user_not_in_channel');
  const content = readContent(desk, fields, 'post');
  if (isApiError(content)) return content;
  const thread = findThread(desk, channel.id, fields);
  if (isApiError(thread)) return thread;
  const message = whisper(desk, { channel: channel.id, user: user.id, ...thread }, content);
  return { ok: true, message_ts: message.ts };
}

function getPermalink(fields: Fields, desk: Desk): Reply {
  const channel = desk.places.findForApp(textField(fields, 'channel'));
  if (channel === undefined) return apiError('channel_not_found');
  const message = findShared(desk, channel.id, textField(fields, 'message_ts') ?? '');
  if (message === undefined) return apiError('message_not_found');
  return { ok: true, channel: channel.id, permalink: `${desk.origin()}/#${channel.id}/${message.ts}` };
}
