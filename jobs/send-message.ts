/**
 * Brings one message to Slack: posts what was not posted, edits what has changed. What it should say was stored first,
 * so a crash or an outage delays it and loses nothing; after a lost answer the channel is searched for our key before
 * anything is posted again.
 */

import type { ChatResult } from '../src/chat/chat.ts';
import type { Message } from '../src/messages/message.ts';
import type { Ports } from '../src/ports.ts';
import {
  loadMessage,
  loseMessage,
  notePosting,
  type OutboundMessage,
  recordSent,
  recordUnsent,
} from '../src/store/messages.ts';
import { taskName } from '../src/tasks/task-name.ts';

/** Sends the newest content; does nothing when that is what is shown already. */
export async function sendMessage(ports: Ports, task: { readonly message: string }): Promise<void> {
  const message = await loadMessage(ports.store.query, task.message);
  if (message.sentRevision >= message.revision || message.state === 'failed') return;
  const now = ports.clock.now();
  if (message.notBefore !== null && message.notBefore > now) return again(ports, message, message.notBefore);
  if (message.threadOf !== null && message.threadTs === null) return again(ports, message, now + 500);
  const result = await deliver(ports, message, message.content);
  if (result.kind !== 'bad_blocks') return recordResult(ports, message, result);
  ports.log.error({ message: message.key, detail: result.detail }, 'blocks refused; sent as plain text');
  await recordResult(ports, message, await deliver(ports, message, textOnly(message.content)));
}

async function deliver(ports: Ports, message: OutboundMessage, content: Message): Promise<ChatResult> {
  const { key, channel, threadTs, ts } = message;
  if (ts !== null) return ports.chat.update(content, { channel: message.postedChannel ?? channel, ts });
  const thread = threadTs === null ? {} : { thread: threadTs };
  if (message.ambiguous) {
    const found = await ports.chat.find(key, channel, threadTs ?? undefined);
    if (found) return ports.chat.update(content, found);
  }
  await notePosting(ports.store.query, key, true);
  const result = await ports.chat.post(content, { channel, key, ...thread });
  if (result.kind !== 'ok' && result.kind !== 'ambiguous') await notePosting(ports.store.query, key, message.ambiguous);
  return result;
}

/** Slack refused the blocks: the text is a whole answer on its own. */
function textOnly(content: Message): Message {
  return { text: content.text, blocks: [] };
}

async function recordResult(ports: Ports, message: OutboundMessage, result: ChatResult): Promise<void> {
  const { query } = ports.store;
  const now = ports.clock.now();
  const { key } = message;
  if (result.kind === 'ok')
    return recordSent(query, {
      key,
      revision: message.revision,
      channel: result.posted.channel,
      ts: result.posted.ts,
      now,
    });
  const final = result.kind === 'refused' || result.kind === 'bad_blocks';
  const facts = { message: key, channel: message.channel, result: result.kind, detail: result.detail };
  if (final) ports.log.error(facts, 'message given up');
  else ports.log.warn(facts, 'message not sent');
  if (result.kind === 'gone') {
    await loseMessage(query, key);
    return again(ports, message, now + 1000);
  }
  const after = result.kind === 'later' ? result.after : Math.min(60_000, 1000 * 2 ** Math.min(message.attempts, 6));
  await recordUnsent(query, {
    key,
    notBefore: now + after,
    detail: result.detail,
    final,
    ambiguous: result.kind === 'ambiguous',
  });
  if (!final) await again(ports, message, now + after);
}

async function again(ports: Ports, message: OutboundMessage, notBefore: number): Promise<void> {
  const name = taskName(['send', message.key, message.revision, Math.round(notBefore)]);
  await ports.tasks.enqueue([{ name, task: { v: 1, kind: 'send-message', message: message.key }, notBefore }]);
}
