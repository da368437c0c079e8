/**
 * Coverage as a picture made of letters: one mark per table and date, in weeks that begin on Monday; a season is grouped
 * by month, since a mark per date would no longer be readable in a chat column. What is wider than the terminal goes on
 * below: a line that wraps by itself is no picture any more.
 */

import type { RollUpLine, StatusCounts, TableCoverage } from '../core/coverage/coverage-report.ts';
import type { CalendarDate } from '../core/dates.ts';
import { fromDay, sayDates, toDay, weekday } from '../core/dates.ts';
import type { Status } from '../core/verdict.ts';
import { statuses } from '../core/verdict.ts';
import { sayNumber, sayShare, statusMarks, statusWords } from './phrases.ts';

/** Up to so many weeks every date has a mark. */
const weeksShown = 10;

const legendOrder: readonly Status[] = [...statuses].reverse();

/**
 * The picture of a coverage: a line per table, with a heading and a legend of the marks that occur. `columns`: letters
 * that a line may have.
 */
export function drawCoverage(tables: readonly TableCoverage[], columns = 80): string {
  const [first, last] = ends(tables);
  if (first === undefined || last === undefined) return '';
  const weeks = Math.floor((toDay(last) - monday(first)) / 7) + 1;
  const drawn = weeks <= weeksShown ? drawWeeks(tables, monday(first), weeks, columns) : drawMonths(tables, columns);
  return drawn.join('\n');
}

/** Months with what is complete of what is expected, a line each; the roll-up without a picture. */
export function drawMonthLines(months: readonly RollUpLine[]): string {
  const rows = months.map((month) => [
    sayMonth(`${month.name}-01`),
    month.expected === 0 ? '·' : `${sayNumber(month.complete)} of ${sayNumber(month.expected)}`,
    month.expected === 0 ? 'nothing expected' : sayShare(month.complete, month.expected),
  ]);
  return align(rows).join('\n');
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

function drawWeeks(tables: readonly TableCoverage[], start: number, weeks: number, columns: number): string[] {
  const width = Math.max(...tables.map((table) => table.table.length));
  const perBand = Math.max(1, Math.floor((columns - width - 1) / 8));
  const bands = Array.from({ length: Math.ceil(weeks / perBand) }, (_, band) => {
    const many = Math.min(perBand, weeks - band * perBand);
    return drawBand(tables, start + band * perBand * 7, many, width);
  });
  return [...bands.flatMap((band) => [...band, '']), ...drawLegend(tables, columns)];
}

function drawBand(tables: readonly TableCoverage[], start: number, weeks: number, width: number): string[] {
  const starts = Array.from({ length: weeks }, (_, week) => start + week * 7);
  const heads = starts.map((day) => shortDate(fromDay(day)).padEnd(7));
  const rows = tables.map((table) => {
    const marks = new Map(table.cells.map((cell) => [toDay(cell.date), statusMarks[cell.status]]));
    const drawn = starts.map((day) => Array.from({ length: 7 }, (_, at) => marks.get(day + at) ?? ' ').join(''));
    return `${table.table.padEnd(width)}  ${drawn.join(' ')}`.trimEnd();
  });
  return [`${' '.repeat(width)}  ${heads.join(' ')}`.trimEnd(), ...rows];
}

function shortDate(date: CalendarDate): string {
  return sayDates([date]).split(' ').slice(0, 2).join(' ');
}

function drawLegend(tables: readonly TableCoverage[], columns: number): string[] {
  const present = legendOrder.filter((status) => tables.some((table) => (table.byStatus[status] ?? 0) > 0));
  const lines: string[] = [];
  for (const status of present) {
    const entry = `${statusMarks[status]} ${statusWords[status]}`;
    const last = lines.pop();
    if (last === undefined) lines.push(entry);
    else if (last.length + 2 + entry.length > columns) lines.push(last, entry);
    else lines.push(`${last}  ${entry}`);
  }
  return lines;
}

function drawMonths(tables: readonly TableCoverage[], columns: number): string[] {
  const [only, second] = tables;
  if (only === undefined) return [];
  return second === undefined ? drawMonthsOfOne(only, columns) : drawMonthsOfMany(tables, columns);
}

/** One table: a column per status that occurs. */
function drawMonthsOfOne(table: TableCoverage, columns: number): string[] {
  const present = legendOrder.filter((status) => (table.byStatus[status] ?? 0) > 0);
  const heads = ['', ...present.map((status) => `${statusMarks[status]} ${statusWords[status]}`)];
  const rows = byMonth(table).map(([month, counts]) => [
    month,
    ...present.map((status) => String(counts[status] ?? '-')),
  ]);
  return align([heads, ...rows], columns);
}

/** Several tables: complete of expected, a column per table. */
function drawMonthsOfMany(tables: readonly TableCoverage[], columns: number): string[] {
  const counted = tables.map((table) => new Map(byMonth(table)));
  const months = [...new Set(counted.flatMap((column) => [...column.keys()]))];
  const rows = months.map((month) => [month, ...counted.map((column) => sayComplete(column.get(month)))]);
  return [...align([['', ...tables.map((table) => table.table)], ...rows], columns), '', 'complete/expected dates'];
}

function sayComplete(counts: StatusCounts | undefined): string {
  if (counts === undefined) return '-';
  const all = Object.values(counts).reduce((sum, each) => sum + each, 0);
  const expected = all - (counts.not_expected ?? 0);
  return expected === 0 ? '·' : `${counts.complete ?? 0}/${expected}`;
}

/** Months in the order of the cells' dates, which ascend. */
function byMonth(table: TableCoverage): [string, StatusCounts][] {
  const months: [string, StatusCounts][] = [];
  let month = 'none';
  let counts: StatusCounts = {};
  for (const { date, status } of table.cells) {
    if (!date.startsWith(month)) {
      month = date.slice(0, 7);
      counts = {};
      months.push([sayMonth(`${month}-01`), counts]);
    }
    counts[status] = (counts[status] ?? 0) + 1;
  }
  return months;
}

function sayMonth(date: CalendarDate): string {
  return sayDates([date]).split(' ').slice(1).join(' ');
}

/** Rows as columns; those that find no room stand in a further band, with the first column again. */
function align(rows: readonly (readonly string[])[], columns = Number.POSITIVE_INFINITY): string[] {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return bandsOf(widths, columns).flatMap((band, n) => [
    ...(n === 0 ? [] : ['']),
    ...rows.map((row) => {
      const first = (row[0] ?? '').padEnd(widths[0] ?? 0);
      return [first, ...band.map((at) => (row[at] ?? '').padStart(widths[at] ?? 0))].join('  ').trimEnd();
    }),
  ]);
}

/** The columns after the first, in bands that fit beside it. */
function bandsOf(widths: readonly number[], columns: number): number[][] {
  const bands: number[][] = [];
  let used = 0;
  for (const [at, width] of widths.entries()) {
    if (at === 0) continue;
    const band = bands.at(-1);
    if (band === undefined || used + 2 + width > columns) {
      bands.push([at]);
      used = (widths[0] ?? 0) + 2 + width;
    } else {
      band.push(at);
      used += 2 + width;
    }
  }
  return bands;
}
