import { describe, expect, it } from 'vitest';
import { statuses, type Verdict } from '../../src/core/verdict.ts';
import { findProblems, foldProblems, type ProblemRow, worstOf } from '../../src/messages/problem-table.ts';
import { seasonCoverage } from './coverage-samples.ts';

type Named = { readonly table: string; readonly cell: Verdict };

const coverage = seasonCoverage();
const problems = findProblems(coverage);
const all: readonly Named[] = coverage.tables
  .flatMap(({ table, cells }) => cells.map((cell) => ({ table, cell })))
  .filter(({ cell }) => !['complete', 'not_expected', 'running'].includes(cell.status))
  .sort(
    (a, b) =>
      statuses.indexOf(a.cell.status) - statuses.indexOf(b.cell.status) || a.cell.date.localeCompare(b.cell.date),
  );

const cellsOf = (rows: readonly ProblemRow[]): Named[] =>
  rows.flatMap(({ table, cells }) => cells.map((cell) => ({ table, cell })));
const nameOf = ({ table, cell }: Named) => `${table} ${cell.date}`;

describe('the problems of a season', () => {
  it('are a row each where there is room, by status, then date, then the order of the tables', () => {
    expect(all.length).toBeGreaterThan(100);
    const { rows, more } = foldProblems(problems, all.length);
    expect(more).toBe(0);
    expect(cellsOf(rows).map(nameOf)).toEqual(all.map(nameOf));
    expect(worstOf(problems)).toEqual(all[0]);
  });

  it('are joined with less room: of one table, alike, by date, most first, and no cell is lost', () => {
    for (const most of [0, 1, 5, all.length - 1]) {
      const { rows, more } = foldProblems(problems, most);
      expect(cellsOf(rows).length + more).toBe(all.length);
      expect(new Set(cellsOf(rows).map(nameOf)).size).toBe(cellsOf(rows).length);
      const sizes = rows.map(({ cells }) => cells.length);
      expect(sizes).toEqual([...sizes].sort((a, b) => b - a));
      for (const { cells } of rows) {
        const dates = cells.map((cell) => cell.date);
        expect(new Set(cells.map((cell) => cell.status)).size).toBe(1);
        expect(dates).toEqual([...dates].sort());
      }
    }
  });
});
