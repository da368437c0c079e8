/**
 * What changed between two digests of a watched table. A hole is a cell that is expected and not complete; people mute
 * what repeats itself, so a hole is told once, by the digest whose day it keeps, and then only counted until it closes.
 */
import { Temporal } from 'temporal-polyfill';
import type { Catalogue } from '../catalogue/catalogue.ts';
import { addDays, type CalendarDate, dateIn } from '../dates.ts';
import type { Status, Verdict } from '../verdict.ts';
import type { KeptCell, KeptTable } from './kept-state.ts';

/** A hole and the day of the digest that told of it. */
export type ToldHole = { readonly date: CalendarDate; readonly since: CalendarDate };

/** What a digest has to say of one table; dates ascend. */
export type TableChange = {
  readonly table: string;
  /** How it stands now, to be kept until the next digest; undefined: never read yet. */
  readonly after: KeptTable | undefined;
  /** There was nothing to compare with, so `opened` is all there is. */
  readonly isFirst: boolean;
  readonly isUnread: boolean;
  readonly opened: readonly CalendarDate[];
  readonly mended: readonly ToldHole[];
  /** Holes that nobody expects to be filled any more: accepted, or another rule. */
  readonly dropped: readonly ToldHole[];
  readonly stillOpen: readonly ToldHole[];
};

/** The time of day of digests where the pipeline names none. */
export const usualWatchTime = '08:00';
/** How far back a table is watched where nothing says when it began. */
const daysWithoutStart = 366;

/** When the last digest was due: its day, and the instant (epoch ms) on that day, in the pipeline's zone. */
export function lastDigestDue(catalogue: Catalogue, now: number): { day: CalendarDate; at: number } {
  const today = dateIn(catalogue.timeZone, now);
  const at = digestInstant(catalogue, today);
  if (at <= now) return { day: today, at };
  const yesterday = addDays(today, -1);
  return { day: yesterday, at: digestInstant(catalogue, yesterday) };
}

/** The instant (epoch ms) at which the digest of a day is due; an hour that summer time skips is the next one. */
export function digestInstant(catalogue: Catalogue, day: CalendarDate): number {
  const time = Temporal.PlainTime.from(catalogue.watchAt ?? usualWatchTime);
  return Temporal.PlainDate.from(day).toZonedDateTime({ timeZone: catalogue.timeZone, plainTime: time })
    .epochMilliseconds;
}

/** The first date that is watched: the first season's, or the day on which the first of the tables begins. */
export function firstWatched(catalogue: Catalogue, tables: readonly string[], today: CalendarDate): CalendarDate {
  const starts = tables.map((alias) => {
    const table = catalogue.tables.get(alias);
    const bySeason = table?.dates === 'games' || table?.dates === 'season';
    return (bySeason ? undefined : table?.starts) ?? catalogue.seasons[0]?.starts ?? addDays(today, -daysWithoutStart);
  });
  return starts.reduce((a, b) => (a < b ? a : b), today);
}

/**
 * Compares a table with how the last digest knew it.
 * @param cells consecutive dates, ascending
 * @param day of the digest that will tell of what is new
 */
export function compareTable(
  table: string,
  before: KeptTable | undefined,
  cells: readonly Verdict[],
  day: CalendarDate,
): TableChange {
  const isUnread = !cells.some((cell) => cell.status !== 'unknown');
  const known = new Map(before?.cells.map((cell, n) => [addDays(before.from, n), cell]));
  const found = { opened: [] as CalendarDate[], mended: [] as ToldHole[], dropped: [] as ToldHole[] };
  const stillOpen: ToldHole[] = [];
  const after = cells.map((cell) => {
    const was = known.get(cell.date) ?? null;
    known.delete(cell.date);
    const kept = keepCell(was, cell, day);
    const since = was?.since ?? null;
    if (kept !== null && kept.since !== null) {
      if (since === null || hasLostRows(was, kept)) found.opened.push(cell.date);
      else stillOpen.push({ date: cell.date, since });
    } else if (since !== null) {
      (kept?.status === 'complete' ? found.mended : found.dropped).push({ date: cell.date, since });
    }
    return kept;
  });
  if (isUnread) return { table, after: before, isFirst: false, isUnread, ...nothing, stillOpen: holesOf(before) };
  // What is kept of dates that are no longer looked at is given up.
  for (const [date, cell] of known) if (cell?.since) found.dropped.push({ date, since: cell.since });
  const from = cells[0]?.date ?? day;
  return { table, after: { from, cells: after }, isFirst: before === undefined, isUnread, ...found, stillOpen };
}

const nothing = { opened: [], mended: [], dropped: [] } as const;

/** The holes that are kept of a table. */
export function holesOf(kept: KeptTable | undefined): ToldHole[] {
  return (
    kept?.cells.flatMap((cell, n) => (cell?.since ? [{ date: addDays(kept.from, n), since: cell.since }] : [])) ?? []
  );
}

/** A cell that could not be judged, or is being filled, stays as it was. */
function keepCell(was: KeptCell, cell: Verdict, day: CalendarDate): KeptCell {
  if (isUnsure(cell)) return was;
  const { status } = cell;
  if (!isHole(status)) return { status, since: null };
  const now = { status, since: day };
  return was === null || was.since === null || hasLostRows(was, now) ? now : { status, since: was.since };
}

/** A failed read is never a hole (B8), be it of the table itself or of what it is built on. */
function isUnsure(cell: Verdict): boolean {
  const { status, reason } = cell;
  if (status === 'unknown' || status === 'running' || reason === 'upstream_unknown') return true;
  return isHole(status) && cell.causes.some((cause) => cause.reason === 'unreadable');
}

function isHole(status: Status): boolean {
  return status !== 'complete' && status !== 'not_expected';
}

/** Rows that were there are gone: that is news, although the cell needed work before. */
function hasLostRows(was: KeptCell, now: NonNullable<KeptCell>): boolean {
  return was !== null && was.since !== null && !isEmpty(was.status) && isEmpty(now.status);
}

function isEmpty(status: Status): boolean {
  return status === 'missing' || status === 'blocked';
}
