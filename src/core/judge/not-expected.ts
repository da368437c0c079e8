/**
 * Why a table can have no rows on a date (R1): what its dates are is the catalogue's to say, and which of them have games
 * the schedule's.
 */
import type { Calendar } from '../catalogue/calendar.ts';
import type { Catalogue, Table } from '../catalogue/catalogue.ts';
import { toDay, weekday } from '../dates.ts';
import { reasonCode } from './judgement.ts';

/**
 * Codes of the reasons (`reasonCode`), for every date of the run: 0 where rows are expected. They are tried in the order
 * of R1: off_season, no_games, bootstrap, not_due.
 */
export function listNotExpected(
  catalogue: Catalogue,
  table: Table,
  calendar: Calendar,
  notDueFrom: number,
): Uint8Array {
  const bySeason = table.dates === 'games' || table.dates === 'season';
  const off = bySeason ? listOffBySeason(catalogue, table, calendar) : listDaysOff(table, calendar);
  for (let i = Math.max(0, notDueFrom); i < off.length; i++) if (off[i] === 0) off[i] = reasonCode.not_due;
  return off;
}

function listOffBySeason(catalogue: Catalogue, table: Table, calendar: Calendar): Uint8Array {
  const off = new Uint8Array(calendar.days);
  const bootstrapDays = table.bootstrap ? catalogue.bootstrapDays : 0;
  for (let i = 0; i < off.length; i++) {
    if (calendar.season[i] === -1) off[i] = reasonCode.off_season;
    else if (table.dates === 'games' && calendar.games[i] === 0) off[i] = reasonCode.no_games;
    else if ((calendar.dayOfSeason[i] ?? 0) < bootstrapDays) off[i] = reasonCode.bootstrap;
    else if (calendar.pending[i] === 1) off[i] = reasonCode.not_due;
  }
  return off;
}

/** Weekends of a weekday table, its exceptions, and what is before it begins. */
function listDaysOff(table: Table, calendar: Calendar): Uint8Array {
  const first = toDay(calendar.from);
  const off = new Uint8Array(calendar.days);
  const rest = reasonCode.off_season;
  if (table.starts !== undefined) off.fill(rest, 0, Math.max(0, toDay(table.starts) - first));
  for (const range of table.except)
    off.fill(rest, Math.max(0, toDay(range.from) - first), Math.max(0, toDay(range.to) - first + 1));
  if (table.dates === 'daily') return off;
  const firstWeekday = weekday(calendar.from) - 1;
  for (let i = 0; i < off.length; i++) if ((firstWeekday + i) % 7 > 4) off[i] = rest;
  return off;
}
