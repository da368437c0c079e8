import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Plan, PlannedCell } from '../../../src/core/backfill/backfill.ts';
import { addDays } from '../../../src/core/dates.ts';
import { estimateLeft, forecastPlan, type MeasuredRun, type TimedCell } from '../../../src/core/plan/estimate.ts';
import { smallCatalogue, smallService } from '../../support/small-catalogue.ts';

const from = '2022-01-01';
const catalogue = { ...smallCatalogue, services: new Map([['local', { ...smallService, maxConcurrent: 2 }]]) };
const runs = (table: string, ms: readonly number[], size: number | null = 7): MeasuredRun[] =>
  ms.map((each) => ({ table, size, ms: each }));
const steady = (table: string, ms: number, size: number | null = 7) => runs(table, Array(40).fill(ms), size);

/** A plan of some tables over the first dates of January, each of a table's dates after that of the table before it. */
function planOf(tables: readonly string[], days: number, size = 7): Plan {
  const dates = Array.from({ length: days }, (_, n) => addDays(from, n));
  const cells = tables.flatMap((table) =>
    dates.map((date): PlannedCell => ({ table, date, status: 'missing', ...(size > 0 ? { size } : {}) })),
  );
  const edges = tables
    .slice(1)
    .flatMap((table, n) =>
      dates.map((date) => ({ table, date, needs: tables[n] ?? '', from: date, to: date, strict: true })),
    );
  return { target: tables.at(-1) ?? '', from, to: dates.at(-1) ?? '', cells, edges };
}

const estimateOf = (plan: Plan, measured: readonly MeasuredRun[], concurrency: number | null = null) =>
  forecastPlan(catalogue, plan, measured, concurrency).estimate;

describe('the estimate of a plan', () => {
  it('is none while nothing has been measured, or there is nothing to run', () => {
    expect(estimateOf(planOf(['pgs'], 3), [])).toBeNull();
    expect(estimateOf(planOf([], 0), steady('pgs', 1000))).toBeNull();
  });

  it('is a range around the work over the places of the service, by the runs of the tables in it', () => {
    const found = estimateOf(planOf(['pgs'], 10), [...steady('pgs', 1000), ...steady('mlfs', 9000)]);
    expect(found).toMatchObject({ measured: 40 });
    expect(found?.leastMs).toBeGreaterThan(4800);
    expect(found?.leastMs).toBeLessThan(5000);
    expect(found?.mostMs).toBeGreaterThan(5000);
    expect(found?.mostMs).toBeLessThan(5200);
    expect(estimateOf(planOf(['pgs'], 10), steady('pgs', 1000), 1)?.leastMs).toBeGreaterThan(9600);
  });

  it('runs from the fastest quarter of what was measured to the slowest', () => {
    const measured = runs(
      'pgs',
      Array.from({ length: 40 }, (_, n) => 1000 + n * 100),
    );
    const found = estimateOf(planOf(['pgs'], 1), measured);
    expect(found?.leastMs).toBeCloseTo(2000 / (1 + 1 / 40), -1);
    expect(found?.mostMs).toBeCloseTo(3900 * (1 + 1 / 40), -1);
  });

  it('is wider the less was measured', () => {
    const one = estimateOf(planOf(['pgs'], 1), runs('pgs', [1000]));
    expect(one).toEqual({ leastMs: 500, mostMs: 2000, measured: 1 });
  });

  it('goes by dates of a like size, and for a size that never ran by the nearest', () => {
    const measured = [...steady('pgs', 1000, 3), ...steady('pgs', 9000, 12)];
    expect(estimateOf(planOf(['pgs'], 2, 3), measured)?.mostMs).toBeLessThan(1100);
    expect(estimateOf(planOf(['pgs'], 2, 14), measured)?.leastMs).toBeGreaterThan(8000);
  });

  it('takes for a table that never ran the widest range of all that did, in the plan or not', () => {
    const measured = [...steady('pgs', 1000), ...steady('pdc', 5000)];
    const found = estimateOf(planOf(['psza'], 1, 0), measured);
    expect(found?.leastMs).toBeLessThan(1000);
    expect(found?.mostMs).toBeGreaterThan(5000);
    expect(found?.measured).toBe(80);
  });

  it('counts a chain of needs as a chain', () => {
    const measured = [...steady('pgs', 1000), ...steady('pcf', 2000), ...steady('mlfs', 3000)];
    expect(estimateOf(planOf(['pgs', 'pcf', 'mlfs'], 1), measured)?.leastMs).toBeGreaterThan(5800);
  });
});

/** The cells of a plan before anything ran. */
function waiting(plan: Plan): TimedCell[] {
  return plan.cells.map((cell) => ({ ...cell, state: 'waiting', attempts: 0, startedAt: null, finishedAt: null }));
}

