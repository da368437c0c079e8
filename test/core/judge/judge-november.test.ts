import { describe, expect, it } from 'vitest';
import { buildCoverage } from '../../../src/core/coverage/coverage.ts';
import { buildWhy } from '../../../src/core/coverage/why.ts';
import { daysBetween } from '../../../src/core/dates.ts';
import { judge } from '../../../src/core/judge/judge.ts';
import { planRepair, reportPlan } from '../../../src/core/plan/plan.ts';
import { november2021 } from '../../support/november-2021.ts';
import { catalogueOf, factsOf, november2021Counts, oldMinimaYaml } from '../../support/old-minima.ts';

const now = Date.UTC(2025, 11, 6);
const dates = daysBetween('2021-11-01', '2021-11-30');
const judging = judge(catalogueOf(oldMinimaYaml), factsOf('2021-11-01', '2021-11-30', november2021Counts()), { now });
const coverage = buildCoverage(judging, { tables: ['mlfs', 'pcf'], dates });
const [mlfs, pcf] = coverage.tables;

describe('November 2021 under the old fixed minima', () => {
  it('has 14 complete, 1 bootstrap, 1 without games and 14 blocked dates of mlfs', () => {
    expect(mlfs?.byStatus).toEqual({ complete: 14, blocked: 14, not_expected: 2 });
    const reasons = Object.fromEntries(mlfs?.cells.map((cell) => [cell.date, cell.reason]) ?? []);
    expect(reasons['2021-11-01']).toBe('bootstrap');
    expect(reasons['2021-11-25']).toBe('no_games');
    expect(mlfs?.cells.filter((cell) => cell.status === 'blocked').map((cell) => cell.date.slice(8))).toEqual(
      '02 03 04 05 06 07 08 09 11 16 21 23 29 30'.split(' '),
    );
  });

  it('has 17 complete and 11 blocked dates of pcf', () => {
    expect(pcf?.byStatus).toEqual({ complete: 17, blocked: 11, not_expected: 2 });
  });

  it('names the edges, values and minima that fail on every blocked date', () => {
    for (const row of november2021) {
      for (const [table, expected] of [
        [mlfs, row.mlfsBlockedBy],
        [pcf, row.pcfBlockedBy],
      ] as const) {
        const cell = table?.cells.find((c) => c.date === row.date);
        const failing = cell?.failing.map((edge) => `${edge.table} ${edge.have}<${edge.need}`) ?? [];
        expect([row.date, table?.table, failing.sort()]).toEqual([row.date, table?.table, [...expected].sort()]);
      }
    }
  });

  it('says threshold_unreachable where three or four games cannot hold the minimum, and rows_short where they can', () => {
    for (const date of ['2021-11-09', '2021-11-11', '2021-11-16', '2021-11-23']) {
      expect(pcf?.cells.find((c) => c.date === date)?.reason).toBe('threshold_unreachable');
      expect(mlfs?.cells.find((c) => c.date === date)?.reason).toBe('threshold_unreachable');
    }
    const short = mlfs?.cells.find((c) => c.date === '2021-11-21');
    expect(short?.reason).toBe('upstream_thin');
    expect(short?.causes).toEqual([{ table: 'pdc', date: '2021-11-21', reason: 'rows_short', have: 95, need: 100 }]);
  });

  it('counts calendar, expected, reachable and complete', () => {
    expect(mlfs).toMatchObject({ calendar: 30, expected: 28, reachable: 24, complete: 14 });
  });

  it('traces the last two dates to the team that tdza lacks', () => {
    const cell = mlfs?.cells.find((c) => c.date === '2021-11-29');
    expect(cell?.failing).toMatchObject([{ table: 'pcf', have: 0, need: 100, status: 'blocked' }]);
    expect(cell?.causes).toEqual([{ table: 'tdza', date: '2021-11-29', reason: 'rows_short', have: 29, need: 30 }]);
    const chain = buildWhy(judging, 'mlfs', '2021-11-29').chain.map(
      (step) => `${step.table} ${step.status} ${step.have}/${step.need}`,
    );
    expect(chain).toEqual(['mlfs blocked 0/null', 'pcf blocked 0/100', 'tdza complete 29/30']);
  });

  it('plans nothing for dates whose minimum cannot be met, and says so', () => {
    const plan = reportPlan(planRepair(judging, 'mlfs', ['2021-11-09', '2021-11-10']));
    expect(plan.steps).toEqual([]);
    expect(plan.blocked).toMatchObject([
      { table: 'mlfs', date: '2021-11-09', cause: { reason: 'threshold_unreachable' } },
    ]);
  });
});
