import { describe, expect, it } from 'vitest';
import { needSecond, showPlan } from '../../../src/core/access/second-person.ts';
import type { Plan } from '../../../src/core/backfill/backfill.ts';
import { buildAccess } from '../../../src/core/catalogue/access-file.ts';
import type { Status } from '../../../src/core/verdict.ts';

function planOf(...cells: [table: string, date: string, status: Status][]): Plan {
  const planned = cells.map(([table, date, status]) => ({ table, date, status }));
  return { target: 'mlfs', from: '2022-01-01', to: '2022-01-31', cells: planned, edges: [] };
}

const plan = planOf(
  ['pgs', '2022-01-02', 'missing'],
  ['pgs', '2022-01-01', 'thin'],
  ['mlfs', '2022-01-01', 'complete'],
  ['mlfs', '2022-01-02', 'blocked'],
  ['mlfs', '2022-01-03', 'not_expected'],
  ['mlfs', '2022-01-04', 'stale'],
);
const shown = showPlan(plan, {
  overridden: [{ table: 'mlfs', date: '2022-01-02', failing: [], causes: [] }],
});

describe('the plan that a second person sees', () => {
  it('has the exact dates of every table, in order, and those that have rows now', () => {
    expect(shown).toEqual({
      steps: [
        { table: 'pgs', dates: ['2022-01-01', '2022-01-02'], overwritten: ['2022-01-01'] },
        {
          table: 'mlfs',
          dates: ['2022-01-01', '2022-01-02', '2022-01-03', '2022-01-04'],
          overwritten: ['2022-01-01', '2022-01-04'],
        },
      ],
      overridden: ['2022-01-02'],
    });
  });
});

describe('a second person', () => {
  it('is needed for nothing where the file does not say so', () => {
    expect([needSecond(undefined, shown), needSecond(buildAccess({}), shown)]).toEqual([[], []]);
  });

  it('is needed above a number of dates that are written again, of all tables or of one', () => {
    const above = (all: number, pgs?: number) =>
      needSecond(
        buildAccess({
          approval: { overwrites_above: all },
          ...(pgs === undefined ? {} : { tables: { pgs: { overwrites_above: pgs } } }),
        }),
        shown,
      );
    expect([above(3), above(2), above(3, 0)]).toEqual([
      [],
      [{ kind: 'overwrites', table: null, dates: 3, above: 2 }],
      [{ kind: 'overwrites', table: 'pgs', dates: 1, above: 0 }],
    ]);
  });

  it('is needed for a protected table, also one that runs only as an upstream', () => {
    const access = buildAccess({ tables: { pgs: { protected: true }, odds: { protected: true } } });
    expect(needSecond(access, shown)).toEqual([{ kind: 'protected', tables: ['pgs'] }]);
  });

  it('is needed for an override that runs a blocked date, and not for one that sets nothing aside', () => {
    const access = buildAccess({ approval: { overrides: true } });
    expect(needSecond(access, shown)).toEqual([{ kind: 'skip-preflight', dates: 1 }]);
    expect(needSecond(access, { ...shown, overridden: [] })).toEqual([]);
  });
});
