import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { buildCoverage } from '../../../src/core/coverage/coverage.ts';
import { addDays, daysBetween } from '../../../src/core/dates.ts';
import { judge } from '../../../src/core/judge/judge.ts';
import type { Verdict } from '../../../src/core/verdict.ts';
import { catalogueOf, factsOf } from '../../support/old-minima.ts';

const catalogue = (expect: string) =>
  catalogueOf(`
pipeline: x
time_zone: UTC
bootstrap_days: 2
seasons: [{ name: one, starts: 2021-11-01, ends: 2021-11-10 }, { name: two, starts: 2021-11-11, ends: 2021-11-20 }]
tables:
  sums: { table: d.sums, date_column: day, key: [id], dates: season, bootstrap: true, expect: ${expect} }
`);
const first = '2021-11-01';

function cells(rows: readonly number[], expectation = '{ never_falls: true }', twice?: number): readonly Verdict[] {
  const dates = daysBetween(first, addDays(first, rows.length - 1));
  const facts = factsOf(first, dates.at(-1) ?? first, {
    sums: Object.fromEntries(rows.map((n, i) => [dates[i] ?? '', n])),
  });
  const sums = facts.tables.get('sums');
  if (sums && twice !== undefined) sums.rows[twice] = (sums.rows[twice] ?? 0) * 2;
  const judging = judge(catalogue(expectation), facts, { now: Date.UTC(2022, 0, 1) });
  return buildCoverage(judging, { tables: ['sums'], dates }).tables[0]?.cells ?? [];
}

const statuses = (found: readonly Verdict[]) => found.map((cell) => cell.status);

describe('a table that never falls', () => {
  it('is thin on a date with fewer rows than an earlier one, and names it', () => {
    const found = cells([0, 0, 5, 9, 9, 8, 7, 9]);
    expect(statuses(found).slice(2)).toEqual(['complete', 'complete', 'complete', 'thin', 'thin', 'complete']);
    expect(found[6]).toMatchObject({ reason: 'rows_short', entities: 7, expected: 9 });
    expect(found[6]?.rule).toBe('expects never fewer than earlier in the season (9 rows on 2021-11-04)');
    expect(found[6]?.causes).toMatchObject([{ table: 'sums', date: '2021-11-07', have: 7, need: 9 }]);
  });

  it('begins anew with a season, and does not count placeholders of its first days', () => {
    const rows = [50, 50, 5, 9, 9, 9, 9, 9, 9, 9, 0, 0, 2];
    expect(statuses(cells(rows)).slice(2, 10)).toEqual(Array(8).fill('complete'));
    expect(cells(rows)[12]).toMatchObject({ status: 'complete', expected: null });
  });

  it('does not count a date with duplicates', () => {
    expect(statuses(cells([0, 0, 5, 50, 6], '{ never_falls: true }', 3)).slice(2)).toEqual([
      'complete',
      'over',
      'complete',
    ]);
  });

  it('has the higher one of two figures', () => {
    const found = cells([0, 0, 5, 12, 11], '{ at_least: 10, never_falls: true }');
    expect(found.slice(2).map((cell) => [cell.status, cell.expected])).toEqual([
      ['thin', 10],
      ['complete', 10],
      ['thin', 12],
    ]);
    expect(found[4]?.rule).toBe(
      'expects at least 10 rows and never fewer than earlier in the season (12 rows on 2021-11-04)',
    );
  });

  it('is thin exactly where an earlier date of the season held more', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(9), { minLength: 8, maxLength: 8 }), (drawn) => {
        const rows = [0, 0, ...drawn];
        cells(rows).forEach((cell, i) => {
          const before = Math.max(0, ...rows.slice(0, i));
          const status = (rows[i] ?? 0) === 0 ? 'missing' : (rows[i] ?? 0) < before ? 'thin' : 'complete';
          if (i >= 2) expect([i, cell.status]).toEqual([i, status]);
        });
      }),
      { numRuns: 200 },
    );
  });
});
