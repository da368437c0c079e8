/**
 * The calendar: which dates can have rows at all (R1). Only the schedule says whether there were games; rows in an
 * analytics table never do, or a hole would remove itself from what is expected.
 */

import { type CalendarDate, dateIn, fromDay, toDay } from '../dates.ts';
import type { Facts } from '../facts.ts';
import type { Catalogue, DateRange, Season, Table } from './catalogue.ts';

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
