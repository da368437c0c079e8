/**
 * `@backcourt coverage ...`: slash commands do not exist in threads, so a mention takes the same words. An event has no
 * answer of its own, what is for the asker alone is whispered.
 */
import type { App } from '@slack/bolt';
import type { Asked } from '../src/core/asked.ts';
import { normaliseText } from '../src/core/request/normalise-text.ts';
import type { Message } from '../src/messages/message.ts';
import { faultMessage } from '../src/messages/plain-messages.ts';
import type { Ports } from '../src/ports.ts';
import { readCommand } from './read-command.ts';
import { ringFor, takeRequest } from './take-request.ts';

type Mention = {
  readonly text: string;
  readonly user: string;
  readonly channel: string;
  readonly thread: string | null;
  readonly eventId: string;
};

/** Registers the mention. */
export function registerAppMention(app: App, ports: Ports): void {
  app.event('app_mention', async ({ event, body }) => {
    // Another bot that quotes us would start a conversation without an end.
    if (event.user === undefined || 'bot_id' in event) return;
    const { text, user, channel } = event;
    await answerMention({ text, user, channel, thread: event.thread_ts ?? null, eventId: body.event_id }, ports);
  });
}

async function answerMention(mention: Mention, ports: Ports): Promise<void> {
  const { command, text } = readMention(mention.text);
  const { user, channel, thread } = mention;
  const asked: Asked = {
    command,
    text: normaliseText(text),
    user,
    userName: user,
    channel,
    thread,
    at: ports.clock.now(),
  };
  try {
    const understood = await readCommand(asked, text, ports);
    if (understood.kind === 'answer') return await whisper(understood.message, mention, ports);
    await ringFor(ports, await takeRequest(ports, `event:${mention.eventId}`, asked), asked);
  } catch (error) {
    const id = ports.ids.next();
    ports.log.error({ err: error, id, event: mention.eventId }, 'mention could not be taken');
    await whisper(faultMessage(id), mention, ports);
  }
}

/** The words after the mention; without a verb of ours it is a question for help. */
export function readMention(text: string): { readonly command: Asked['command']; readonly text: string } {
  const words = text.replace(/<@[^>]*>/, ' ').trim();
  const found = /^\/?(coverage|backfill)(?![\p{L}\p{N}_])\s*([\s\S]*)$/iu.exec(words);
  if (found === null) return { command: '/coverage', text: 'help' };
  return { command: found[1]?.toLowerCase() === 'backfill' ? '/backfill' : '/coverage', text: found[2] ?? '' };
}

async function whisper(message: Message, mention: Mention, ports: Ports): Promise<void> {
  const { channel, user, thread } = mention;
  const result = await ports.chat.whisper(message, { channel, user, ...(thread === null ? {} : { thread }) });
  if (result.kind !== 'ok') ports.log.warn({ result, event: mention.eventId }, 'answer to a mention was not shown');
}
