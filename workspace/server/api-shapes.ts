/** The workspace's values in the shapes that Slack's Web API and its requests to the app carry. */
import { byTs } from './book.ts';
import type { Desk } from './desk.ts';
import type { Channel, FileInfo, Message, Person } from './wire.ts';

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

/** A channel as conversations.info returns it; the bot is a member of every one. */
export function channelShape(channel: Channel): Fields {
  return {
    id: channel.id,
    name: channel.name,
    is_channel: true,
    is_private: false,
    is_archived: false,
    is_member: true,
    topic: { value: channel.topic, creator: '', last_set: 0 },
    purpose: { value: '', creator: '', last_set: 0 },
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
    is_app_user: id === desk.cast.app.user,
    tz: 'Etc/UTC',
    tz_offset: 0,
    profile: { real_name: realName, display_name: name, email: `${name}@${desk.cast.team.domain}.invalid` },
  };
}
