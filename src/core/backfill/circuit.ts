/**
 * When a service is left alone for a while. One that fails whatever it is asked is not helped by being asked more often,
 * and every call costs a cell one of its three attempts: calls are held, and one cell at a time tries whether it works
 * again. What a service says of one date is nothing of that kind.
 */

/**
 * So many different cells in a row that their service failed, with nothing good between. More than a week: one that fails
 * altogether has had its three attempts before holding its calls would help anybody.
 */
export const failingCells = 8;
/** After so many failed tries, about a quarter of an hour, a person is asked. */
const triesAlone = 5;

const firstHold = 30_000;
const longestHold = 600_000;

/** A time in which a service failed everywhere. Instants in epoch milliseconds. */
export type Outage = {
  readonly service: string;
  /** In a row, and what the last one said. */
  readonly failures: number;
  readonly detail: string;
  readonly openedAt: number;
  /** Nothing is called before it; then one cell is tried. */
  readonly heldUntil: number;
  /** Tries that failed since it began. */
  readonly trials: number;
  /** Null: it lasts. */
  readonly closedAt: number | null;
};

/** How long calls are held after so many failed tries: 30 s, 1, 2, 4 ... 10 minutes. */
export function holdAfter(trials: number): number {
  return Math.min(firstHold * 2 ** trials, longestHold);
}

/** A failure that comes while calls are held: of a try, or of a call that was under way when it began. */
export function goOnHolding(
  outage: Outage,
  failure: { readonly startedAt: number; readonly detail: string; readonly now: number },
): Outage {
  const { startedAt, detail, now } = failure;
  const failures = outage.failures + 1;
  if (startedAt < outage.heldUntil) return { ...outage, failures, detail };
  const trials = outage.trials + 1;
  return { ...outage, failures, detail, trials, heldUntil: now + holdAfter(trials) };
}

/** Whether it is time to ask a person, since it does not pass by itself. */
export function isLasting(outage: Outage): boolean {
  return outage.closedAt === null && outage.trials >= triesAlone;
}

/** "phase4 failed 12 times in a row, the last time: phase4 answered 500" */
export function sayOutage({ service, failures, detail }: Outage): string {
  return `${service} failed ${failures} times in a row, the last time: ${detail}`;
}
