/** auth.*, users.*, usergroups.*, and what was said in a conversation: what the app may read. */
import { groupShape, messageShape, personShape, repliesTo } from './api-shapes.ts';
import { type Desk, findShared } from './desk.ts';
import { flagField, textField } from './http.ts';
import { type ApiError, apiError } from './message-content.ts';
import type { Method, Reply } from './web-api.ts';
import type { Channel, Message } from './wire.ts';

type Fields = Record<string, unknown>;

export const readMethods: Readonly<Record<string, Method>> = {
  'api.test': () => ({ ok: true }),
  'apps.connections.open': (_fields, desk) => ({
    ok: true,
    url: `${desk.origin().replace('http', 'ws')}${desk.socket.issue()}`,
  }),
  'auth.test': testAuth,
  'conversations.history': readHistory,
  'conversations.replies': readReplies,
  'users.info': readUser,
  'users.list': (_fields, desk) => ({
    ok: true,
    members: desk.cast.people.map((person) => personShape(desk, person)),
    response_metadata: { next_cursor: '' },
  }),
  'usergroups.list': (fields, desk) => ({
    ok: true,
    usergroups: desk.cast.groups.map((group) => groupShape(desk, group, flagField(fields, 'include_users'))),
  }),
  'usergroups.users.list': readGroupMembers,
};

function testAuth(_fields: Fields, desk: Desk): Reply {
  const { team, app, people } = desk.cast;
  return {
    ok: true,
    url: `${desk.origin()}/`,
    team: team.name,
    team_id: team.id,
    user: people.find((person) => person.id === app.user)?.name,
    user_id: app.user,
    bot_id: app.botId,
    app_id: app.id,
    is_enterprise_install: false,
  };
}

function readUser(fields: Fields, desk: Desk): Reply {
  const person = desk.cast.people.find((item) => item.id === textField(fields, 'user'));
  return person === undefined ? apiError('user_not_found') : { ok: true, user: personShape(desk, person) };
}

function readGroupMembers(fields: Fields, desk: Desk): Reply {
  const group = desk.cast.groups.find((item) => item.id === textField(fields, 'usergroup'));
  return group === undefined ? apiError('no_such_subteam') : { ok: true, users: group.users };
}

/** The app reads only where it is a member. */
function findReadable(fields: Fields, desk: Desk): Channel | ApiError {
  const channel = desk.places.findForApp(textField(fields, 'channel'));
  if (channel === undefined) return apiError('channel_not_found');
  return channel.members.includes(desk.cast.app.user) ? channel : apiError('not_in_channel');
}

/** Newest first, without replies, as the real one answers. */
function readHistory(fields: Fields, desk: Desk): Reply {
  const channel = findReadable(fields, desk);
  if ('error' in channel) return channel;
  const shared = desk.book.list(channel.id).filter((item) => item.onlyFor === undefined && item.thread === undefined);
  return page(shared.reverse(), fields, desk);
}

/** The root first, then its replies, oldest first. */
function readReplies(fields: Fields, desk: Desk): Reply {
  const channel = findReadable(fields, desk);
  if ('error' in channel) return channel;
  const root = findShared(desk, channel.id, textField(fields, 'ts') ?? '');
  if (root === undefined) return apiError('thread_not_found');
  return page([root, ...repliesTo(desk, channel.id, root.ts)], fields, desk);
}

function page(messages: readonly Message[], fields: Fields, desk: Desk): Reply {
  const limit = Math.min(Number(textField(fields, 'limit') ?? 100), 999);
  if (!Number.isInteger(limit) || limit < 1) return apiError('invalid_limit');
  const start = readCursor(textField(fields, 'cursor'));
  if (start === undefined) return apiError('invalid_cursor');
  const within = messages.filter((message) => isBetween(message.ts, fields));
  const shown = within.slice(start, start + limit);
  const more = within.length > start + limit;
  return {
    ok: true,
    messages: shown.map((message) => messageShape(desk, message, flagField(fields, 'include_all_metadata'))),
    has_more: more,
    ...(more && { response_metadata: { next_cursor: writeCursor(start + limit) } }),
  };
}

function isBetween(ts: string, fields: Fields): boolean {
  const inclusive = flagField(fields, 'inclusive');
  const oldest = Number(textField(fields, 'oldest') ?? 0);
  const latest = Number(textField(fields, 'latest') ?? Number.POSITIVE_INFINITY);
  const at = Number(ts);
  return inclusive ? at >= oldest && at <= latest : at > oldest && at < latest;
}

const writeCursor = (start: number): string => Buffer.from(`start:${start}`).toString('base64');

function readCursor(cursor: string | undefined): number | undefined {
  if (cursor === undefined) return 0;
  const found = /^start:(\d+)$/.exec(Buffer.from(cursor, 'base64').toString('utf8'));
  return found?.[1] === undefined ? undefined : Number(found[1]);
}
