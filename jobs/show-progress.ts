/**
 * Puts what a backfill's messages should say into the outbox. Always from the store, never from the event that woke us
 * (B5); named by time bucket, so that many cells that end together make one edit.
 */
import type { Asked } from '../src/core/asked.ts';
import { answerName } from '../src/core/backfill/approval.ts';
import type { BackfillView } from '../src/core/backfill/backfill.ts';
import { moveOf, type SteerVerb } from '../src/core/backfill/steering.ts';
import { decideVerbs } from '../src/core/request/request-kinds.ts';
import { findView } from '../src/engine/view.ts';
import { answeredNote, changedNote } from '../src/messages/approval-message.ts';
import { failureMessage } from '../src/messages/failure-message.ts';
import type { Message } from '../src/messages/message.ts';
import { outageMessage } from '../src/messages/outage-message.ts';
import { progressMessage, type SteerOffers } from '../src/messages/progress-message.ts';
import { steerNote } from '../src/messages/steer-note.ts';
import type { Ports } from '../src/ports.ts';
import { lockBackfill } from '../src/store/backfills.ts';
import { keepFailures } from '../src/store/failure-dates.ts';
import { putMessage } from '../src/store/messages.ts';
import { receiveRequest } from '../src/store/requests.ts';
import { listSteering } from '../src/store/steering.ts';
import type { Query } from '../src/store/store.ts';
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
export async function putProgress(ports: Ports, backfill: string): Promise<void> {
  const bells = await ports.store.transaction(async (query) => {
    // Otherwise one who read before the end could put after it, and the message would say "running" for ever.
    await lockBackfill(query, backfill);
    const view = await findView(query, backfill);
    return view ? putView(ports, query, view) : [];
  });
  await ring(ports, bells);
}

/** Puts what a view says, in the transaction that read it under the lock of its backfill. Returns what is to be rung for. */
export async function putView(ports: Ports, query: Query, view: BackfillView): Promise<Bell[]> {
  const { channel, id: backfill } = view.backfill;
  if (channel === null) return [];
  const root = rootKey(backfill);
  const steps = await listSteering(query, backfill);
  const offers = await offerSteering(ports, query, view);
  const bells = [
    await put(ports, query, { key: root, channel, threadOf: null, content: progressMessage(view, offers) }),
  ];
  for (const [n, step] of steps.entries()) {
    const content = steerNote(step, backfill);
    bells.push(await put(ports, query, { key: `backfill:${backfill}:steered:${n}`, channel, threadOf: root, content }));
  }
  for (const outage of view.outages ?? []) {
    const key = `backfill:${backfill}:held:${outage.service}:${outage.openedAt}`;
    bells.push(await put(ports, query, { key, channel, threadOf: root, content: outageMessage(outage, backfill) }));
  }
  for (const [name, content] of approvalNotes(view))
    bells.push(await put(ports, query, { key: `backfill:${backfill}:${name}`, channel, threadOf: root, content }));
  const failures = await keepFailures(query, backfill, view.failures, ports.clock.now());
  for (const [n, group] of failures.entries()) {
    const content = failureMessage(group, view, { mention: n === 0 });
    bells.push(
      await put(ports, query, { key: `backfill:${backfill}:cause:${group.key}`, channel, threadOf: root, content }),
    );
  }
  return bells.filter((bell) => bell !== undefined);
}

/** What is told of a second person's answers, by a name of its own each. */
function approvalNotes({ backfill, approval }: BackfillView): [name: string, content: Message][] {
  if (approval === undefined) return [];
  const { changes, decision } = approval;
  return [
    ...changes.map(({ by }, n): [string, Message] => [`changed:${n}`, changedNote(approval, by)]),
    ...(decision === null ? [] : [['answered', answeredNote(backfill, decision)] as [string, Message]]),
  ];
}

/** Stores what the buttons of a backfill would ask. An offer is taken once, so every steering makes new ones. */
export async function offerSteering(ports: Ports, query: Query, view: BackfillView): Promise<SteerOffers> {
  const { id, state } = view.backfill;
  const offers: { -readonly [verb in keyof SteerOffers]: string } = {};
  if (state === 'waiting_approval' && view.approval) {
    const { revision } = view.approval;
    for (const verb of decideVerbs)
      offers[verb] = await offerOf(ports, query, view, answerName(verb, revision), `${verb} ${id}`);
    return offers;
  }
  const steps = (await listSteering(query, id)).length;
  for (const verb of buttonsOf(view))
    offers[verb] = await offerOf(ports, query, view, `${verb}-${steps}`, `${verb} ${id}`);
  return offers;
}

/** Stores what one button in the thread of a backfill would ask; `name` is its own within the backfill. */
export async function offerOf(
  ports: Ports,
  query: Query,
  { backfill }: BackfillView,
  name: string,
  text: string,
): Promise<string> {
  const { id, channel, requestedBy } = backfill;
  const offer = `${id}-${name}`;
  const asked = { command: '/backfill' as const, user: requestedBy, userName: requestedBy, channel: channel ?? '' };
  const payload: Asked = { ...asked, text, thread: null, at: ports.clock.now() };
  await receiveRequest(query, { id: offer, key: offer, kind: 'offer', payload, now: payload.at });
  return offer;
}

/** What may be pressed. A retry only where something may end otherwise, which is judged when it is asked for. */
function buttonsOf({ backfill, cells }: BackfillView): SteerVerb[] {
  const verbs = (['resume', 'pause', 'cancel'] as const).filter((verb) => moveOf(verb, backfill) === 'move');
  const open = cells.some(({ state }) => state === 'failed' || state === 'blocked' || state === 'canceled');
  return open && moveOf('retry', backfill) === 'move' ? [...verbs, 'retry'] : verbs;
}

type Outgoing = {
  readonly key: string;
  readonly channel: string;
  readonly threadOf: string | null;
  readonly thread?: string | null;
  readonly content: Message;
};

/** A message that says something new. */
export type Bell = { readonly key: string; readonly revision: number };

/** Stores what a message should say, and rings for it if that is new. */
export async function sendMessage(ports: Ports, message: Outgoing): Promise<void> {
  const bell = await put(ports, ports.store.query, message);
  if (bell) await ring(ports, [bell]);
}

/** Stores what a message should say, in the caller's transaction; undefined when it says so already. */
export async function put(ports: Ports, query: Query, message: Outgoing): Promise<Bell | undefined> {
  const { changed, revision } = await putMessage(query, { ...message, now: ports.clock.now() });
  return changed ? { key: message.key, revision } : undefined;
}

/** Has messages sent, after the commit that stored them. */
export async function ring(ports: Ports, bells: readonly Bell[]): Promise<void> {
  if (bells.length === 0) return;
  await ports.tasks.enqueue(
    bells.map(({ key, revision }) => ({
      name: taskName(['send', key, revision]),
      task: { v: 1, kind: 'send-message', message: key },
    })),
  );
}
