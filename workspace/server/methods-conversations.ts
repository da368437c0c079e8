/** conversations.* but for what was said: which channels there are, who is in them, and what the app does to them. */
import { channelShape } from './api-shapes.ts';
import type { Desk } from './desk.ts';
import { flagField, textField } from './http.ts';
import { apiError } from './message-content.ts';
import { directId } from './places.ts';
import type { Method, Reply } from './web-api.ts';
import type { Channel } from './wire.ts';

type Fields = Record<string, unknown>;
type Act = (desk: Desk, channel: Channel, fields: Fields) => Reply;

export const conversationMethods: Readonly<Record<string, Method>> = {
  'conversations.list': listChannels,
  'conversations.info': inChannel((desk, channel) => show(desk, channel)),
  'conversations.members': inChannel((_desk, channel) => ({
    ok: true,
    members: channel.members,
    response_metadata: { next_cursor: '' },
  })),
  'conversations.open': openDirect,
  'conversations.join': inChannel(join),
  'conversations.leave': inChannel(leave),
  'conversations.invite': inChannel(invite),
  'conversations.archive': inChannel((desk, channel) => archive(desk, channel, true)),
  'conversations.unarchive': inChannel((desk, channel) => archive(desk, channel, false)),
};

/** By id only, as these methods ask for; a private channel that the app is not in does not exist for it. */
function inChannel(act: Act): Method {
  return (fields, desk) => {
    const id = textField(fields, 'channel');
    const channel = desk.places.findForApp(id);
    return channel === undefined || channel.id !== id ? apiError('channel_not_found') : act(desk, channel, fields);
  };
}

function show(desk: Desk, channel: Channel): Reply {
  return { ok: true, channel: channelShape(desk, channel) };
}

/** `types` are public channels when nothing is said, as in Slack. */
function listChannels(fields: Fields, desk: Desk): Reply {
  const types = (textField(fields, 'types') ?? 'public_channel').split(',').map((type) => type.trim());
  if (types.some((type) => !KINDS.has(type))) return apiError('invalid_types');
  const kinds = types.map((type) => KINDS.get(type));
  const found = desk.places
    .list()
    .filter((channel) => kinds.includes(channel.kind) && desk.places.findForApp(channel.id) !== undefined)
    .filter((channel) => !(channel.isArchived && flagField(fields, 'exclude_archived')));
  const channels = found.map((channel) => channelShape(desk, channel));
  return { ok: true, channels, response_metadata: { next_cursor: '' } };
}

const KINDS = new Map<string, Channel['kind'] | undefined>([
  ['public_channel', 'public'],
  ['private_channel', 'private'],
  ['im', 'im'],
  ['mpim', undefined],
]);

/** Direct messages with one person exist from the start; those of several people do not exist here. */
function openDirect(fields: Fields, desk: Desk): Reply {
  const users = textField(fields, 'users')?.split(',') ?? [];
  const named = textField(fields, 'channel') ?? directId(users[0] ?? '');
  if (users.length > 1) return apiError('method_not_supported_for_channel_type');
  const person = desk.cast.people.find((item) => item.id === users[0]);
  if (users.length === 1 && (person === undefined || person.isBot)) {
    return apiError(person === undefined ? 'user_not_found' : 'cannot_dm_bot');
  }
  const channel = desk.places.find(named);
  if (channel?.kind !== 'im') return apiError(users.length === 0 ? 'users_list_not_supplied' : 'channel_not_found');
  if (flagField(fields, 'return_im')) return show(desk, channel);
  return { ok: true, channel: { id: channel.id } };
}

function join(desk: Desk, channel: Channel): Reply {
  if (channel.kind !== 'public') return apiError('method_not_supported_for_channel_type');
  if (channel.isArchived) return apiError('is_archived');
  const { user } = desk.cast.app;
  const isMember = channel.members.includes(user);
  const joined = isMember ? channel : desk.places.put({ ...channel, members: [...channel.members, user] });
  return { ...show(desk, joined), ...(isMember && { warning: 'already_in_channel' }) } as Reply;
}

function leave(desk: Desk, channel: Channel): Reply {
  if (channel.kind === 'im') return apiError('method_not_supported_for_channel_type');
  const { user } = desk.cast.app;
  if (!channel.members.includes(user)) return { ok: true, not_in_channel: true };
  desk.places.put({ ...channel, members: channel.members.filter((member) => member !== user) });
  return { ok: true };
}

function invite(desk: Desk, channel: Channel, fields: Fields): Reply {
  if (channel.kind === 'im') return apiError('method_not_supported_for_channel_type');
  if (channel.isArchived) return apiError('is_archived');
  if (!channel.members.includes(desk.cast.app.user)) return apiError('not_in_channel');
  const users = textField(fields, 'users')?.split(',') ?? [];
  if (users.length === 0) return apiError('no_user');
  if (users.includes(desk.cast.app.user)) return apiError('cant_invite_self');
  if (users.some((id) => !desk.cast.people.some((person) => person.id === id))) return apiError('user_not_found');
  if (users.every((id) => channel.members.includes(id))) return apiError('already_in_channel');
  return show(desk, desk.places.put({ ...channel, members: [...new Set([...channel.members, ...users])] }));
}

function archive(desk: Desk, channel: Channel, wanted: boolean): Reply {
  if (channel.kind === 'im') return apiError('method_not_supported_for_channel_type');
  if (!channel.members.includes(desk.cast.app.user)) return apiError('not_in_channel');
  if (channel.isArchived === wanted) return apiError(wanted ? 'already_archived' : 'not_archived');
  desk.places.put({ ...channel, isArchived: wanted });
  return { ok: true };
}
