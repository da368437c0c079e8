import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { findConflict } from '../../../src/core/backfill/locks.ts';
import { type Limits, type Runner, shareSlots } from '../../../src/core/backfill/share.ts';

const runner = (backfill: string, table: string, date: string, more: Partial<Runner> = {}): Runner => ({
  backfill,
  table,
  date,
  reads: [],
  concurrency: null,
  ...more,
});
const limits = (max: number, interval = 0): Limits =>
  new Map([
    ['pgs', { service: 'one', max, interval }],
    ['togs', { service: 'one', max, interval }],
    ['pcf', { service: 'two', max, interval: 0 }],
  ]);
const days = (backfill: string, table: string, count: number, month = '01'): Runner[] =>
  Array.from({ length: count }, (_, n) => runner(backfill, table, `2022-${month}-${String(n + 1).padStart(2, '0')}`));
const namesOf = (cells: readonly Runner[]) => cells.map(({ backfill, date }) => `${backfill} ${date.slice(5)}`);

describe('free slots', () => {
  it('are shared by two long backfills', () => {
    const chosen = shareSlots([...days('a', 'pgs', 9), ...days('b', 'pgs', 9, '02')], [], limits(4));
    expect(namesOf(chosen)).toEqual(['a 01-01', 'b 02-01', 'a 01-02', 'b 02-02']);
  });

  it('go to a repair of one day before a year that has most of them already', () => {
    const under = days('year', 'pgs', 3);
    const candidates = [...days('year', 'pgs', 20).slice(3), runner('repair', 'pgs', '2022-05-01')];
    expect(namesOf(shareSlots(candidates, under, limits(4)))).toEqual(['repair 05-01']);
  });

  it('are not left empty when only one backfill wants them', () => {
    expect(shareSlots(days('a', 'pgs', 9), [], limits(4))).toHaveLength(4);
  });

  it('are counted by service, not by table', () => {
    const candidates = [...days('a', 'pgs', 3), ...days('a', 'togs', 3), ...days('a', 'pcf', 3)];
    const chosen = shareSlots(candidates, [], limits(2));
    expect(chosen.map(({ table }) => table).sort()).toEqual(['pcf', 'pcf', 'pgs', 'pgs']);
  });

  it('of a service that wants time between two calls are filled one at a time, of one that is closed not at all', () => {
    const candidates = [...days('a', 'pgs', 3), ...days('a', 'togs', 3), ...days('a', 'pcf', 3)];
    const chosen = shareSlots(candidates, [], limits(5, 1000));
    expect(chosen.map(({ table }) => table).sort()).toEqual(['pcf', 'pcf', 'pcf', 'pgs']);
    expect(shareSlots(candidates, [], limits(5, 1000), new Set(['one'])).every(({ table }) => table === 'pcf')).toBe(
      true,
    );
  });

  it('are never more than any limit allows, never in conflict, never refused to all, and shared evenly', () => {
    const cell = fc.record({
      backfill: fc.constantFrom('a', 'b', 'c'),
      table: fc.constantFrom('pgs', 'pcf'),
      day: fc.nat(8),
    });
    fc.assert(
      fc.property(
        fc.array(cell, { maxLength: 40 }),
        fc.integer({ min: 1, max: 6 }),
        fc.boolean(),
        (cells, max, reads) => {
          const candidates = cells
            .map(({ backfill, table, day }) =>
              runner(backfill, table, `2022-01-0${day + 1}`, {
                concurrency: backfill === 'c' ? 1 : null,
                reads:
                  reads && table === 'pcf' ? [{ table: 'pgs', from: '2022-01-01', to: `2022-01-0${day + 1}` }] : [],
              }),
            )
            .sort((a, b) => a.backfill.localeCompare(b.backfill));
          const chosen = shareSlots(candidates, [], limits(max));
          for (const table of ['pgs', 'pcf'])
            expect(chosen.filter((one) => one.table === table).length).toBeLessThanOrEqual(max);
          expect(chosen.filter(({ backfill }) => backfill === 'c').length).toBeLessThanOrEqual(1);
          for (const [n, one] of chosen.entries())
            for (const other of chosen.slice(n + 1)) expect(findConflict(one, other)).toBeNull();
          if (candidates.length > 0) expect(chosen.length).toBeGreaterThan(0);
          const free = candidates.filter((one) => !chosen.some((other) => findConflict(one, other) !== null));
          for (const left of free.filter(({ backfill }) => backfill !== 'c')) {
            const own = (backfill: string) =>
              chosen.filter((one) => one.backfill === backfill && one.table === left.table).length;
            for (const other of ['a', 'b', 'c']) expect(own(other)).toBeLessThanOrEqual(own(left.backfill) + 1);
          }
        },
      ),
    );
  });
});
