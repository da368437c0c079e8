/**
 * Long work in steps: a decade of fifty tables takes a second, and Slack wants its acknowledgement on the same thread
 * meanwhile. Core has no clock, so it only says where it may be interrupted; who drives it gives way there.
 */

/** Work that ends with a value and may be interrupted at each yield. */
export type Steps<T> = Generator<undefined, T, undefined>;

/** Cells handled between two yields: a few milliseconds. */
export const cellsPerStep = 1000;

/** Does all the steps at once. */
export function runSteps<T>(steps: Steps<T>): T {
  for (;;) {
    const step = steps.next();
    if (step.done) return step.value;
  }
}

/** Works through tables of so many dates, and may be interrupted after as many of them as make a step. */
export function* eachOf<T>(tables: Iterable<T>, days: number, work: (table: T) => void): Steps<void> {
  let cells = 0;
  for (const table of tables) {
    work(table);
    cells += days;
    if (cells < cellsPerStep) continue;
    cells = 0;
    yield;
  }
}
