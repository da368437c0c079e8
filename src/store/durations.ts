/**
 * What runs took. Only of attempts whose end was seen by the process that began them: of one that was adopted nobody knows
 * when it ended.
 */
import type { MeasuredRun } from '../core/plan/estimate.ts';
import { toJson } from './json.ts';
import type { Query } from './store.ts';

/** So many runs of a table say what it takes now; older ones say what it took. */
const latest = 200;

/** Attempts that ended well, of each table the latest, latest first. */
export async function listDurations(
  query: Query,
  options: { readonly pipeline: string; readonly tables: readonly string[] },
): Promise<MeasuredRun[]> {
  return query<MeasuredRun>(
    `select t.name as "table", c.size::int4 as size, (a.ended_at - a.started_at)::float8 as ms
     from jsonb_array_elements_text($2::jsonb) as t(name) cross join lateral (
       select r.backfill_id, r.cell_date, r.started_at, r.ended_at from attempts r
       where r.pipeline = $1 and r.table_name = t.name and r.state = 'succeeded' and not r.ambiguous
       order by r.ended_at desc limit $3::int4) a
     join cells c on c.backfill_id = a.backfill_id and c.table_name = t.name and c.cell_date = a.cell_date
     order by a.ended_at desc`,
    [options.pipeline, toJson(options.tables), latest],
  );
}

/** What a backfill's attempts took by table, those that are over; `ms` leaves out those whose end nobody saw. */
export type Spent = { readonly table: string; readonly attempts: number; readonly ms: number };

/** The time that went into a backfill, of all its rounds. */
export async function listSpent(query: Query, backfill: string): Promise<Spent[]> {
  return query<Spent>(
    `select table_name as "table", count(*)::int4 as attempts,
       coalesce(sum(ended_at - started_at) filter (where not ambiguous), 0)::float8 as ms
     from attempts where backfill_id = $1 and not live and state <> 'interrupted' group by table_name order by table_name`,
    [backfill],
  );
}
