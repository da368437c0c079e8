import { describe, expect, it } from 'vitest';
import { chooseSample, closeSample } from '../../../src/core/backfill/sample.ts';
import { sayTooMany } from '../../../src/core/backfill/stop.ts';

const dates = Array.from({ length: 20 }, (_, n) => `2022-01-${String(n + 1).padStart(2, '0')}`);
const sizes: Record<string, number> = { '2022-01-07': 2, '2022-01-08': 1 };
const plan = {
  target: 'mlfs',
  cells: ['pgs', 'mlfs'].flatMap((table) =>
    dates.map((date) => ({ table, date, status: 'missing' as const, size: sizes[date] ?? 9 })),
  ),
  edges: dates.map((date) => ({
    table: 'mlfs',
    date,
    needs: 'pgs',
    from: date < '2022-01-03' ? date : '2022-01-02',
    to: date,
    strict: false,
  })),
};

describe('a sample', () => {
  it('has the ends of the range and the smallest slate, then others', () => {
    const chosen = chooseSample(plan, 5, 'b1');
    expect(chosen).toHaveLength(5);
    expect(chosen).toEqual(expect.arrayContaining(['2022-01-01', '2022-01-08', '2022-01-20']));
    expect(chooseSample(plan, 1, 'b1')).toEqual(['2022-01-01']);
    expect(chooseSample(plan, 3, 'b1')).toEqual(['2022-01-01', '2022-01-08', '2022-01-20']);
  });

  it('is the same for the same backfill, and another one for another', () => {
    expect(chooseSample(plan, 8, 'b1')).toEqual(chooseSample(plan, 8, 'b1'));
    const all = ['b1', 'b2', 'b3', 'b4'].map((seed) => chooseSample(plan, 8, seed).join());
    expect(new Set(all).size).toBeGreaterThan(2);
  });

  it('is everything where there is no more, and has no slate to look for where none is known', () => {
    expect(chooseSample(plan, 100, 'b1')).toEqual(dates);
    const unsized = { ...plan, cells: plan.cells.map(({ table, date, status }) => ({ table, date, status })) };
    expect(chooseSample(unsized, 2, 'b1')).toEqual(['2022-01-01', '2022-01-20']);
  });

  it('brings what it needs of the plan', () => {
    expect([...closeSample(plan, ['2022-01-01', '2022-01-04'])].sort()).toEqual([
      'mlfs 2022-01-01',
      'mlfs 2022-01-04',
      'pgs 2022-01-01',
      'pgs 2022-01-02',
      'pgs 2022-01-03',
      'pgs 2022-01-04',
    ]);
  });
});

describe('a limit of failures', () => {
  it('as a number is reached with that many', () => {
    expect(sayTooMany({ kind: 'count', n: 3 }, { failed: 2, ended: 2 })).toBeNull();
    expect(sayTooMany({ kind: 'count', n: 3 }, { failed: 3, ended: 9 })).toBe(
      '3 of 9 cells failed (--stop-on-failure=3)',
    );
  });

  it('as a share is reached by the share of five and more', () => {
    const limit = { kind: 'share', percent: 20 } as const;
    expect(sayTooMany(limit, { failed: 4, ended: 4 })).toBeNull();
    expect(sayTooMany(limit, { failed: 1, ended: 6 })).toBeNull();
    expect(sayTooMany(limit, { failed: 1, ended: 5 })).toBe('1 of 5 cells failed (--stop-on-failure=20%)');
  });
});
