/**
 * A digest as a value: it is stored with its message, so that the message can say later which of its holes have closed.
 * Dates are kept as runs, since a first look may find years of them.
 */
import { type CalendarDate, type DateRun, daysBetween, groupRuns, toDay } from '../dates.ts';
import type { Reason } from '../verdict.ts';
import type { TableChange, ToldHole } from './watch.ts';

/** Dates of one table. */
export type TableRuns = { readonly table: string; readonly runs: readonly DateRun[] };

/** New holes with one cause. */
export type DigestGroup = {
  readonly table: string;
  readonly reason: Reason;
  readonly dates: readonly DateRun[];
  readonly cells: readonly TableRuns[];
};

export type Digest = {
  readonly day: CalendarDate;
  /** The watched tables, in the catalogue's order, and the first date that was looked at. */
  readonly tables: readonly string[];
  readonly from: CalendarDate;
  /** Instant at which was looked (ISO). */
  readonly asOf: string;
  /** Tables that were never looked at before: how many dates are expected of them, and how many are complete. */
  readonly first: readonly { readonly table: string; readonly expected: number; readonly complete: number }[];
  readonly opened: readonly TableRuns[];
  /** `opened` by cause; a hole with several causes is in several groups. */
  readonly groups: readonly DigestGroup[];
  readonly mended: readonly TableRuns[];
  readonly dropped: readonly TableRuns[];
  /** Told before and still there; `since`: the day of the oldest telling. */
  readonly stillOpen: { readonly cells: number; readonly since: CalendarDate | null };
  readonly unread: readonly { readonly table: string; readonly problem: string }[];
  /** What of `opened` has closed later, and on which day that was seen. */
  readonly closed: readonly (TableRuns & { readonly day: CalendarDate })[];
  /** Ids of the stored offers behind its buttons; `fill` is of the table named. */
  readonly offers: { readonly plan?: string; readonly fill?: { readonly id: string; readonly table: string } };
};

/** The parts of a digest that follow from the changes of its tables. */
export function sumChanges(
  changes: readonly TableChange[],
): Pick<Digest, 'opened' | 'mended' | 'dropped' | 'stillOpen'> {
  const told = changes.filter((change) => !change.isFirst);
  const runsOf = (pick: (change: TableChange) => readonly CalendarDate[]) =>
    told
      .map((change) => ({ table: change.table, runs: groupRuns(pick(change)) }))
      .filter(({ runs }) => runs.length > 0);
  const open = changes.flatMap((change) => change.stillOpen);
  return {
    opened: runsOf((change) => change.opened),
    mended: runsOf((change) => change.mended.map(({ date }) => date)),
    dropped: runsOf((change) => change.dropped.map(({ date }) => date)),
    stillOpen: { cells: open.length, since: open.map(({ since }) => since).sort()[0] ?? null },
  };
}

/** Whether anybody has to be told. A day on which nothing changed is not posted. */
export function hasNews(digest: Digest): boolean {
  const { first, opened, mended, dropped, unread } = digest;
  return [first, opened, mended, dropped, unread].some((part) => part.length > 0);
}

/** What changes and closes holes that earlier digests told of, by the day of that digest. */
export function closedByDay(changes: readonly TableChange[]): Map<CalendarDate, TableRuns[]> {
  const days = new Map<CalendarDate, TableRuns[]>();
  for (const { table, mended, dropped } of changes) {
    for (const [since, holes] of groupBySince([...mended, ...dropped])) {
      days.set(since, [...(days.get(since) ?? []), { table, runs: groupRuns(holes.map(({ date }) => date)) }]);
    }
  }
  return days;
}

function groupBySince(holes: readonly ToldHole[]): Map<CalendarDate, ToldHole[]> {
  const groups = new Map<CalendarDate, ToldHole[]>();
  for (const hole of holes) groups.set(hole.since, [...(groups.get(hole.since) ?? []), hole]);
  return groups;
}

/** The digest with what has closed since, as a later day saw it. Unchanged where it told of none of it. */
export function closeIn(digest: Digest, closing: readonly TableRuns[], day: CalendarDate): Digest {
  const opened = new Map(digest.opened.map(({ table, runs }) => [table, new Set(datesOf(runs))]));
  const closed = closing
    .map(({ table, runs }) => ({
      table,
      runs: groupRuns(datesOf(runs).filter((date) => opened.get(table)?.has(date))),
      day,
    }))
    .filter(({ runs }) => runs.length > 0);
  return closed.length === 0 ? digest : { ...digest, closed: [...digest.closed, ...closed] };
}

/** The dates of runs, ascending. */
export function datesOf(runs: readonly DateRun[]): CalendarDate[] {
  return runs.flatMap(({ from, to }) => daysBetween(from, to));
}

/** How many cells there are. */
export function countCells(tables: readonly TableRuns[]): number {
  return tables.reduce(
    (sum, { runs }) => sum + runs.reduce((days, { from, to }) => days + toDay(to) - toDay(from) + 1, 0),
    0,
  );
}
