/** The end of a cell, and of the backfill whose last one it was. Called with the backfill's row locked. */
import type { Reason } from '../core/verdict.ts';
import type { Query } from './store.ts';

export type CellName = { readonly backfill: string; readonly table: string; readonly date: string };

export type FinalOutcome = {
  readonly state: 'succeeded' | 'failed' | 'blocked' | 'skipped';
  readonly reason: Reason | null;
  readonly detail: string | null;
  readonly errorId: string | null;
  /** Taken from the first attempt's snapshot where there was one: before against after means the whole backfill. */
  readonly rowsBefore: number;
  readonly rowsAfter: number;
};

/** A cell as the first three parameters of a statement. */
export function nameOf(cell: CellName): [string, string, string] {
  return [cell.backfill, cell.table, cell.date];
}

/** Writes how a cell ended. */
export async function endCell(query: Query, cell: CellName, outcome: FinalOutcome, now: number): Promise<void> {
  await query(
    `update cells set state = $4, reason = $5, detail = $6, error_id = $7, rows_after = $9::int8,
       finished_at = $10::int8, rung = false, rung_at = null, rows_before = coalesce(
         (select (snapshot->>'rows')::int8 from attempts where backfill_id = $1 and table_name = $2 and cell_date = $3::date
            and snapshot is not null order by started_at, number limit 1), $8::int8)
     where backfill_id = $1 and table_name = $2 and cell_date = $3::date`,
    [
      ...nameOf(cell),
      outcome.state,
      outcome.reason,
      outcome.detail,
      outcome.errorId,
      outcome.rowsBefore,
      outcome.rowsAfter,
      now,
    ],
  );
}

/** Ends the backfill's run: all cells final, and as many as were planned: never "nothing runs just now". */
export async function finishIfLast(query: Query, backfill: string): Promise<boolean> {
  const open = await query(`select from cells where backfill_id = $1 and finished_at is null limit 1`, [backfill]);
  if (open.length > 0) return false;
  const rows = await query(
    `update backfills b set state = 'finishing' where b.id = $1 and b.state in ('running','paused','canceling')
       and b.planned = (select count(*) from cells c where c.backfill_id = b.id and c.finished_at is not null)
     returning b.id`,
    [backfill],
  );
  return rows.length === 1;
}
