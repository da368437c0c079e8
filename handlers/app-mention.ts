/**
 * `@backcourt coverage ...`: slash commands do not exist in threads, so a mention takes the same words. An event has no
 * answer of its own, what is for the asker alone is whispered.
 */
import type { App } from '@slack/bolt';
import type { Asked } from '../src/core/asked.ts';
import { normaliseText } from '../src/core/request/normalise-text.ts';
import { verbs } from '../src/core/request/open-command.ts';
import { decideVerbs, steerVerbs } from '../src/core/request/request-kinds.ts';
import type { Message } from '../src/messages/message.ts';
import { faultMessage } from '../src/messages/plain-messages.ts';
import type { Ports } from '../src/ports.ts';
import { findBackfillAt } from '../src/store/messages.ts';
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
    // Another bot that quotes us would start a conversation without an end, and an edit is delivered as a mention too.
    if (event.user === undefined || 'bot_id' in event || 'edited' in event) return;
    const { text, user, channel } = event;
    await answerMention({ text, user, channel, thread: event.thread_ts ?? null, eventId: body.event_id }, ports);
  });
}

async function answerMention(mention: Mention, ports: Ports): Promise<void> {
  const { user, channel, thread } = mention;
  try {
    const { command, text } = await nameBackfill(readMention(mention.text), mention, ports);
    const asked: Asked = {
      command,
      text: normaliseText(text),
      user,
      userName: user,
      channel,
      thread,
      at: ports.clock.now(),
    };
    const understood = await readCommand(asked, text, ports);
    if (understood.kind === 'answer') return await whisper(understood.message, mention, ports);
    await ringFor(ports, await takeRequest(ports, `event:${mention.eventId}`, asked), asked);
  } catch (error) {
    const id = ports.ids.next();
    ports.log.error({ err: error, id, event: mention.eventId }, 'mention could not be taken');
    await whisper(faultMessage(id), mention, ports);
  }
}

type Words = { readonly command: Asked['command']; readonly text: string };

/**
 * The words after the mention. The command may be left out where the first word is a verb of it; without any word of ours
 * it is a question for help.
 */
export function readMention(text: string): Words {
  const words = text.replace(/<@[^>]*>/, ' ').trim();
  const found = /^\/?(coverage|backfill)(?![\p{L}\p{N}_])\s*([\s\S]*)$/iu.exec(words);
  if (found !== null) {
    const command = found[1]?.toLowerCase() === 'backfill' ? '/backfill' : '/coverage';
    return { command, text: found[2]?.trim() || 'help' };
  }
  const verb = /^[a-z]+(?![\p{L}\p{N}_])/iu.exec(words)?.[0].toLowerCase() ?? '';
  const command = (['/coverage', '/backfill'] as const).find((each) => verbs[each].includes(verb));
  return command === undefined ? { command: '/coverage', text: 'help' } : { command, text: words };
}

/** In the thread of a backfill its id may be left away: `@backcourt pause`. */
async function nameBackfill(words: Words, { channel, thread }: Mention, ports: Ports): Promise<Words> {
  const [, verb, rest] = /^([a-z]+)(?:\s+(--[\s\S]*))?$/i.exec(normaliseText(words.text)) ?? [];
  if (thread === null || words.command !== '/backfill' || !verb || !takesId.has(verb.toLowerCase())) return words;
  const id = await findBackfillAt(ports.store.query, { channel, ts: thread });
  return id === undefined ? words : { ...words, text: [verb, id, rest].filter(Boolean).join(' ') };
}

const takesId: ReadonlySet<string> = new Set([...steerVerbs, ...decideVerbs, 'status', 'handover', 'follow']);

async function whisper(message: Message, mention: Mention, ports: Ports): Promise<void> {
  const { channel, user, thread } = mention;
  const result = await ports.chat.whisper(message, { channel, user, ...(thread === null ? {} : { thread }) });
  if (result.kind !== 'ok') ports.log.warn({ result, event: mention.eventId }, 'answer to a mention was not shown');
}
