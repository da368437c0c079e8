/**
 * Slack behind the chat port. Its client must neither retry nor queue: a retry after a lost answer posts twice, and one
 * 429 would hold every other channel. So every answer is given back as what it means for a message of ours, and the
 * outbox decides.
 */

import type { ChatPostMessageResponse, MessageMetadata, WebClientOptions } from '@slack/web-api';
import { LogLevel, WebClient } from '@slack/web-api';
import type { Message } from '../messages/message.ts';
import type { Chat, ChatResult, Posted } from './chat.ts';
import { checkSlack } from './check-slack.ts';
import { readGroup, rememberGroups } from './group-members.ts';
import { readFailure, toFault } from './slack-errors.ts';
import { uploadToSlack } from './upload-picture.ts';

const eventType = 'backcourt_message';
const pageSize = 100;
const pagesSearched = 5;

/**
 * A client for messages of ours: no retries, 8 s for an answer, rate limits are answers. It logs nothing: every failure
 * comes back as a value, and Slack's own words may repeat a message.
 */
export function slackClient(settings: {
  readonly token: string;
  readonly slackApiUrl?: string;
  /** Milliseconds. */
  readonly timeout?: number;
}): WebClient {
  return new WebClient(settings.token, {
    ...(settings.slackApiUrl === undefined ? {} : { slackApiUrl: settings.slackApiUrl }),
    retryConfig: { retries: 0 },
    timeout: settings.timeout ?? 8_000,
    rejectRateLimitedCalls: true,
    logger: silentLogger,
  });
}

const silence = () => {};
const silentLogger: NonNullable<WebClientOptions['logger']> = {
  debug: silence,
  info: silence,
  warn: silence,
  error: silence,
  setLevel: silence,
  setName: silence,
  getLevel: () => LogLevel.ERROR,
};

/** The chat port on Slack's Web API. `now`: epoch milliseconds, for what is remembered a while. */
export function slackChat(client: WebClient, now: () => number = Date.now): Chat {
  return {
    post: (message, to) =>
      attempt('post', async () => {
        const sent = await client.chat.postMessage({
          channel: to.channel,
          ...(to.thread === undefined ? {} : { thread_ts: to.thread }),
          ...content(message),
          metadata: { event_type: eventType, event_payload: { key: to.key } },
          unfurl_links: false,
          unfurl_media: false,
        });
        return whereSent(sent, to.channel);
      }),
    update: (message, at) =>
      attempt('update', async () => {
        const sent = await client.chat.update({ channel: at.channel, ts: at.ts, ...content(message) });
        return { kind: 'ok', posted: { channel: sent.channel ?? at.channel, ts: sent.ts ?? at.ts } };
      }),
    find: (key, channel, thread) => findMessage(client, { key, channel, thread }),
    whisper: (message, to) =>
      attempt('whisper', async () => {
        const sent = await client.chat.postEphemeral({
          channel: to.channel,
          user: to.user,
          ...(to.thread === undefined ? {} : { thread_ts: to.thread }),
          ...content(message),
        });
        return { kind: 'ok', posted: { channel: to.channel, ts: sent.message_ts ?? '' } };
      }),
    link: (at) => findLink(client, at),
    upload: (picture) => uploadToSlack(client, picture),
    members: rememberGroups((group) => readGroup(client, group), now),
    check: (channels) => checkSlack(client, channels),
  };
}

/** Slack reads `parse` and `link_names` as leave to turn names into mentions: never. No blocks at all clears old ones. */
function content(message: Message) {
  return { text: message.text, blocks: [...message.blocks], link_names: false, parse: 'none' as const };
}

/** An accepted message without a time stamp cannot be edited later: it has to be looked for. */
function whereSent(sent: ChatPostMessageResponse, channel: string): ChatResult {
  if (sent.ts === undefined) return { kind: 'ambiguous', detail: 'Slack accepted the message and gave no ts' };
  return { kind: 'ok', posted: { channel: sent.channel ?? channel, ts: sent.ts } };
}

async function attempt(what: 'post' | 'update' | 'whisper', call: () => Promise<ChatResult>): Promise<ChatResult> {
  try {
    return await call();
  } catch (error) {
    return readFailure(error, what);
  }
}

/** An answer without its link is better than none, so whatever goes wrong is no link. */
async function findLink(client: WebClient, at: Posted): Promise<string | undefined> {
  try {
    const { permalink } = await client.chat.getPermalink({ channel: at.channel, message_ts: at.ts });
    return permalink;
  } catch {
    return undefined;
  }
}

type Sought = { readonly key: string; readonly channel: string; readonly thread: string | undefined };

async function findMessage(client: WebClient, sought: Sought): Promise<Posted | undefined> {
  let cursor: string | undefined;
  for (let page = 0; page < pagesSearched; page += 1) {
    const read = await readPage(client, sought, cursor);
    const found = read.messages.find((message) => isOurs(message.metadata, sought.key));
    if (found?.ts !== undefined) return { channel: sought.channel, ts: found.ts };
    cursor = read.next;
    if (cursor === undefined) return undefined;
  }
  return undefined;
}

type Page = {
  readonly messages: readonly { readonly ts?: string; readonly metadata?: unknown }[];
  readonly next: string | undefined;
};

async function readPage(client: WebClient, sought: Sought, cursor: string | undefined): Promise<Page> {
  const common = {
    channel: sought.channel,
    limit: pageSize,
    include_all_metadata: true,
    ...(cursor ? { cursor } : {}),
  };
  try {
    const read =
      sought.thread === undefined
        ? await client.conversations.history(common)
        : await client.conversations.replies({ ...common, ts: sought.thread });
    return { messages: read.messages ?? [], next: read.response_metadata?.next_cursor || undefined };
  } catch (error) {
    if (readFailure(error, 'update').kind === 'gone') return { messages: [], next: undefined };
    throw toFault(error, 'Slack did not show recent messages');
  }
}

function isOurs(metadata: unknown, key: string): boolean {
  const given = metadata as Partial<MessageMetadata> | undefined;
  return given?.event_type === eventType && given.event_payload?.key === key;
}
