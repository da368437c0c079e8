/**
 * A long range in blocks of 31 columns: a month with a row per table, or a year of one table with a row per month. Two
 * blocks stand side by side, since a season in one line would be too small to read in a chat column.
 */
import type { Status, Verdict } from '../core/verdict.ts';
import { type CellTitle, countShare, type Share, sayFigure } from './cell-title.ts';
import { dayOf, isWeekend } from './columns.ts';
import { widthOfLabels } from './date-grid.ts';
import { fullWidth } from './frame.ts';
import { centreMark, defineCells, looks, placeCell } from './marks.ts';
import { clipText, type Drawn, drawBox, inks, moveTo, writeText } from './svg.ts';

/** `rows[n]` are the cells of the n-th label, with the table that they are of. */
export type Block = {
  readonly title: string;
  readonly rows: readonly { readonly table: string; readonly cells: readonly Verdict[] }[];
  /** Whether the weekends are the same in all rows, so that they can be bands. */
  readonly sameMonth: boolean;
};
export type Summary = { readonly title: string; readonly shares: readonly Share[] };

const [days, rowHeight, headHeight, blockGap, figureWidth, labelSize] = [31, 13.5, 32, 18, 44, 11];

/** Height in pixels of so many blocks (the summary counts too). */
export function heightOfBlocks(blocks: number, rows: number): number {
  return Math.ceil(blocks / 2) * (headHeight + rows * rowHeight + blockGap) - blockGap;
}

/** Draws blocks below each other, two in a line; the summary is the first. */
export function drawBlocks(
  labels: readonly string[],
  blocks: readonly Block[],
  options: { readonly summary: Summary; readonly present: readonly Status[]; readonly title: CellTitle },
): Drawn {
  const label = widthOfLabels(labels, labelSize, 130);
  const cell = Math.floor(((fullWidth - label - 2 * figureWidth - 22) / (2 * days)) * 4) / 4;
  const step = headHeight + labels.length * rowHeight + blockGap;
  const across = days * cell + figureWidth + 22;
  const drawn = [
    drawSummary(options.summary, cell),
    ...blocks.map((block) => drawBlock(block, cell, labels.length, options.title)),
  ];
  const parts = drawn.map((svg, n) => moveTo(label + (n % 2) * across, Math.floor(n / 2) * step, svg));
  const names = drawn.map((_, n) =>
    n % 2 === 0 ? moveTo(0, (n / 2) * step, labels.map((name, row) => writeName(name, row, label)).join('')) : '',
  );
  return {
    width: label + across + days * cell + figureWidth,
    height: heightOfBlocks(drawn.length, labels.length),
    svg: [defineCells(options.present, centreMark(cell - 1, rowHeight - 1.5)), ...names, ...parts].join('\n'),
  };
}

const baseOf = (row: number) => headHeight + row * rowHeight + rowHeight / 2 + 3.2;

function writeName(name: string, row: number, label: number): string {
  return writeText(0, baseOf(row), clipText(name, label - 10, labelSize), { size: labelSize, bold: true });
}

function writeFigure(row: number, cell: number, figure: string): string {
  return writeText(days * cell + figureWidth - 2, baseOf(row), figure, { size: 10, anchor: 'end', fill: inks.text });
}

/** Bars of what is complete among what is expected. */
function drawSummary({ title, shares }: Summary, cell: number): string {
  const width = days * cell - 12;
  const bars = shares.map((share, row) => {
    const y = headHeight + row * rowHeight + 2;
    const full = share.expected === 0 ? 0 : (width * share.complete) / share.expected;
    return [
      drawBox(0, y, width, rowHeight - 5, looks.not_expected.fill, 2),
      full > 0 ? drawBox(0, y, full, rowHeight - 5, looks.complete.fill, 2) : '',
      writeFigure(row, cell, sayFigure(share)),
    ].join('');
  });
  const note = writeText(0, headHeight - 7, 'complete of expected', { size: 9, fill: inks.quiet });
  return [writeText(0, 13, title, { size: 12, bold: true }), note, ...bars].join('');
}

function drawBlock(block: Block, cell: number, rows: number, title: CellTitle): string {
  const first = block.rows[0]?.cells ?? [];
  const bands = block.sameMonth
    ? first
        .filter(({ date }) => isWeekend(date))
        .map(({ date }) =>
          drawBox((dayOf(date) - 1) * cell - 0.5, headHeight - 17, cell, rows * rowHeight + 17, inks.weekend),
        )
    : [];
  const last = block.sameMonth ? dayOf(first.at(-1)?.date ?? '2000-01-31') : days;
  const numbers = [1, 5, 10, 15, 20, 25, 30]
    .filter((day) => day <= last)
    .map((day) =>
      writeText((day - 0.5) * cell - 0.5, headHeight - 6, String(day), { size: 9, anchor: 'middle', fill: inks.quiet }),
    );
  const drawn = block.rows.map(({ table, cells }, row) => drawRow(table, cells, { row, cell, title }));
  return [writeText(0, 13, block.title, { size: 12, bold: true }), ...bands, ...numbers, ...drawn].join('');
}

type RowPlace = { readonly row: number; readonly cell: number; readonly title: CellTitle };

function drawRow(table: string, cells: readonly Verdict[], { row, cell, title }: RowPlace): string {
  if (cells.length === 0) return '';
  const y = headHeight + row * rowHeight + 0.75;
  const placed = cells.map((each) => placeCell(each.status, (dayOf(each.date) - 1) * cell, y, title(table, each)));
  return `${placed.join('')}${writeFigure(row, cell, sayFigure(countShare(cells)))}`;
}
