/** A clock that stands still until a test moves it: waits end in the order of their instants, with no time passing. */
import type { Clock } from '../../src/ports.ts';

export type ManualClock = Clock & {
  /**
   * Moves time on by `ms` and ends the waits that fall due, each at its own instant; what they wake may wait again
   * within the same move. Await it: time has arrived when it resolves.
   */
  advance(ms: number): Promise<void>;
  /** Milliseconds that the waits of this moment still last, shortest first. */
  waits(): number[];
};

type Wait = { readonly at: number; readonly end: () => void };

/** @param start epoch milliseconds */
export function manualClock(start = 0): ManualClock {
  let now = start;
  let waits: Wait[] = [];
  const drop = (wait: Wait) => {
    waits = waits.filter((other) => other !== wait);
  };
  const nextDue = (until: number) =>
    waits.filter((wait) => wait.at <= until).reduce<Wait | undefined>((a, b) => (a && a.at <= b.at ? a : b), undefined);

  return {
    now: () => now,
    wait: (ms, signal) =>
      new Promise((resolve) => {
        if (signal?.aborted || !(ms > 0)) return resolve();
        const end = () => {
          drop(wait);
          signal?.removeEventListener('abort', end);
          resolve();
        };
        const wait: Wait = { at: now + ms, end };
        waits.push(wait);
        signal?.addEventListener('abort', end);
      }),
    giveWay: () => Promise.resolve(),
    waits: () => waits.map((wait) => wait.at - now).sort((a, b) => a - b),
    async advance(ms) {
      const until = now + ms;
      await letOthersRun();
      for (let due = nextDue(until); due; due = nextDue(until)) {
        now = Math.max(now, due.at);
        due.end();
        await letOthersRun();
      }
      now = until;
    },
  };
}

/** Lets everything run that is ready now, promises that follow promises included. */
async function letOthersRun(): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve));
}
