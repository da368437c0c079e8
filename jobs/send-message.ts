/**
 * Brings one message to Slack: posts what was not posted, edits what has changed. What it should say was stored first,
 * so a crash or an outage delays it and loses nothing; after a lost answer the channel is searched for our key before
 * anything is posted again. One process at a time sends a message, so that two that are rung for do not both post it.
 */

import type { ChatResult, Posted } from '../src/chat/chat.ts';
import type { Message } from '../src/messages/message.ts';
import type { Ports } from '../src/ports.ts';
import {
  claimMessage,
  loseMessage,
  notePosting,
  type OutboundMessage,
  recordSent,
  recordUnsent,
  releaseMessage,
  renewTurn,
  type Sender,
} from '../src/store/messages.ts';
import { taskName } from '../src/tasks/task-name.ts';

/** Longer than a search of the channel and a post may take together; Slack has 8 s for each answer. */
const turnMs = 60_000;
/** Who was stopped for longer than this before a post or an edit asks again whether it is still the sender. */
const youngMs = 10_000;

/** `takenAt`: epoch milliseconds at which the turn was asked for last. */
type Turn = { readonly message: OutboundMessage; readonly token: string; takenAt: number };

/** Sends the newest content; does nothing when that is what is shown already, or another process sends it. */
export async function sendMessage(ports: Ports, task: { readonly message: string }): Promise<void> {
  const now = ports.clock.now();
  const token = `${ports.instance}:${ports.ids.next()}`;
  const message = await claimMessage(ports.store.query, { key: task.message, token, now, until: now + turnMs });
  if (!message) return;
  const turn = { message, token, takenAt: now };
  const later = startsAt(message, now);
  if (later !== null) return putOff(ports, turn, later);
  try {
    const result = await deliver(ports, turn, message.content);
    if (result?.kind !== 'bad_blocks') return await recordResult(ports, turn, result);
    ports.log.error({ key: message.key, detail: result.detail }, 'blocks refused; sent as plain text');
    await recordResult(ports, turn, await deliver(ports, turn, textOnly(message.content)));
  } catch (error) {
    await releaseMessage(ports.store.query, { key: message.key, token });
    throw error;
  }
}

/** When a message may be sent that may not be now. */
function startsAt({ notBefore, threadOf, threadTs }: OutboundMessage, now: number): number | null {
  if (notBefore !== null && notBefore > now) return notBefore;
  return threadOf !== null && threadTs === null ? now + 500 : null;
}

async function putOff(ports: Ports, { message, token }: Turn, until: number): Promise<void> {
  await releaseMessage(ports.store.query, { key: message.key, token });
  await again(ports, message, until);
}

/** Undefined: it is another one's turn by now. */
async function deliver(ports: Ports, turn: Turn, content: Message): Promise<ChatResult | undefined> {
  const { message } = turn;
  const { key, channel, threadTs, ts } = message;
  const edit = async (at: Posted) => ((await keepTurn(ports, turn)) ? ports.chat.update(content, at) : undefined);
  if (ts !== null) return edit({ channel: message.postedChannel ?? channel, ts });
  const thread = threadTs === null ? {} : { thread: threadTs };
  if (message.ambiguous) {
    const found = await ports.chat.find(key, channel, threadTs ?? undefined);
    if (found) return edit(found);
  }
  if (!(await notePosting(ports.store.query, senderNow(ports, turn), true)) || !(await keepTurn(ports, turn)))
    return undefined;
  const result = await ports.chat.post(content, { channel, key, ...thread });
  if (result.kind !== 'ok' && result.kind !== 'ambiguous')
    await notePosting(ports.store.query, senderNow(ports, turn), message.ambiguous);
  return result;
}

/** Makes sure that nobody else sends it: asked again for as long as the process was stopped since it asked last. */
async function keepTurn(ports: Ports, turn: Turn): Promise<boolean> {
  // Both ways, since a clock may be set back meanwhile.
  while (Math.abs(ports.clock.now() - turn.takenAt) > youngMs)
    if (!(await renewTurn(ports.store.query, senderNow(ports, turn)))) return false;
  return true;
}

function senderNow(ports: Ports, turn: Turn): Sender {
  const now = ports.clock.now();
  turn.takenAt = now;
  return { key: turn.message.key, token: turn.token, now, until: now + turnMs };
}

/** Slack refused the blocks: the text is a whole answer on its own. */
function textOnly(content: Message): Message {
  return { text: content.text, blocks: [] };
}

async function recordResult(ports: Ports, turn: Turn, result: ChatResult | undefined): Promise<void> {
  if (result === undefined) return;
  const { message, token } = turn;
  const { query } = ports.store;
  const now = ports.clock.now();
  const { key, revision } = message;
  if (result.kind === 'ok') {
    if (await recordSent(query, { key, token, revision, ...result.posted })) await again(ports, message, now);
    return;
  }
  const final = result.kind === 'refused' || result.kind === 'bad_blocks';
  const facts = { key, channel: message.channel, result: result.kind, detail: result.detail };
  if (final) ports.log.error(facts, 'message given up');
  else ports.log.warn(facts, 'message not sent');
  if (result.kind === 'gone') {
    await loseMessage(query, { key, token });
    return again(ports, message, now + 1000);
  }
  const after = result.kind === 'later' ? result.after : Math.min(60_000, 1000 * 2 ** Math.min(message.attempts, 6));
  const ambiguous = result.kind === 'ambiguous';
  await recordUnsent(query, { key, token, notBefore: now + after, detail: result.detail, final, ambiguous });
  if (!final) await again(ports, message, now + after);
}

async function again(ports: Ports, message: OutboundMessage, notBefore: number): Promise<void> {
  const name = taskName(['send', message.key, message.revision, Math.round(notBefore)]);
  await ports.tasks.enqueue([{ name, task: { v: 1, kind: 'send-message', message: message.key }, notBefore }]);
}
