/**
 * Many tables over many years: a cell per month, with "28/30" in it, a block per year. What a single date is cannot be
 * seen any more; which months to look at can.
 */
import type { Coverage } from '../core/coverage/coverage-report.ts';
import type { Status } from '../core/verdict.ts';
import { sayFigure } from './cell-title.ts';
import { nameMonth } from './columns.ts';
import { widthOfLabels } from './date-grid.ts';
import { fullWidth, legendEntry } from './frame.ts';
import { centreMark, drawCell, looks } from './marks.ts';
import { clipText, type Drawn, drawBox, inks, moveTo, writeText } from './svg.ts';

const [row, headHeight, gap, labelSize] = [17, 32, 22, 11];

/** How a month looks: as the cell of the status that it comes closest to. */
const shown = { all: 'complete', some: 'thin', none: 'missing', free: 'not_expected' } as const satisfies Record<
  string,
  Status
>;
type Kind = keyof typeof shown;
type Tally = { complete: number; expected: number };

/** The drawing, and its own legend, since these cells are no statuses. */
export function drawMonthMatrix(coverage: Coverage): { readonly drawing: Drawn; readonly legend: readonly Drawn[] } {
  const names = coverage.tables.map(({ table }) => table);
  const tallies = coverage.tables.map((table) => tallyMonths(table.cells));
  const years = [...new Set(tallies.flatMap((tally) => [...tally.keys()].map((month) => month.slice(0, 4))))].sort();
  const label = widthOfLabels(names, labelSize, 130);
  const cell = Math.floor((fullWidth - label - 20) / 24);
  const step = headHeight + names.length * row + gap;
  const blocks = years.map((year, n) => {
    const at = Math.floor(n / 2) * step;
    const labels = n % 2 === 0 ? names.map((name, line) => writeName(name, line, label)).join('') : '';
    return moveTo(0, at, labels) + moveTo(label + (n % 2) * (12 * cell + 20), at, drawYear(year, tallies, cell));
  });
  const drawing = {
    width: label + (years.length > 1 ? 24 * cell + 20 : 12 * cell),
    height: Math.ceil(years.length / 2) * step - gap,
    svg: blocks.join('\n'),
  };
  return { drawing, legend: legendOfMonths() };
}

function tallyMonths(cells: Coverage['tables'][number]['cells']): ReadonlyMap<string, Tally> {
  const months = new Map<string, Tally>();
  for (const { date, status } of cells) {
    const month = date.slice(0, 7);
    const tally = months.get(month) ?? { complete: 0, expected: 0 };
    months.set(month, tally);
    if (status === 'complete') tally.complete += 1;
    if (status !== 'not_expected') tally.expected += 1;
  }
  return months;
}

const baseOf = (line: number) => headHeight + line * row + row / 2 + 3.2;

function writeName(name: string, line: number, label: number): string {
  return writeText(0, baseOf(line), clipText(name, label - 10, labelSize), { size: labelSize, bold: true });
}

function drawYear(year: string, tallies: readonly ReadonlyMap<string, Tally>[], cell: number): string {
  const parts = [writeText(0, 12, year, { size: 12, bold: true })];
  for (let month = 1; month <= 12; month += 1) {
    const x = (month - 1) * cell;
    const style = { size: 9, anchor: 'middle' as const, fill: inks.quiet };
    parts.push(writeText(x + cell / 2 - 0.5, headHeight - 5, nameMonth(month), style));
    for (const [line, tally] of tallies.entries()) {
      const found = tally.get(`${year}-${String(month).padStart(2, '0')}`);
      if (found !== undefined) parts.push(drawTally(found, x, line, cell));
    }
  }
  return parts.join('');
}

function drawTally(tally: Tally, x: number, line: number, cell: number): string {
  const look = looks[shown[kindOf(tally)]];
  const style = { size: 9.5, anchor: 'middle' as const, fill: look.ink };
  return (
    drawBox(x, headHeight + line * row + 0.75, cell - 1.5, row - 1.5, look.fill, 2) +
    writeText(x + cell / 2 - 0.75, baseOf(line), sayFigure(tally), style)
  );
}

function kindOf({ complete, expected }: Tally): Kind {
  if (expected === 0) return 'free';
  if (complete === expected) return 'all';
  return complete === 0 ? 'none' : 'some';
}

function legendOfMonths(): Drawn[] {
  const words: Record<Kind, string> = {
    all: 'all expected dates complete',
    some: 'some complete',
    none: 'none complete',
    free: 'none expected',
  };
  return (Object.keys(words) as Kind[]).map((kind) =>
    legendEntry(drawCell(shown[kind], centreMark(18, 18), 3), words[kind]),
  );
}
