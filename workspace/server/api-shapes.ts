/** The workspace's values in the shapes that Slack's Web API and its requests to the app carry. */
import { byTs } from './book.ts';
import type { Desk } from './desk.ts';
import type { Channel, FileInfo, Group, Message, Person } from './wire.ts';

type Fields = Record<string, unknown>;

/** A message as conversations.history and chat.postMessage return it; metadata only when it is asked for. */
export function messageShape(desk: Desk, message: Message, includeMetadata: boolean): Fields {
  const { app, team } = desk.cast;
  const isBot = message.user === app.user;
  return {
    type: 'message',
    user: message.user,
    ts: message.ts,
    text: message.text,
    team: team.id,
    ...(isBot && { bot_id: app.botId, app_id: app.id }),
    ...(message.blocks && { blocks: message.blocks }),
    ...(message.edited && { edited: message.edited }),
    ...(message.files && { files: message.files.map((file) => fileShape(desk, file)) }),
    ...(includeMetadata && message.metadata && { metadata: message.metadata }),
    ...threadShape(desk, message),
  };
}

function threadShape(desk: Desk, message: Message): Fields {
  if (message.thread !== undefined) {
    const parent = desk.book.find(message.channel, message.thread);
    return { thread_ts: message.thread, ...(parent && { parent_user_id: parent.user }) };
  }
  const replies = repliesTo(desk, message.channel, message.ts);
  if (replies.length === 0) return {};
  const users = [...new Set(replies.map((reply) => reply.user))];
  return {
    thread_ts: message.ts,
    reply_count: replies.length,
    reply_users: users,
    reply_users_count: users.length,
    latest_reply: replies.at(-1)?.ts,
  };
}

/** The shared replies in a thread, oldest first. */
export function repliesTo(desk: Desk, channel: string, ts: string): readonly Message[] {
  return desk.book
    .list(channel)
    .filter((message) => message.thread === ts && message.onlyFor === undefined)
    .sort(byTs);
}

/** A file as files.completeUploadExternal returns it. */
export function fileShape(desk: Desk, file: FileInfo): Fields {
  const url = `${desk.origin()}${file.path}`;
  return {
    id: file.id,
    name: file.name,
    title: file.title,
    mimetype: file.mimetype,
    filetype: file.name.split('.').at(-1) ?? '',
    size: file.size,
    mode: 'hosted',
    url_private: url,
    url_private_download: url,
    permalink: url,
  };
}

/** A channel, or direct messages, as conversations.info returns them. */
export function channelShape(desk: Desk, channel: Channel): Fields {
  const { id, kind, isArchived } = channel;
  if (kind === 'im') return { id, is_im: true, is_archived: false, user: channel.members[0], is_user_deleted: false };
  return {
    id,
    name: channel.name,
    is_channel: true,
    is_group: false,
    is_im: false,
    is_private: kind === 'private',
    is_archived: isArchived,
    is_member: channel.members.includes(desk.cast.app.user),
    num_members: channel.members.length,
    topic: { value: channel.topic, creator: '', last_set: 0 },
    purpose: { value: '', creator: '', last_set: 0 },
  };
}

/** A user group as usergroups.list returns it. */
export function groupShape(desk: Desk, group: Group, withUsers: boolean): Fields {
  return {
    id: group.id,
    team_id: desk.cast.team.id,
    is_usergroup: true,
    name: group.name,
    handle: group.name,
    description: '',
    date_delete: 0,
    user_count: group.users.length,
    ...(withUsers && { users: group.users }),
  };
}

/** A person as users.info returns it. */
export function personShape(desk: Desk, person: Person): Fields {
  const { id, name, realName, isBot } = person;
  return {
    id,
    team_id: desk.cast.team.id,
    name,
    real_name: realName,
    deleted: false,
    is_bot: isBot,
    is_restricted: person.isGuest === true,
    is_ultra_restricted: false,
    is_app_user: id === desk.cast.app.user,
    tz: 'Etc/UTC',
    tz_offset: 0,
    profile: { real_name: realName, display_name: name, email: `${name}@${desk.cast.team.domain}.invalid` },
  };
}
