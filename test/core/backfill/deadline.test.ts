import { describe, expect, it } from 'vitest';
import { slowAfter } from '../../../src/core/backfill/deadline.ts';

const seconds = (...values: number[]) => values.map((value) => value * 1000);

describe('an unusually slow call', () => {
  it('takes four times what nine in ten took, whatever the slowest did', () => {
    const runs = [...Array.from({ length: 18 }, (_, n) => n + 1), 900, 3000];
    expect(slowAfter(seconds(...runs))).toBe(72_000);
  });

  it('takes half a minute at least', () => {
    expect(slowAfter(seconds(...Array(20).fill(2)))).toBe(30_000);
  });

  it('is not known of a table with fewer than twenty runs', () => {
    expect(slowAfter(seconds(...Array(19).fill(2)))).toBeNull();
  });
});
