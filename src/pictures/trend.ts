/**
 * Rows of one table, date by date, against what was expected. A year and a bit fits into one line of bars; what is longer
 * is drawn a year below the other, on the same scale, since a season is compared with a season.
 */

import type { Coverage, TableCoverage } from '../core/coverage/coverage-report.ts';
import { type CalendarDate, toDay } from '../core/dates.ts';
import type { Verdict } from '../core/verdict.ts';
import { sayCell } from './cell-title.ts';
import { framePicture, fullWidth, legendEntry, legendOf } from './frame.ts';
import { countStatuses, describePicture, groupDigits, sayPoint, sayWhen } from './point.ts';
import { type Drawn, drawRule, inks, measureText, moveTo } from './svg.ts';
import { drawPanel, type Scale } from './trend-panel.ts';

/** Days in one line, lines at most, and the height of the bars when there is one line or several. */
const [lineDays, mostLines, tall, low] = [400, 24, 220, 110];

export type TrendOptions = { readonly titles?: boolean };

/** Draws the rows of the first table of a coverage as SVG, about 1,000 pixels wide. */
export function drawTrend(coverage: Coverage, options: TrendOptions = {}): string {
  const table = coverage.tables[0];
  const one = { ...coverage, tables: table === undefined ? [] : [table] };
  const lines = table === undefined ? [] : splitLines(table.cells);
  const shown = lines.slice(-mostLines);
  const left = lines.length - shown.length;
  const drawing = table === undefined ? { width: 0, height: 0, svg: '' } : drawLines(table, shown, options);
  return framePicture({
    title: sayPoint(one),
    subtitle: `Rows per date · ${sayWhen(one)}${left > 0 ? ` · the last ${shown.length} of ${lines.length} years` : ''}`,
    label: describePicture(one, 'Rows per date'),
    drawing,
    legend: [legendEntry(drawRule(0, 9, 18, 9, inks.text), 'rows expected'), ...legendOf(countStatuses(one.tables))],
  });
}

/** All dates in one line if they fit, else a line per calendar year. */
function splitLines(cells: readonly Verdict[]): Verdict[][] {
  const sorted = [...cells].sort((a, b) => (a.date < b.date ? -1 : 1));
  const [first, last] = [sorted[0], sorted.at(-1)];
  if (first === undefined || last === undefined) return [];
  if (toDay(last.date) - toDay(first.date) < lineDays) return [sorted];
  const years = new Map<string, Verdict[]>();
  for (const cell of sorted) {
    const year = years.get(cell.date.slice(0, 4));
    if (year === undefined) years.set(cell.date.slice(0, 4), [cell]);
    else year.push(cell);
  }
  return [...years.values()];
}

function drawLines(table: TableCoverage, lines: readonly (readonly Verdict[])[], options: TrendOptions): Drawn {
  const top = Math.max(1, ...lines.flat().map((cell) => Math.max(cell.rows ?? 0, cell.expected ?? 0)));
  const step = niceStep(top / 5);
  const ticks = Array.from({ length: Math.ceil(top / step) + 1 }, (_, n) => n * step);
  const label = Math.max(...ticks.map((tick) => measureText(groupDigits(tick), 11))) + 10;
  const height = lines.length > 1 ? low : tall;
  const title = options.titles === true ? (cell: Verdict) => sayCell(table.table, cell) : () => undefined;
  const several = lines.length > 1;
  const panels = lines.map((cells) => {
    const span = several ? wholeYear(cells) : { from: cells[0]?.date ?? '', to: cells.at(-1)?.date ?? '' };
    const scale: Scale = { ...span, width: fullWidth - label, height, top: ticks.at(-1) ?? top, ticks };
    return drawPanel(cells, scale, title);
  });
  let y = 0;
  const placed = panels.map((panel) => {
    const svg = moveTo(label, y, panel.svg);
    y += panel.height + 18;
    return svg;
  });
  return { width: fullWidth, height: y - 18, svg: placed.join('\n') };
}

function wholeYear(cells: readonly Verdict[]): { from: CalendarDate; to: CalendarDate } {
  const year = (cells[0]?.date ?? '2000').slice(0, 4);
  return { from: `${year}-01-01`, to: `${year}-12-31` };
}

/** 1, 2 or 5 times a power of ten, whole, and not below a figure. */
function niceStep(least: number): number {
  const power = 10 ** Math.floor(Math.log10(Math.max(1, least)));
  return [1, 2, 5, 10].map((times) => times * power).find((step) => step >= least) ?? power * 10;
}
