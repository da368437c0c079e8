/**
 * Coverage as a picture of tables and dates. A chat column is narrow, so how it is laid out follows from how much there
 * is: a cell per date as long as one can be seen, months of months at the last.
 */

import type { Coverage, TableCoverage } from '../core/coverage/coverage-report.ts';
import type { CalendarDate } from '../core/dates.ts';
import { type Block, drawBlocks, heightOfBlocks, type Summary } from './blocks.ts';
import { drawCalendar } from './calendar.ts';
import { type CellTitle, countShare, noTitle, sayCell } from './cell-title.ts';
import { groupMonths, monthOf, nameMonth } from './columns.ts';
import { drawDateGrid } from './date-grid.ts';
import { framePicture, legendOf } from './frame.ts';
import { drawMonthMatrix } from './month-matrix.ts';
import { countStatuses, datesOf, describePicture, groupDigits, sayPoint, sayWhen } from './point.ts';
import type { Drawn } from './svg.ts';

/** So many dates have a column each, unless they are scattered over more months than have room for their names. */
const [gridDates, gridMonths] = [62, 4];
/** So many months of one table are a calendar. */
const calendarMonths = 24;
/** Pixels; what would be higher is drawn with less detail. */
const highest = 2_600;

export type HeatMapOptions = {
  /** Says date, status and reason of the cell that is pointed at; for files that a browser opens. */
  readonly titles?: boolean;
};

/** Draws a coverage of any size as SVG, about 1,000 pixels wide and never without a word in place of a picture. */
export function drawHeatMap(coverage: Coverage, options: HeatMapOptions = {}): string {
  const counts = countStatuses(coverage.tables);
  const body = drawBody(coverage, options.titles === true ? sayCell : noTitle);
  return framePicture({
    title: sayPoint(coverage),
    subtitle: sayWhen(coverage),
    label: describePicture(coverage),
    drawing: body.drawing,
    legend: body.legend ?? legendOf(counts),
  });
}

function drawBody(coverage: Coverage, title: CellTitle): { drawing: Drawn; legend?: readonly Drawn[] } {
  const dates = datesOf(coverage);
  const months = groupMonths(dates);
  const [only, second] = coverage.tables;
  const present = countStatuses(coverage.tables).map(([status]) => status);
  if (dates.length <= gridDates && months.length <= gridMonths)
    return { drawing: drawDateGrid(coverage, dates, title) };
  const alone = second === undefined ? only : undefined;
  if (alone !== undefined && months.length <= calendarMonths) return { drawing: drawCalendar(alone, present, title) };
  const { labels, blocks, summary } =
    alone === undefined ? blocksOfMonths(coverage, dates) : blocksOfYears(alone, dates);
  if (heightOfBlocks(blocks.length + 1, labels.length) > highest) return drawMonthMatrix(coverage);
  return { drawing: drawBlocks(labels, blocks, { summary, present, title }) };
}

type Cells = TableCoverage['cells'];
type Laid = { readonly labels: readonly string[]; readonly blocks: readonly Block[]; readonly summary: Summary };

/** A month is a block, a table a row. */
function blocksOfMonths({ tables }: Coverage, dates: readonly CalendarDate[]): Laid {
  const byTable = tables.map(({ table, cells }) => ({ table, months: byMonth(cells) }));
  const blocks = groupMonths(dates).map(([month]) => ({
    title: monthOf(`${month}-01`),
    rows: byTable.map(({ table, months }) => ({ table, cells: months.get(month) ?? [] })),
    sameMonth: true,
  }));
  const summary = { title: `All ${groupDigits(dates.length)} dates`, shares: tables };
  return { labels: tables.map(({ table }) => table), blocks, summary };
}

/** One table: a year is a block, a month a row. */
function blocksOfYears({ table, cells }: TableCoverage, dates: readonly CalendarDate[]): Laid {
  const months = byMonth(cells);
  const numbers = Array.from({ length: 12 }, (_, n) => String(n + 1).padStart(2, '0'));
  const years = [...new Set(dates.map((date) => date.slice(0, 4)))];
  const blocks = years.map((year) => ({
    title: year,
    rows: numbers.map((month) => ({ table, cells: months.get(`${year}-${month}`) ?? [] })),
    sameMonth: false,
  }));
  const shares = numbers.map((_, n) => countShare(blocks.flatMap(({ rows }) => rows[n]?.cells ?? [])));
  return { labels: numbers.map((month) => nameMonth(Number(month))), blocks, summary: { title: 'All years', shares } };
}

function byMonth(cells: Cells): ReadonlyMap<string, Cells> {
  const months = new Map<string, Cells[number][]>();
  for (const cell of cells) {
    const month = cell.date.slice(0, 7);
    const known = months.get(month);
    if (known === undefined) months.set(month, [cell]);
    else known.push(cell);
  }
  return months;
}
