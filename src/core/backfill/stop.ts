/** When a backfill has failed often enough to stop (`--stop-on-failure`). */
import type { StopOnFailure } from '../request/options.ts';

/** A share says nothing before so many cells have ended: the first of a hundred that fails is 100 % of them. */
const leastEnded = 5;

/** Why to stop, in words; null while there is no reason to. `ended`: cells that ran, `failed` those of them that failed. */
export function sayTooMany(limit: StopOnFailure, counts: { failed: number; ended: number }): string | null {
  const { failed, ended } = counts;
  const cells = `${failed} of ${ended} ${ended === 1 ? 'cell' : 'cells'} failed`;
  if (limit.kind === 'count') return failed >= limit.n ? `${cells} (--stop-on-failure=${limit.n})` : null;
  const tooMany = ended >= leastEnded && failed * 100 >= limit.percent * ended;
  return tooMany ? `${cells} (--stop-on-failure=${limit.percent}%)` : null;
}
