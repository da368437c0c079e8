/** Waits for a thing to become true by looking again and again, up to a deadline that names what did not come. */
import { setTimeout as pause } from 'node:timers/promises';

/**
 * Resolves with the first value of `look` that is neither undefined nor false.
 * @param what said when it does not come within `limit` milliseconds
 */
export async function waitUntil<T>(
  what: string,
  look: () => T | undefined | false | Promise<T | undefined | false>,
  limit = 25_000,
): Promise<T> {
  const end = performance.now() + limit;
  for (;;) {
    const found = await look();
    if (found !== undefined && found !== false) return found;
    if (performance.now() > end) throw new Error(`waited ${limit} ms in vain: ${what}`);
    await pause(10);
  }
}
