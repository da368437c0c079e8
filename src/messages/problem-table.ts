/** The dates that need work as a table: what is wrong, by how much, and the first cause above. */
import type { Coverage } from '../core/reports.ts';
import { statuses, type Verdict } from '../core/verdict.ts';
import type { Part } from './blocks.ts';
import type { Room } from './fit-message.ts';
import { sayCause, sayNumber, sayWhy, statusMarks, statusWords } from './phrases.ts';
import { clip } from './words.ts';

/** A cell that needs work. */
export type Problem = { readonly table: string; readonly cell: Verdict };

/** Cells that need work, in the order of precedence of their statuses: what is unknown or blocked first. */
export function worstFirst(coverage: Coverage): Problem[] {
  return coverage.tables
    .flatMap((table) => table.cells.map((cell) => ({ table: table.table, cell })))
    .filter(({ cell }) => cell.status !== 'complete' && cell.status !== 'not_expected' && cell.status !== 'running')
    .sort(
      (a, b) =>
        statuses.indexOf(a.cell.status) - statuses.indexOf(b.cell.status) || a.cell.date.localeCompare(b.cell.date),
    );
}

/** The worst cells as a table block, as many as there is room for. */
export function problemTable(problems: readonly Problem[], oneTable: boolean, room: Room): Part {
  const heads = ['Date', ...(oneTable ? [] : ['Table']), 'Status', 'Why', 'Rows / expected', 'First cause'];
  const rows = problems
    .slice(0, room.rows)
    .map(({ table, cell }) => [
      cell.date,
      ...(oneTable ? [] : [table]),
      `${statusMarks[cell.status]} ${statusWords[cell.status]}`,
      clip(sayWhy(cell), 120),
      sayRows(cell),
      clip(sayFirstCause(table, cell), 120),
    ]);
  return { kind: 'table', rows: [heads, ...rows], right: [oneTable ? 3 : 4] };
}

function sayRows(cell: Verdict): string {
  if (cell.rows === null) return 'unread';
  return cell.expected === null ? sayNumber(cell.rows) : `${sayNumber(cell.rows)} / ${sayNumber(cell.expected)}`;
}

function sayFirstCause(table: string, cell: Verdict): string {
  const above = cell.causes.filter((cause) => cause.table !== table || cause.date !== cell.date);
  const first = above[0];
  if (first === undefined) return 'itself';
  return above.length > 1 ? `${sayCause(first)}; +${above.length - 1} more` : sayCause(first);
}
