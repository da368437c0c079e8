import { describe, expect, it } from 'vitest';
import { longestWait, waitToRetry } from '../../../src/core/backfill/retry-wait.ts';

const wait = (attempt: string, number = 1, asked?: number) => waitToRetry({ first: 2000, number, attempt, asked });

describe('the wait before another attempt', () => {
  it('doubles, and is at most half as long again', () => {
    for (let n = 0; n < 200; n++) {
      expect(wait(`a${n}`)).toSatisfy((ms: number) => ms >= 2000 && ms <= 3000);
      expect(wait(`a${n}`, 2)).toSatisfy((ms: number) => ms >= 4000 && ms <= 6000);
    }
  });

  it('is the same for the same attempt, and spreads those that failed together', () => {
    expect(wait('k3v9x2')).toBe(wait('k3v9x2'));
    const tenths = new Set(Array.from({ length: 200 }, (_, n) => Math.floor(wait(`a${n}`) / 100)));
    expect(tenths.size).toBe(10);
  });

  it('is as long as the service asks, within ten minutes', () => {
    expect(wait('a', 1, 45_000)).toBe(45_000);
    expect(wait('a', 1, 10)).toBeGreaterThanOrEqual(2000);
    expect(wait('a', 1, 86_400_000)).toBe(longestWait);
    expect(wait('a', 30)).toBe(longestWait);
  });
});
