/**
 * One try of a task, and when to try again. A fault of the world is waited out for as long as it lasts; an error that
 * nobody foresaw is more likely ours, and repeats itself for ever.
 */
import type { Logger } from 'pino';
import { Fault } from '../fault.ts';
import type { Enqueued, TaskHandler } from './tasks.ts';

const retriesOfUnforeseen = 5;

/** Milliseconds between try `tries` (the first is 1) and the next: 1, 2, 4 ... 60 s. No chance in it, so it can be told. */
export function backoff(tries: number): number {
  return Math.min(1000 * 2 ** (tries - 1), 60_000);
}

/**
 * Performs a task and logs what is thrown. Never rejects.
 * @param tries which try this is; the first is 1
 * @returns milliseconds after which to try again, or undefined when the task is over
 */
export async function tryTask(
  { name, task }: Enqueued,
  tries: number,
  handle: TaskHandler,
  log: Logger,
): Promise<number | undefined> {
  try {
    await handle(structuredClone(task));
    return undefined;
  } catch (err) {
    const facts = { err, task: name, kind: task.kind, tries };
    const again = backoff(tries);
    if (err instanceof Fault && err.retry === 'later') {
      log.warn({ ...facts, again }, 'A task failed and will be tried again');
      return again;
    }
    if (err instanceof Fault || tries > retriesOfUnforeseen) {
      log.error(facts, 'A task failed and is given up');
      return undefined;
    }
    log.error({ ...facts, again }, 'A task failed in a way that was not foreseen and will be tried again');
    return again;
  }
}
