/** One table over months, as the calendar on a wall: weeks as lines, Monday first, day and mark in every cell. */

import type { TableCoverage } from '../core/coverage/coverage-report.ts';
import { type CalendarDate, weekday } from '../core/dates.ts';
import type { Status, Verdict } from '../core/verdict.ts';
import { type CellTitle, countShare, sayFigure } from './cell-title.ts';
import { dayOf, groupMonths, monthOf } from './columns.ts';
import { type CellShape, defineCells, looks, placeCell } from './marks.ts';
import { type Drawn, drawBox, inks, moveTo, writeText } from './svg.ts';

const [across, cell, row, headHeight, gap] = [4, 31, 26, 40, 28];
const width = 7 * cell;
const shape: CellShape = { width: cell - 2, height: row - 2, markX: cell - 8.5, markY: row - 9, scale: 1.05 };
const dayNames = ['M', 'T', 'W', 'T', 'F', 'S', 'S'];

/** Draws one table; only months with dates that were asked. */
export function drawCalendar(table: TableCoverage, present: readonly Status[], title: CellTitle): Drawn {
  const cells = new Map(table.cells.map((each) => [each.date, each]));
  const months = groupMonths([...cells.keys()].sort());
  const lines = Math.ceil(months.length / across);
  const heights = Array.from({ length: lines }, (_, line) =>
    Math.max(...months.slice(line * across, (line + 1) * across).map(([, dates]) => heightOf(dates))),
  );
  let y = 0;
  const drawn = heights.map((height, line) => {
    const shown = months.slice(line * across, (line + 1) * across);
    const svg = shown.map(([, dates], n) =>
      moveTo(n * (width + gap), y, drawMonth(table.table, pickCells(dates, cells), title)),
    );
    y += height + gap - 8;
    return svg.join('\n');
  });
  return {
    width: Math.min(months.length, across) * (width + gap) - gap,
    height: y - (gap - 8),
    svg: [defineCells(present, shape), ...drawn].join('\n'),
  };
}

function pickCells(dates: readonly CalendarDate[], cells: ReadonlyMap<CalendarDate, Verdict>): Verdict[] {
  return dates.map((date) => cells.get(date)).filter((each) => each !== undefined);
}

/** The line of a date in its month, 0 being the one with the first. */
function weekOf(date: CalendarDate): number {
  const first = weekday(`${date.slice(0, 8)}01`);
  return Math.floor((dayOf(date) + first - 2) / 7);
}

function heightOf(dates: readonly CalendarDate[]): number {
  return headHeight + (weekOf(dates.at(-1) ?? '2000-01-31') + 1) * row;
}

function drawMonth(table: string, cells: readonly Verdict[], title: CellTitle): string {
  const first = cells[0];
  if (first === undefined) return '';
  const height = heightOf(cells.map(({ date }) => date));
  const names = dayNames.map((name, n) =>
    writeText((n + 0.5) * cell - 1, headHeight - 7, name, { size: 10, anchor: 'middle', fill: inks.quiet }),
  );
  return [
    drawBox(5 * cell - 1, headHeight - 20, 2 * cell, height - headHeight + 20, inks.weekend, 3),
    writeText(0, 13, monthOf(first.date), { size: 13, bold: true }),
    writeText(width - 2, 13, sayFigure(countShare(cells)), { size: 12, anchor: 'end', bold: true }),
    ...names,
    ...cells.map((each) => drawDay(table, each, title)),
  ].join('');
}

function drawDay(table: string, each: Verdict, title: CellTitle): string {
  const x = (weekday(each.date) - 1) * cell;
  const y = headHeight + weekOf(each.date) * row;
  const day = { size: 9, fill: looks[each.status].ink };
  return placeCell(each.status, x, y + 1, title(table, each)) + writeText(x + 4, y + 11, String(dayOf(each.date)), day);
}