/** Runs cells one after the other, each taking what `take` says; gives the cells after every end. */
function runThrough(plan: Plan, take: (n: number) => number): TimedCell[][] {
  const cells = waiting(plan);
  let now = 1000;
  return cells.map((cell, n) => {
    cells[n] = { ...cell, state: 'succeeded', attempts: 1, startedAt: now, finishedAt: now + take(n) };
    now += take(n);
    return [...cells];
  });
}

describe('the time that a backfill has left', () => {
  const plan = planOf(['pgs'], 30);
  const forecast = (measured: readonly MeasuredRun[]) => forecastPlan(catalogue, plan, measured, 1);

  it('is the estimate when it begins, and none when all is done', () => {
    const known = forecast(steady('pgs', 1000));
    const left = estimateLeft(waiting(plan), known);
    expect([left?.least, left?.most].map((ms) => Math.round(ms ?? 0))).toEqual([
      known.estimate?.leastMs,
      known.estimate?.mostMs,
    ]);
    const all = runThrough(plan, () => 1000).at(-1) ?? [];
    expect(estimateLeft(all, known)).toBeNull();
  });

  it('is known from its own cells where nothing was measured before, from the first one on', () => {
    const steps = runThrough(plan, () => 1000);
    expect(estimateLeft(waiting(plan), forecast([]))).toBeNull();
    const first = estimateLeft(steps[0] ?? [], forecast([]));
    expect(first?.least).toBeCloseTo(29 * 500, 0);
    expect(first?.most).toBeCloseTo(29 * 2000, 0);
  });

  it('leans to its own cells the more there are of them', () => {
    const slow = runThrough(plan, () => 3000).map((cells) => estimateLeft(cells, forecast(steady('pgs', 1000))));
    const perCell = slow.map((left, n) => (left ? left.most / (29 - n) : 0));
    expect(perCell[0]).toBeLessThan(2000);
    expect(perCell[20]).toBeGreaterThan(2400);
    for (let n = 4; n < 28; n++) expect(perCell[n]).toBeGreaterThanOrEqual(perCell[n - 1] ?? 0);
  });

  it('never grows, and narrows, while cells take what they took before', () => {
    fc.assert(
      fc.property(fc.integer({ min: 800, max: 1200 }), fc.integer({ min: 1, max: 4 }), (taken, places) => {
        const measured = runs('pgs', [...Array(20).fill(800), ...Array(20).fill(1200)]);
        const known = forecastPlan(catalogue, plan, measured, places);
        const lefts = [waiting(plan), ...runThrough(plan, () => taken)].map((cells) => estimateLeft(cells, known));
        const spans = lefts.map((left) => (left ? left.most - left.least : 0));
        lefts.forEach((left, n) => {
          const before = lefts[n - 1];
          if (!before || !left) return;
          expect(left.most).toBeLessThanOrEqual(before.most);
          expect(left.least).toBeLessThanOrEqual(left.most);
        });
        expect(lefts[20]?.most ?? 0).toBeLessThan(lefts[0]?.most ?? 0);
        expect(spans[25]).toBeLessThan(spans[0] ?? 0);
      }),
      { numRuns: 100 },
    );
  });

  it('counts of a running cell what is left of it at the last event, and never nothing', () => {
    const known = forecastPlan(catalogue, planOf(['pgs'], 1), steady('pgs', 1000), null);
    const [cell] = waiting(planOf(['pgs'], 1));
    const done = { ...cell, table: 'pgs', date: '2021-12-31', size: 7, state: 'failed', attempts: 1 } as const;
    const leftAfter = (ms: number) =>
      estimateLeft(
        [
          { ...done, startedAt: 5000, finishedAt: 5000 + ms },
          { ...done, date: from, state: 'running', startedAt: 5000, finishedAt: null },
        ],
        known,
      );
    expect(leftAfter(600)?.most).toBeCloseTo(425, -1);
    expect(leftAfter(60_000)?.most).toBeCloseTo(256, -1);
  });

  it('does not learn from failed, retried or skipped cells', () => {
    const known = forecast(steady('pgs', 1000));
    const before = estimateLeft(waiting(plan), known);
    const odd = waiting(plan).map((cell, n): TimedCell => {
      if (n > 2) return cell;
      const state = (['failed', 'skipped', 'succeeded'] as const)[n] ?? 'failed';
      return { ...cell, state, attempts: 1 + n, startedAt: 0, finishedAt: 500_000 };
    });
    expect(estimateLeft(odd, known)?.most).toBeCloseTo(((before?.most ?? 0) * 27) / 30, 0);
  });
});
