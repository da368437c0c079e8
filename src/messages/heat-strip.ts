/**
 * Coverage as a picture made of letters: one mark per table and date, in weeks that begin on Monday; a season is grouped
 * by month, since a mark per date would no longer be readable in a chat column.
 */
import type { CalendarDate } from '../core/dates.ts';
import { fromDay, sayDates, toDay, weekday } from '../core/dates.ts';
import type { TableCoverage } from '../core/reports.ts';
import type { Status } from '../core/verdict.ts';
import { statuses } from '../core/verdict.ts';
import { statusMarks, statusWords } from './phrases.ts';

/** Up to so many weeks every date has a mark. */
const weeksShown = 10;

const legendOrder: readonly Status[] = [...statuses].reverse();

/** The picture of a coverage: a line per table, with a heading and a legend of the marks that occur. */
export function drawCoverage(tables: readonly TableCoverage[]): string {
  const [first, last] = ends(tables);
  if (first === undefined || last === undefined) return '';
  const weeks = Math.floor((toDay(last) - monday(first)) / 7) + 1;
  return weeks <= weeksShown ? drawWeeks(tables, monday(first), weeks) : drawMonths(tables);
}

function ends(tables: readonly TableCoverage[]): [CalendarDate | undefined, CalendarDate | undefined] {
  const dates = tables
    .flatMap((table) => [table.cells[0]?.date, table.cells.at(-1)?.date])
    .filter((date) => date !== undefined);
  const sorted = [...dates].sort();
  return [sorted[0], sorted.at(-1)];
}

function monday(date: CalendarDate): number {
  return toDay(date) - (weekday(date) - 1);
}

function drawWeeks(tables: readonly TableCoverage[], start: number, weeks: number): string {
  const width = Math.max(...tables.map((table) => table.table.length));
  const starts = Array.from({ length: weeks }, (_, week) => start + week * 7);
  const heads = starts.map((day) => shortDate(fromDay(day)).padEnd(7));
  const rows = tables.map((table) => {
    const marks = new Map(table.cells.map((cell) => [toDay(cell.date), statusMarks[cell.status]]));
    const drawn = starts.map((day) => Array.from({ length: 7 }, (_, at) => marks.get(day + at) ?? ' ').join(''));
    return `${table.table.padEnd(width)}  ${drawn.join(' ')}`.trimEnd();
  });
  return [`${' '.repeat(width)}  ${heads.join(' ')}`.trimEnd(), ...rows, '', drawLegend(tables)].join('\n');
}

function shortDate(date: CalendarDate): string {
  return sayDates([date]).split(' ').slice(0, 2).join(' ');
}

function drawLegend(tables: readonly TableCoverage[]): string {
  const present = legendOrder.filter((status) => tables.some((table) => (table.byStatus[status] ?? 0) > 0));
  return present.map((status) => `${statusMarks[status]} ${statusWords[status]}`).join('  ');
}

function drawMonths(tables: readonly TableCoverage[]): string {
  const only = tables[0];
  if (only === undefined) return '';
  return tables.length === 1 ? drawMonthsOfOne(only) : drawMonthsOfMany(tables);
}

/** One table: a column per status that occurs. */
function drawMonthsOfOne(table: TableCoverage): string {
  const present = legendOrder.filter((status) => (table.byStatus[status] ?? 0) > 0);
  const heads = ['', ...present.map((status) => `${statusMarks[status]} ${statusWords[status]}`)];
  const rows = byMonth(table).map(([month, counts]) => [
    month,
    ...present.map((status) => String(counts.get(status) ?? '-')),
  ]);
  return align([heads, ...rows]);
}

/** Several tables: complete of expected, a column per table. */
function drawMonthsOfMany(tables: readonly TableCoverage[]): string {
  const columns = tables.map((table) => new Map(byMonth(table)));
  const months = [...new Set(columns.flatMap((column) => [...column.keys()]))];
  const rows = months.map((month) => [month, ...columns.map((column) => sayComplete(column.get(month)))]);
  return `${align([['', ...tables.map((table) => table.table)], ...rows])}\n\ncomplete/expected dates`;
}

function sayComplete(counts: ReadonlyMap<Status, number> | undefined): string {
  if (counts === undefined) return '-';
  const all = [...counts.values()].reduce((sum, each) => sum + each, 0);
  const expected = all - (counts.get('not_expected') ?? 0);
  return expected === 0 ? '·' : `${counts.get('complete') ?? 0}/${expected}`;
}

function byMonth(table: TableCoverage): [string, Map<Status, number>][] {
  const months = new Map<string, Map<Status, number>>();
  for (const cell of table.cells) {
    const month = sayDates([cell.date]).split(' ').slice(1).join(' ');
    const counts = months.get(month) ?? new Map<Status, number>();
    months.set(month, counts.set(cell.status, (counts.get(cell.status) ?? 0) + 1));
  }
  return [...months];
}

function align(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  const line = (row: readonly string[]) =>
    row.map((cell, at) => (at === 0 ? cell.padEnd(widths[at] ?? 0) : cell.padStart(widths[at] ?? 0))).join('  ');
  return rows.map((row) => line(row).trimEnd()).join('\n');
}
