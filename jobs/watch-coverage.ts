/**
 * The daily digest of a channel: looks at what is watched there, posts what changed, and notes in earlier digests what
 * has closed since. It is made once per day, whoever is rung for it and however often; no change is no message.
 */
import type { Asked } from '../src/core/asked.ts';
import type { CalendarDate } from '../src/core/dates.ts';
import { closeIn, type Digest, type DigestGroup, datesOf } from '../src/core/watch/digest.ts';
import { digestInstant, lastDigestDue } from '../src/core/watch/watch.ts';
import { type DraftDigest, draftDigest } from '../src/engine/watch.ts';
import { Fault } from '../src/fault.ts';
import { typeDates } from '../src/messages/phrases.ts';
import { digestMessage, passedOverMessage, unreadDigestMessage } from '../src/messages/watch-message.ts';
import type { Ports } from '../src/ports.ts';
import { isStored } from '../src/store/messages.ts';
import { receiveRequest } from '../src/store/requests.ts';
import type { Query } from '../src/store/store.ts';
import { insertDigest, keepStates, lockDigest, updateDigest } from '../src/store/watches.ts';
import { type Bell, put, ring, sendMessage } from './show-progress.ts';

type WatchTask = { readonly channel: string; readonly day: CalendarDate };

/** So long the warehouse may be away before the channel learns that nothing could be read. */
const patience = 3_600_000;
/** More than this cannot be asked by a button. */
const longestOffer = 3000;

/** Makes the digest of a day, unless it is made or a later one is due. */
export async function watchCoverage(ports: Ports, task: WatchTask): Promise<void> {
  const due = lastDigestDue(ports.catalogue, ports.clock.now());
  if (due.day !== task.day) return giveUp(ports, task, due.day);
  const draft = await draftOrSay(ports, task);
  if (draft === undefined) return;
  const bells = await ports.store.transaction((query) => keepDigest(ports, query, task, draft));
  await ring(ports, bells);
}

/** The next digest tells what this one could not; a message that promised to say it points there. */
async function giveUp(ports: Ports, { channel, day }: WatchTask, next: CalendarDate): Promise<void> {
  const { pipeline } = ports.catalogue;
  const key = keyOf(ports, channel, day);
  const bell = await ports.store.transaction(async (query) => {
    if (!(await isStored(query, key))) return undefined;
    const isOpen = await insertDigest(query, { pipeline, channel, day, now: ports.clock.now(), digest: null });
    return isOpen
      ? put(ports, query, { key, channel, threadOf: null, content: passedOverMessage(day, next) })
      : undefined;
  });
  await ring(ports, bell ? [bell] : []);
}

/** Silence would read as "nothing changed": after an hour the channel is told, and the same message becomes the digest. */
async function draftOrSay(ports: Ports, { channel, day }: WatchTask): Promise<DraftDigest | undefined> {
  try {
    return await draftDigest(ports, channel, day);
  } catch (error) {
    const isLate = ports.clock.now() > digestInstant(ports.catalogue, day) + patience;
    if (isLate && error instanceof Fault) {
      const content = unreadDigestMessage(day, error.message);
      await sendMessage(ports, { key: keyOf(ports, channel, day), channel, threadOf: null, content });
    }
    throw error;
  }
}

async function keepDigest(
  ports: Ports,
  query: Query,
  { channel, day }: WatchTask,
  draft: DraftDigest,
): Promise<Bell[]> {
  const { pipeline } = ports.catalogue;
  const place = { pipeline, channel };
  const key = keyOf(ports, channel, day);
  const isSaid = draft.hasNews || (await isStored(query, key));
  const digest = isSaid ? { ...draft.digest, offers: await offerMending(ports, query, key, channel, draft) } : null;
  if (!(await insertDigest(query, { ...place, day, now: ports.clock.now(), digest }))) return [];
  const was = new Map(draft.watches.map(({ table, kept }) => [table, kept]));
  const tables = draft.kept.map((each) => ({ ...each, was: was.get(each.table) ?? null }));
  // What was compared with must still be what is kept, or two digests would tell the same.
  if (!(await keepStates(query, { ...place, tables })))
    throw new Fault('another digest of this channel was made meanwhile', 'later');
  const bells = digest ? [await putDigest(ports, query, channel, digest)] : [];
  for (const [since, closing] of draft.closing) {
    const told = since === day ? undefined : await lockDigest(query, { ...place, day: since });
    const closed = told && closeIn(told, closing, day);
    if (!closed || closed === told) continue;
    await updateDigest(query, { ...place, digest: closed });
    bells.push(await putDigest(ports, query, channel, closed));
  }
  return bells.filter((bell) => bell !== undefined);
}

function putDigest(ports: Ports, query: Query, channel: string, digest: Digest): Promise<Bell | undefined> {
  const content = digestMessage(digest, { catalogue: ports.catalogue });
  return put(ports, query, { key: keyOf(ports, channel, digest.day), channel, threadOf: null, content });
}

function keyOf({ catalogue }: Ports, channel: string, day: CalendarDate): string {
  return `digest:${catalogue.pipeline}:${channel}:${day}`;
}

/** Two buttons: what would mend the table that stands furthest downstream, and the cause that holds up most. */
async function offerMending(
  ports: Ports,
  query: Query,
  key: string,
  channel: string,
  { digest, watches }: DraftDigest,
): Promise<Digest['offers']> {
  const by = watches[0]?.watchedBy ?? '';
  const offer = async (name: string, command: Asked['command'], text: string): Promise<string | undefined> => {
    if (text.length > longestOffer) return undefined;
    const id = `${key}:${name}`;
    const payload: Asked = { command, text, user: by, userName: by, channel, thread: null, at: ports.clock.now() };
    await receiveRequest(query, { id, key: id, kind: 'offer', payload, now: payload.at });
    return id;
  };
  const last = digest.opened.at(-1);
  const cause = digest.groups.find((group) => isFillable(ports, group));
  const plan = last && (await offer('plan', '/coverage', `plan ${last.table} ${typeDates(datesOf(last.runs))}`));
  const fill = cause && (await offer('fill', '/backfill', `${cause.table} ${typeDates(datesOf(cause.dates))}`));
  return {
    ...(plan === undefined ? {} : { plan }),
    ...(cause === undefined || fill === undefined ? {} : { fill: { id: fill, table: cause.table } }),
  };
}

/** A run can mend it: somebody fills the table, and it lacks rows that can be there. */
function isFillable({ catalogue }: Ports, { table, reason }: DigestGroup): boolean {
  if (reason === 'threshold_unreachable' || reason === 'unexpected_rows') return false;
  return catalogue.tables.get(table)?.processor !== undefined;
}
