import { describe, expect, it } from 'vitest';
import { buildCoverage } from '../../../src/core/coverage/coverage.ts';
import { buildWhy } from '../../../src/core/coverage/why.ts';
import { judge } from '../../../src/core/judge/judge.ts';
import type { Verdict } from '../../../src/core/verdict.ts';
import { catalogueOf, factsOf } from '../../support/old-minima.ts';

const day = '2021-11-03';

function yaml(need: string, expectation: string): string {
  return `
pipeline: x
time_zone: UTC
seasons: [{ name: one, starts: 2021-11-01, ends: 2021-11-30 }]
tables:
  base: { table: d.base, date_column: day, key: [id], dates: season }
  teams: { table: d.teams, date_column: day, key: [id], dates: season, expect: ${expectation} }
  below: { table: d.below, date_column: day, key: [id], dates: season, needs: [${need}] }
`;
}

/** The cells of a date of `teams` and `below`, judged by the full figures and as a backfill is. */
function both(need: string, expectation: string, rows: Record<string, number>, before = rows) {
  const counts = Object.fromEntries(
    ['base', 'teams', 'below'].map((alias) => [
      alias,
      { '2021-11-01': before[alias] ?? 0, '2021-11-02': before[alias] ?? 0, [day]: rows[alias] ?? 0 },
    ]),
  );
  const judged = (inBackfill: boolean) =>
    judge(catalogueOf(yaml(need, expectation)), factsOf('2021-11-01', day, counts), {
      now: Date.UTC(2022, 0, 1),
      inBackfill,
    });
  const cellsOf = (inBackfill: boolean): Record<string, Verdict> => {
    const { tables } = buildCoverage(judged(inBackfill), { tables: ['teams', 'below'], dates: [day] });
    return Object.fromEntries(tables.flatMap((table) => table.cells.map((cell) => [table.table, cell])));
  };
  return { full: cellsOf(false), lower: cellsOf(true), why: buildWhy(judged(false), 'below', day) };
}

describe('the lower figure of a need', () => {
  const need = '{ table: teams, at_least: 30, in_backfill: 20 }';

  it('lets a backfill run what coverage calls blocked, and coverage says so', () => {
    const { full, lower, why } = both(need, '{}', { teams: 25 });
    expect(full.below).toMatchObject({ status: 'blocked', failing: [{ table: 'teams', have: 25, need: 30 }] });
    expect(full.below?.notes).toEqual(['teams is enough for a backfill (in_backfill: at least 20 rows)']);
    expect(why.chain[0]?.notes).toEqual(full.below?.notes);
    expect(lower.below).toMatchObject({ status: 'missing', notes: [] });
  });

  it('does not call a date tainted that a backfill has filled by it', () => {
    const { full, lower } = both(need, '{}', { teams: 25, below: 3 });
    expect(full.below?.status).toBe('tainted');
    expect(lower.below?.status).toBe('complete');
  });

  it('blocks a backfill too where not even that is met, and the rule says which was applied', () => {
    const { full, lower } = both(need, '{}', { teams: 19 });
    expect(full.below).toMatchObject({ rule: 'R3: needs teams, at least 30 rows', notes: [] });
    expect(lower.below).toMatchObject({
      status: 'blocked',
      rule: 'R3: needs teams, at least 20 rows, the figure for backfills',
    });
  });

  it('may be a share of a table, or of the dates of a window', () => {
    const share = both('{ table: teams, share_of: base, at_least_share: 0.9, in_backfill: 0.5 }', '{}', {
      base: 10,
      teams: 5,
    });
    expect([share.full.below?.status, share.lower.below?.status]).toEqual(['blocked', 'missing']);
    expect(share.full.below?.notes).toEqual(['teams is enough for a backfill (in_backfill: at least 50 % of base)']);
    const window = both('{ table: teams, window: 3, at_least_share: 0.9, in_backfill: 0.3 }', '{}', { teams: 5 }, {});
    expect([window.full.below?.status, window.lower.below?.status]).toEqual(['blocked', 'missing']);
    expect(window.full.below?.notes).toEqual([
      'teams is enough for a backfill (in_backfill: at least 30 % of its dates)',
    ]);
  });
});

describe('the lower figure of an expectation', () => {
  it.each([
    ['{ exactly: 30, in_backfill: 20 }', 'at least 20 rows'],
    ['{ at_least: 30, in_backfill: 20 }', 'at least 20 rows'],
    ['{ share_of: base, at_least_share: 0.9, in_backfill: 0.5 }', 'at least 50 % of base'],
  ])('%s makes a thin date complete for a backfill', (expectation, said) => {
    const { full, lower } = both('teams', expectation, { base: 33, teams: 25 });
    expect(full.teams).toMatchObject({ status: 'thin', expected: 30 });
    expect(full.teams?.notes).toEqual([`enough for a backfill (in_backfill: ${said})`]);
    expect(lower.teams?.status).toBe('complete');
    expect(lower.teams?.rule).toContain('the figure for backfills');
    expect(full.below?.notes).toEqual([`teams is enough for a backfill (in_backfill: ${said})`]);
    expect([full.below?.status, lower.below?.status]).toEqual(['blocked', 'missing']);
  });

  it('leaves more than an exact figure too many, in a backfill as well', () => {
    const { full, lower } = both('teams', '{ exactly: 30, in_backfill: 20 }', { teams: 31 });
    expect([full.teams?.status, lower.teams?.status]).toEqual(['over', 'over']);
  });
});
