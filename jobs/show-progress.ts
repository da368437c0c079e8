/**
 * Puts what a backfill's messages should say into the outbox. Always from the store, never from the event that woke us
 * (B5); named by time bucket, so that many cells that end together make one edit.
 */
import type { BackfillView } from '../src/core/backfill.ts';
import { failureMessage } from '../src/messages/failure-message.ts';
import type { Message } from '../src/messages/message.ts';
import { progressMessage } from '../src/messages/progress-message.ts';
import type { Ports } from '../src/ports.ts';
import { putMessage } from '../src/store/messages.ts';
import { taskName } from '../src/tasks/task-name.ts';

/** One edit per backfill in this time: Slack allows 50 edits a minute for a whole workspace. */
const bucketMs = 3000;

/** Asks for a refresh at the end of the running bucket. */
export async function showProgress(ports: Ports, backfill: string): Promise<void> {
  const bucket = Math.floor(ports.clock.now() / bucketMs) + 1;
  const task = { v: 1, kind: 'refresh-progress', backfill } as const;
  await ports.tasks.enqueue([{ name: taskName(['progress', backfill, bucket]), task, notBefore: bucket * bucketMs }]);
}

/** The key of a backfill's root message; every other message of it hangs in its thread. */
export function rootKey(backfill: string): string {
  return `backfill:${backfill}:root`;
}

/** Puts the root message and one reply per cause. Does nothing for a backfill without a channel. */
export async function putProgress(ports: Ports, view: BackfillView): Promise<void> {
  const { channel, id } = view.backfill;
  if (channel === null) return;
  const root = rootKey(id);
  await sendMessage(ports, { key: root, channel, threadOf: null, content: progressMessage(view) });
  for (const [n, group] of view.failures.entries()) {
    const content = failureMessage(group, view, { mention: n === 0 });
    await sendMessage(ports, { key: `backfill:${id}:cause:${group.key}`, channel, threadOf: root, content });
  }
}

type Outgoing = {
  readonly key: string;
  readonly channel: string;
  readonly threadOf: string | null;
  readonly thread?: string | null;
  readonly content: Message;
};

/** Stores what a message should say, and rings for it if that is new. */
export async function sendMessage(ports: Ports, message: Outgoing): Promise<void> {
  const put = await putMessage(ports.store.query, { ...message, now: ports.clock.now() });
  if (!put.changed) return;
  await ports.tasks.enqueue([
    { name: taskName(['send', message.key, put.revision]), task: { v: 1, kind: 'send-message', message: message.key } },
  ]);
}
