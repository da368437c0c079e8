/** `--stop-on-failure`: a backfill that fails too often cancels itself, in the recording of the failure that is too much. */

import { engine } from '../core/backfill/steering.ts';
import { sayTooMany } from '../core/backfill/stop.ts';
import type { StopOnFailure } from '../core/request/options.ts';
import { cancelBackfill } from './steering.ts';
import type { Query } from './store.ts';

/**
 * Cancels the backfill where this round has failed too often. The caller has locked the claims and the backfill.
 * @returns whether that was the end of it, since nothing else is under way (B3)
 */
export async function stopIfTooMany(query: Query, backfill: string, now: number): Promise<boolean> {
  const [row] = await query<{ limit: StopOnFailure | null; since: number }>(
    `select options->'stopOnFailure' as limit, started_at::float8 as since from backfills where id = $1 and state in ('running','paused')`,
    [backfill],
  );
  if (!row?.limit) return false;
  const [counts] = await query<{ failed: number; ended: number }>(
    `select (count(*) filter (where state = 'failed'))::int4 as failed, count(*)::int4 as ended
     from cells where backfill_id = $1 and finished_at >= $2::int8 and state in ('succeeded','failed','skipped')`,
    [backfill, row.since],
  );
  const reason = counts && sayTooMany(row.limit, counts);
  if (!reason) return false;
  const { finished } = await cancelBackfill(query, backfill, { verb: 'cancel', by: engine, reason, at: now });
  return finished;
}
