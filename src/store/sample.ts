/**
 * `--sample`: all cells but those of the sample are held until every one of these is final. What became of them decides
 * whether the rest goes on by itself, or waits for a person.
 */
import { engine } from '../core/backfill/steering.ts';
import { pauseBackfill } from './steering.ts';
import type { Query } from './store.ts';

const saidAtMost = 3;

/** Releases the rest of a sample that is over and good; pauses the backfill of one that is not. The backfill is locked. */
export async function judgeSample(query: Query, backfill: string, now: number): Promise<void> {
  const held = await query(`select from cells where backfill_id = $1 and held limit 1`, [backfill]);
  if (held.length === 0) return;
  const open = await query(`select from cells where backfill_id = $1 and finished_at is null and not held limit 1`, [
    backfill,
  ]);
  if (open.length > 0) return;
  const bad = await query<{ table: string; date: string; said: string }>(
    `select table_name as "table", cell_date::text as date, case when state = 'succeeded' then reason else state end as said
     from cells where backfill_id = $1 and not held and (state not in ('succeeded','skipped') or reason = 'unverified')
     order by ordinal desc limit ${saidAtMost + 1}`,
    [backfill],
  );
  if (bad.length === 0) {
    await query(`update cells set held = false where backfill_id = $1 and held`, [backfill]);
    return;
  }
  const cells = bad.slice(0, saidAtMost).map(({ table, date, said }) => `${table} ${date} ${said}`);
  const reason = `the sample did not verify: ${cells.join(', ')}${bad.length > saidAtMost ? ' and more' : ''}`;
  await pauseBackfill(query, backfill, { verb: 'pause', by: engine, reason, at: now });
}
