import { describe, expect, it } from 'vitest';
import { judgeSoak, type Sample, slopeOf } from './samples.ts';

describe('the slope', () => {
  it('is that of the line, whatever a few points do', () => {
    const points = Array.from({ length: 30 }, (_, n): [number, number] => [n, n === 7 || n === 20 ? 900 : 100 + 2 * n]);
    expect(slopeOf(points)).toBeCloseTo(2, 1);
  });
});

describe('a soak', () => {
  const sampleAt = (n: number, more: Partial<Sample> = {}): Sample => ({
    at: n / 6,
    memory: 300 + (n % 5),
    handles: 40,
    cpu: n,
    done: 5 * n,
    transactions: 90 * n,
    ...more,
  });
  const of = (more: (n: number) => Partial<Sample>) =>
    judgeSoak(Array.from({ length: 240 }, (_, n) => sampleAt(n, more(n))));

  it('is flat where nothing grows after the warm-up', () => {
    const found = of((n) => (n < 60 ? { memory: 100 + n, handles: n } : {}));
    expect(Math.abs(found.memory)).toBeLessThan(1);
    expect(found.handles).toBe(0);
    expect([found.cpu, found.transactions]).toEqual([1, 1]);
  });

  it('tells of a leak of a page now and then', () => {
    expect(of((n) => ({ memory: 300 + n / 12 + (n % 5) })).memory).toBeCloseTo(30, 0);
    expect(of((n) => ({ handles: 40 + Math.floor(n / 60) })).handles).toBeGreaterThan(2);
  });

  it('tells that requests cost more and more', () => {
    expect(of((n) => ({ cpu: n + (n * n) / 240 })).cpu).toBeGreaterThan(1.25);
  });
});
