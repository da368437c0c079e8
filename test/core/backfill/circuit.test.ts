import { describe, expect, it } from 'vitest';
import { goOnHolding, holdAfter, isLasting, type Outage, sayOutage } from '../../../src/core/backfill/circuit.ts';

const outage: Outage = {
  service: 'phase4',
  failures: 8,
  detail: 'phase4 answered 500',
  openedAt: 1000,
  heldUntil: 31_000,
  trials: 0,
  closedAt: null,
};
const fail = (startedAt: number, now: number, of = outage) => goOnHolding(of, { startedAt, now, detail: 'again' });

describe('an outage', () => {
  it('is not made longer by calls that were under way when it began', () => {
    expect(fail(500, 9000)).toEqual({ ...outage, failures: 9, detail: 'again' });
  });

  it('holds calls twice as long after each try that fails, up to ten minutes', () => {
    expect(fail(31_000, 32_000)).toMatchObject({ trials: 1, heldUntil: 92_000 });
    expect([0, 1, 2, 3, 4, 5, 60].map(holdAfter)).toEqual(
      [30, 60, 120, 240, 480, 600, 600].map((seconds) => seconds * 1000),
    );
  });

  it('lasts when five tries failed, after a quarter of an hour', () => {
    let [now, known] = [31_000, outage];
    while (!isLasting(known)) {
      known = fail(known.heldUntil, known.heldUntil, known);
      now = known.openedAt;
    }
    expect(known.trials).toBe(5);
    expect((known.heldUntil - holdAfter(5) - now) / 60_000).toBeCloseTo(15.5);
    expect(isLasting({ ...known, closedAt: 5 })).toBe(false);
  });

  it('is said with its service, its failures and the last words', () => {
    expect(sayOutage(outage)).toBe('phase4 failed 8 times in a row, the last time: phase4 answered 500');
  });
});
