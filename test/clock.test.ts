import { describe, expect, it, vi } from 'vitest';
import { systemClock } from '../src/clock.ts';

describe('the system clock', () => {
  it('waits no shorter than asked', async () => {
    const clock = systemClock();
    const start = performance.now();
    await clock.wait(20);
    expect(performance.now() - start).toBeGreaterThanOrEqual(20);
  });

  it('stops waiting when the signal aborts, before or while it waits', async () => {
    const clock = systemClock();
    await clock.wait(60_000, AbortSignal.abort());
    const controller = new AbortController();
    const waiting = clock.wait(60_000, controller.signal);
    controller.abort();
    await waiting;
  });

  it('waits longer than a timer can, instead of not at all', async () => {
    const controller = new AbortController();
    let ended = false;
    const waiting = systemClock()
      .wait(2 ** 31 + 1000, controller.signal)
      .then(() => {
        ended = true;
      });
    await systemClock().wait(20);
    expect(ended).toBe(false);
    controller.abort();
    await waiting;
  });

  it('tells the time in epoch milliseconds', () => {
    vi.useFakeTimers({ now: 1_700_000_000_000 });
    expect(systemClock().now()).toBe(1_700_000_000_000);
    vi.useRealTimers();
  });
});
