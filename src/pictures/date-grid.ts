/** Tables by dates, a cell each: for as many dates as a chat column has room for. */

import type { Coverage, TableCoverage } from '../core/coverage/coverage-report.ts';
import type { CalendarDate } from '../core/dates.ts';
import { type CellTitle, sayFigure } from './cell-title.ts';
import { type Columns, dayOf, isWeekend, monthOf, placeColumns } from './columns.ts';
import { fullWidth } from './frame.ts';
import { centreMark, defineCells, placeCell } from './marks.ts';
import { countStatuses } from './point.ts';
import { clipText, type Drawn, drawBox, drawRule, inks, measureText, writeText } from './svg.ts';

const labelSize = 12.5;
const widestLabel = 170;
const headHeight = 38;

/** Draws a coverage of few dates. */
export function drawDateGrid(coverage: Coverage, dates: readonly CalendarDate[], title: CellTitle): Drawn {
  const { tables } = coverage;
  const label = widthOfLabels(tables.map((table) => table.table));
  const figure = 16 + Math.max(0, ...tables.map((table) => measureText(sayFigure(table), labelSize)));
  const columns = placeColumns(dates, fullWidth - label - figure);
  const row = tables.length === 1 ? 28 : 22;
  const shape = centreMark(columns.cell - 1.5, row - 2);
  const bottom = headHeight + tables.length * row;
  const present = countStatuses(tables).map(([status]) => status);
  const places = new Map(columns.all.map((column) => [column.date, label + column.x]));
  const rows = tables.map((table, n) =>
    drawRow(table, { y: headHeight + n * row, row, label, end: label + columns.width + figure, places, title }),
  );
  return {
    width: label + columns.width + figure,
    height: bottom,
    svg: [defineCells(present, shape), drawHead(columns, label, bottom), ...rows].join('\n'),
  };
}

/** Room that names take at the left of a grid. */
export function widthOfLabels(names: readonly string[], size = labelSize, widest = widestLabel): number {
  return Math.min(widest, Math.max(0, ...names.map((name) => measureText(clipText(name, widest, size), size)))) + 12;
}

/** Month names and rules, day numbers, and weekends as bands behind the cells. */
function drawHead(columns: Columns, label: number, bottom: number): string {
  const small = columns.cell < 15 ? 8.5 : columns.cell < 20 ? 10 : 11;
  const parts: string[] = [];
  let month = '';
  for (const { date, x } of columns.all) {
    const at = label + x;
    const weekend = isWeekend(date);
    if (weekend) parts.push(drawBox(at - 0.75, headHeight - 17, columns.cell, bottom - headHeight + 18, inks.weekend));
    const style = { size: small, anchor: 'middle' as const, fill: weekend ? inks.text : inks.quiet };
    parts.push(writeText(at + columns.cell / 2 - 0.75, headHeight - 5, String(dayOf(date)), style));
    if (monthOf(date) === month) continue;
    month = monthOf(date);
    if (x > 0) parts.push(drawRule(at - 4, 2, at - 4, bottom, inks.quiet));
    parts.push(writeText(at, 12, month, { size: 12, bold: true }));
  }
  return parts.join('');
}

type RowPlace = {
  readonly y: number;
  readonly row: number;
  readonly label: number;
  /** Where the figure ends. */
  readonly end: number;
  readonly places: ReadonlyMap<CalendarDate, number>;
  readonly title: CellTitle;
};

function drawRow(table: TableCoverage, { y, row, label, end, places, title }: RowPlace): string {
  const base = y + row / 2 + 3.5;
  const cells = table.cells.map((cell) =>
    placeCell(cell.status, places.get(cell.date) ?? label, y + 1, title(table.table, cell)),
  );
  return [
    writeText(0, base, clipText(table.table, label - 10, labelSize), { size: labelSize, bold: true }),
    ...cells,
    writeText(end, base, sayFigure(table), {
      size: labelSize,
      anchor: 'end',
      bold: true,
    }),
  ].join('');
}
