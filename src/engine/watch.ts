/**
 * Watched tables: who watches what where, when a digest is due, and what it says. Every date of a table is looked at
 * every day, since look-backs of two weeks do not see the hole that is a season old.
 */

import type { Coverage } from '../core/coverage/coverage-report.ts';
import { type CalendarDate, dateIn, daysBetween, groupRuns } from '../core/dates.ts';
import type { Person } from '../core/origin.ts';
import { closedByDay, type Digest, type DigestGroup, hasNews, sumChanges } from '../core/watch/digest.ts';
import { readKept, writeKept } from '../core/watch/kept-state.ts';
import { compareTable, firstWatched, lastDigestDue, type TableChange } from '../core/watch/watch.ts';
import { groupHeld } from '../messages/group-causes.ts';
import type { Ports } from '../ports.ts';
import { recordAudit } from '../store/audit.ts';
import {
  deleteWatches,
  insertWatches,
  type KeptText,
  listDueChannels,
  listWatches,
  type Watch,
} from '../store/watches.ts';
import { taskName } from '../tasks/task-name.ts';
import { answerCoverage } from './answers.ts';

/** Rings for the digests that are due and not made. What was missed is made up for once, whatever the days. */
export async function ringWatches({ catalogue, clock, store, tasks }: Ports): Promise<void> {
  const { pipeline } = catalogue;
  const { day, at } = lastDigestDue(catalogue, clock.now());
  const channels = await listDueChannels(store.query, { pipeline, day, at });
  if (channels.length === 0) return;
  await tasks.enqueue(
    channels.map((channel) => ({
      name: taskName(['watch', pipeline, channel, day]),
      task: { v: 1, kind: 'watch-coverage', channel, day },
    })),
  );
}

type Asked = { readonly channel: string; readonly tables: readonly string[]; readonly by: Person };

/** What a channel watches from now on; `added` were not watched before. `coverage` is where they all stand. */
export type Started = {
  readonly coverage: Coverage;
  readonly added: readonly string[];
  readonly watches: readonly Watch[];
};

/** Watches tables in a channel. How they stand now is what the first digest is compared with. May be repeated. */
export async function startWatch(ports: Ports, { channel, tables, by }: Asked): Promise<Started> {
  const { pipeline, timeZone } = ports.catalogue;
  const coverage = await lookAtAll(ports, tables);
  const now = ports.clock.now();
  const day = dateIn(timeZone, now);
  const kept = compareTables(coverage, new Map(), day).map(toKeptText);
  const added = await ports.store.transaction(async (query) => {
    const inserted = await insertWatches(query, { pipeline, channel, by: by.user, now, tables: kept });
    if (inserted.length > 0)
      await recordAudit(query, {
        at: now,
        actor: by.user,
        action: 'watch',
        subject: channel,
        detail: { tables: inserted, ...by.origin },
      });
    return inserted;
  });
  return { coverage, added, watches: await listWatches(ports.store.query, { pipeline, channel }) };
}

/** Ends the watch of tables in a channel. Returns those that were watched, and what still is. */
export async function stopWatch(
  ports: Ports,
  { channel, tables, by }: Asked,
): Promise<{ removed: readonly string[]; watches: readonly Watch[] }> {
  const { pipeline } = ports.catalogue;
  const now = ports.clock.now();
  const removed = await ports.store.transaction(async (query) => {
    const deleted = await deleteWatches(query, { pipeline, channel, tables });
    if (deleted.length > 0)
      await recordAudit(query, {
        at: now,
        actor: by.user,
        action: 'unwatch',
        subject: channel,
        detail: { tables: deleted, ...by.origin },
      });
    return deleted;
  });
  return { removed, watches: await listWatches(ports.store.query, { pipeline, channel }) };
}

/** A digest that is not stored yet. */
export type DraftDigest = {
  readonly digest: Digest;
  readonly hasNews: boolean;
  /** What earlier digests told of and is closed now, by their days. */
  readonly closing: ReturnType<typeof closedByDay>;
  /** How the tables stand now. */
  readonly kept: readonly KeptText[];
  /** The watches that it was made from. */
  readonly watches: readonly Watch[];
};

/** Looks at what a channel watches and compares; undefined where nothing is watched. Throws a Fault if nothing could be read. */
export async function draftDigest(ports: Ports, channel: string, day: CalendarDate): Promise<DraftDigest | undefined> {
  const { catalogue } = ports;
  const watches = await listWatches(ports.store.query, { pipeline: catalogue.pipeline, channel });
  const texts = new Map(watches.map(({ table, kept }) => [table, kept]));
  // A table may have left the catalogue since; its watch waits for it to come back.
  const tables = [...catalogue.tables.keys()].filter((alias) => texts.has(alias));
  if (tables.length === 0) return undefined;
  const coverage = await lookAtAll(ports, tables);
  const changes = compareTables(coverage, texts, day);
  const digest: Digest = {
    day,
    tables,
    from: coverage.from,
    asOf: coverage.asOf,
    first: coverage.tables
      .filter(({ table }) => changes.some((change) => change.table === table && change.isFirst))
      .map(({ table, expected, complete }) => ({ table, expected, complete })),
    ...sumChanges(changes),
    groups: groupOpened(coverage, changes),
    unread: coverage.unread,
    closed: [],
    offers: {},
  };
  return { digest, hasNews: hasNews(digest), closing: closedByDay(changes), kept: changes.map(toKeptText), watches };
}

/** Coverage of tables over all their dates. */
async function lookAtAll(ports: Ports, tables: readonly string[]): Promise<Coverage> {
  const today = dateIn(ports.catalogue.timeZone, ports.clock.now());
  return answerCoverage(ports, tables, daysBetween(firstWatched(ports.catalogue, tables, today), today));
}

function compareTables(
  coverage: Coverage,
  texts: ReadonlyMap<string, string | null>,
  day: CalendarDate,
): TableChange[] {
  return coverage.tables.map(({ table, cells }) => compareTable(table, readKept(texts.get(table) ?? ''), cells, day));
}

function toKeptText({ table, after }: TableChange): KeptText {
  return { table, kept: after === undefined ? null : writeKept(after) };
}

/** More causes than this are not kept with a digest; its message shows fewer. */
const groupsKept = 20;

function groupOpened(coverage: Coverage, changes: readonly TableChange[]): DigestGroup[] {
  const opened = new Map(changes.filter(({ isFirst }) => !isFirst).map((each) => [each.table, new Set(each.opened)]));
  const held = coverage.tables.flatMap(({ table, cells }) =>
    cells.filter(({ date }) => opened.get(table)?.has(date)).map(({ date, causes }) => ({ table, date, causes })),
  );
  return groupHeld(held)
    .slice(0, groupsKept)
    .map(({ table, reason, dates, cells }) => ({
      table,
      reason,
      dates: groupRuns(dates),
      cells: [...new Set(cells.map((cell) => cell.table))].map((each) => ({
        table: each,
        runs: groupRuns(cells.filter((cell) => cell.table === each).map((cell) => cell.date)),
      })),
    }));
}
