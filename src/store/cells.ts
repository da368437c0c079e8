/** The cells of backfills as rows. */
import type { BackfillCell } from '../core/backfill/backfill.ts';
import type { Reason } from '../core/verdict.ts';
import type { Query } from './store.ts';

/** The cells of a backfill in the order of its plan. */
export async function loadCells(query: Query, backfill: string): Promise<BackfillCell[]> {
  return query<BackfillCell>(
    `select table_name as "table", cell_date::text as date, state, attempts::int4 as attempts, rows_before::float8 as "rowsBefore",
       rows_after::float8 as "rowsAfter", reason, detail, error_id as "errorId", planned_status as status, size::int4 as size,
       started_at::float8 as "startedAt", finished_at::float8 as "finishedAt"
     from cells where backfill_id = $1 order by ordinal`,
    [backfill],
  );
}

export type FailedCell = { readonly table: string; readonly date: string; readonly reason: Reason };

/** Cells whose last attempt in any backfill failed. */
export async function listFailedCells(query: Query, pipeline: string): Promise<FailedCell[]> {
  return query<FailedCell>(
    `select "table", date, reason from (
       select distinct on (c.table_name, c.cell_date) c.table_name as "table", c.cell_date::text as date, c.state, c.reason
       from cells c where c.pipeline = $1 and c.finished_at is not null and c.state <> 'canceled' and c.attempts > 0
       order by c.table_name, c.cell_date, c.finished_at desc) last
     where state = 'failed'`,
    [pipeline],
  );
}
