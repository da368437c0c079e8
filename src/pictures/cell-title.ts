/** Words about single cells: what a browser shows of the one that is pointed at, and the figure at the end of a row. */
import { sayDates } from '../core/dates.ts';
import type { Verdict } from '../core/verdict.ts';
import { sayStatus } from './marks.ts';
import { groupDigits } from './point.ts';
import { escapeXml } from './svg.ts';

/** The title of a cell as XML, or undefined for pictures that nobody can point at. */
export type CellTitle = (table: string, cell: Verdict) => string | undefined;

/** "mlfs, 16 Nov 2021: blocked (upstream missing), 0 rows". */
export const sayCell: CellTitle = (table, cell) => {
  const reason = cell.reason === null ? '' : ` (${cell.reason.replaceAll('_', ' ')})`;
  const rows = cell.rows === null ? 'not read' : `${groupDigits(cell.rows)} ${cell.rows === 1 ? 'row' : 'rows'}`;
  return escapeXml(`${table}, ${sayDates([cell.date])}: ${sayStatus(cell.status)}${reason}, ${rows}`);
};

/** No titles. */
export const noTitle: CellTitle = () => undefined;

export type Share = { readonly complete: number; readonly expected: number };

/** How many of some cells are expected, and complete. */
export function countShare(cells: readonly Verdict[]): Share {
  return {
    complete: cells.filter(({ status }) => status === 'complete').length,
    expected: cells.filter(({ status }) => status !== 'not_expected').length,
  };
}

/** "14/28"; where nothing is expected "-". */
export function sayFigure({ complete, expected }: Share): string {
  return expected === 0 ? '-' : `${complete}/${expected}`;
}
