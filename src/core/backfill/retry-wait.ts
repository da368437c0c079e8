/**
 * How long a cell waits for its next attempt. Twice as long each time, and never two cells alike: cells that failed in one
 * instant would otherwise all come back in one instant.
 */

/** What is waited at most, whatever is asked for. */
export const longestWait = 600_000;

/**
 * Milliseconds until the next attempt.
 * @param first before the second attempt
 * @param number of the attempt that failed, from 1
 * @param attempt its id, by which up to half as much is added: the same id waits the same time
 * @param asked what the service asked for, in milliseconds
 */
export function waitToRetry(options: {
  readonly first: number;
  readonly number: number;
  readonly attempt: string;
  readonly asked?: number | undefined;
}): number {
  const { first, number, attempt, asked = 0 } = options;
  const wait = Math.min(first * 2 ** (number - 1), longestWait);
  return Math.min(Math.max(Math.round(wait * (1 + shareOf(attempt) / 2)), asked), longestWait);
}

/** A share from 0 to 1 that looks like chance and is the same for the same text (FNV-1a, mixed once more). */
function shareOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d);
  hash ^= hash >>> 12;
  return (hash >>> 0) / 2 ** 32;
}
