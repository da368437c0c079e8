/**
 * The calendar: which dates can have rows at all (R1). Only the schedule says whether there were games; rows in an
 * analytics table never do, or a hole would remove itself from what is expected.
 */
import type { Catalogue, DateRange, Season, Table } from './catalogue.ts';
import { type CalendarDate, dateIn, fromDay, toDay, weekday } from './dates.ts';
import type { Facts } from './facts.ts';
import type { Reason } from './verdict.ts';

/** Games of a date that the schedule should know and does not: it is empty, and the date is not declared free. */
export const noSchedule = -1;
/** Games of a date when the schedule could not be read. */
export const scheduleUnread = -2;

/** One entry per date of the facts' run. */
export type Calendar = {
  readonly from: CalendarDate;
  readonly days: number;
  /** Index into the catalogue's seasons; -1 outside all of them. */
  readonly season: Int16Array;
  /** Day of the season, 0 = its start. */
  readonly dayOfSeason: Int32Array;
  /** Index of the first date of the date's season, not below 0: windows are clipped there. */
  readonly seasonStart: Int32Array;
  readonly games: Int32Array;
  /** 1 where some of the games are not finished. */
  readonly pending: Uint8Array;
};

/** Builds the calendar of the facts' run from the catalogue's seasons and the schedule's facts. */
export function buildCalendar(catalogue: Catalogue, facts: Facts): Calendar {
  const first = toDay(facts.from);
  const calendar: Calendar = {
    from: facts.from,
    days: facts.days,
    season: new Int16Array(facts.days).fill(-1),
    dayOfSeason: new Int32Array(facts.days),
    seasonStart: new Int32Array(facts.days),
    games: new Int32Array(facts.days),
    pending: new Uint8Array(facts.days),
  };
  catalogue.seasons.forEach((season, s) => {
    layOutSeason(calendar, season, s, first);
  });
  if (catalogue.schedule) countGames(calendar, catalogue, catalogue.schedule.table, facts);
  return calendar;
}

function layOutSeason(calendar: Calendar, season: Season, index: number, first: number): void {
  const starts = toDay(season.starts) - first;
  const ends = season.ends === undefined ? calendar.days - 1 : toDay(season.ends) - first;
  for (let i = Math.max(0, starts); i <= Math.min(ends, calendar.days - 1); i++) {
    calendar.season[i] = index;
    calendar.dayOfSeason[i] = i - starts;
    calendar.seasonStart[i] = Math.max(0, starts);
  }
}

function countGames(calendar: Calendar, catalogue: Catalogue, schedule: string, facts: Facts): void {
  const read = facts.tables.get(schedule);
  for (let i = 0; i < calendar.days; i++) {
    const season = catalogue.seasons[calendar.season[i] ?? -1];
    if (!season) continue;
    if (!read) {
      calendar.games[i] = scheduleUnread;
      continue;
    }
    const games = read.entities[i] ?? 0;
    calendar.games[i] = games > 0 || isFree(season, fromDay(toDay(calendar.from) + i)) ? games : noSchedule;
    calendar.pending[i] = read.finals && (read.finals[i] ?? 0) < games ? 1 : 0;
  }
}

function isFree(season: Season, date: CalendarDate): boolean {
  return isWithin(season.free, date) || isWithin(season.scheduleDecides, date);
}

function isWithin(ranges: readonly DateRange[], date: CalendarDate): boolean {
  return ranges.some((range) => range.from <= date && date <= range.to);
}

/** Index of the first date that is not due yet for a table: the end of a date, in the pipeline's zone, plus its delay. */
export function firstNotDue(catalogue: Catalogue, table: Table, calendar: Calendar, now: number): number {
  const today = dateIn(catalogue.timeZone, now - table.dueAfterHours * 3_600_000);
  return toDay(today) - toDay(calendar.from);
}

/**
 * Why a table can have no rows, for every date of the run: null where rows are expected. The order of the reasons is
 * that of R1: off_season, no_games, bootstrap, not_due.
 */
export function listNotExpected(
  catalogue: Catalogue,
  table: Table,
  calendar: Calendar,
  notDueFrom: number,
): (Reason | null)[] {
  const bySeason = table.dates === 'games' || table.dates === 'season';
  const off = bySeason ? undefined : listDaysOff(table, calendar);
  const found: (Reason | null)[] = [];
  for (let i = 0; i < calendar.days; i++) {
    const reason = off ? (off[i] ? 'off_season' : null) : seasonReason(catalogue, table, calendar, i);
    found.push(reason ?? (i >= notDueFrom ? 'not_due' : null));
  }
  return found;
}

function seasonReason(catalogue: Catalogue, table: Table, calendar: Calendar, i: number): Reason | null {
  if (calendar.season[i] === -1) return 'off_season';
  if (table.dates === 'games' && calendar.games[i] === 0) return 'no_games';
  if (table.bootstrap && (calendar.dayOfSeason[i] ?? 0) < catalogue.bootstrapDays) return 'bootstrap';
  return calendar.pending[i] === 1 ? 'not_due' : null;
}

/** 1 on weekends of a weekday table, on its exceptions, and before it begins. */
function listDaysOff(table: Table, calendar: Calendar): Uint8Array {
  const first = toDay(calendar.from);
  const off = new Uint8Array(calendar.days);
  if (table.starts !== undefined) off.fill(1, 0, Math.max(0, toDay(table.starts) - first));
  for (const range of table.except)
    off.fill(1, Math.max(0, toDay(range.from) - first), Math.max(0, toDay(range.to) - first + 1));
  if (table.dates === 'daily') return off;
  const firstWeekday = weekday(calendar.from) - 1;
  for (let i = 0; i < off.length; i++) if ((firstWeekday + i) % 7 > 4) off[i] = 1;
  return off;
}
