import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { findConflict, type Holding } from '../../../src/core/backfill/locks.ts';

const pgs = (date: string): Holding => ({ table: 'pgs', date, reads: [{ table: 'togs', from: date, to: date }] });
const psza = (date: string): Holding => ({
  table: 'psza',
  date,
  reads: [{ table: 'pgs', from: '2021-10-19', to: date }],
});

describe('two attempts', () => {
  it.each([
    ['of one cell', pgs('2021-11-02'), pgs('2021-11-02'), 'same'],
    ['of two dates of a table', pgs('2021-11-02'), pgs('2021-11-03'), null],
    [
      'of which the first reads the other on the last date of its window',
      psza('2021-11-02'),
      pgs('2021-11-02'),
      'reads',
    ],
    [
      'of which the first reads the other on the first date of its window',
      psza('2021-11-02'),
      pgs('2021-10-19'),
      'reads',
    ],
    ['of which the first is read by the other', pgs('2021-11-01'), psza('2021-11-02'), 'is read'],
    ['of which one is written after the window of the other', psza('2021-11-02'), pgs('2021-11-03'), null],
    ['of which one is written before the window of the other', psza('2021-11-02'), pgs('2021-10-18'), null],
    ['that read the same', psza('2021-11-02'), psza('2021-11-03'), null],
  ] as const)('%s', (_name, one, other, conflict) => {
    expect(findConflict(one, other)).toBe(conflict);
  });

  it('conflict or not whichever is asked first', () => {
    const date = fc.integer({ min: 10, max: 14 }).map((n) => `2021-11-${n}`);
    const table = fc.constantFrom('a', 'b', 'c');
    const reads = fc.array(fc.record({ table, from: date, to: date }), { maxLength: 3 });
    const holding = fc.record({ table, date, reads });
    fc.assert(
      fc.property(holding, holding, (one, other) => {
        expect(findConflict(one, other) === null).toBe(findConflict(other, one) === null);
      }),
    );
  });
});
