/** Drives long work of core so that a request that comes in meanwhile is acknowledged in time. */
import type { Steps } from '../core/steps.ts';
import type { Clock } from '../ports.ts';

/** Does work step by step, and gives way between the steps. */
export async function inSteps<T>(clock: Pick<Clock, 'giveWay'>, steps: Steps<T>): Promise<T> {
  for (;;) {
    const step = steps.next();
    if (step.done) return step.value;
    await clock.giveWay();
  }
}
