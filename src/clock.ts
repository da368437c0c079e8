/**
 * The real clock. Node's timers hold at most 2^31-1 ms and fire at once beyond that, so a long wait is made of several.
 */
import type { Clock } from './ports.ts';

const longestTimer = 2 ** 31 - 1;

/** The clock of the machine. A wait keeps the process alive until it ends or its signal aborts. */
export function systemClock(): Clock {
  return { now: () => Date.now(), wait: waitOnTimers, giveWay };
}

function giveWay(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

async function waitOnTimers(ms: number, signal?: AbortSignal): Promise<void> {
  const end = performance.now() + ms;
  while (!signal?.aborted) {
    const left = end - performance.now();
    if (!(left > 0)) return;
    await oneTimer(Math.min(left, longestTimer), signal);
  }
}

function oneTimer(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const finish = () => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', finish);
      resolve();
    };
    const timer = setTimeout(finish, Math.ceil(ms));
    signal?.addEventListener('abort', finish);
  });
}
