/** The end of a cell, and of the backfill whose last one it was. Called with the backfill's row locked. */
import type { Reason } from '../core/verdict.ts';
import { toJson } from './json.ts';
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

/** Writes how cells ended. */
export async function endCells(
  query: Query,
  ended: readonly (CellName & { readonly outcome: FinalOutcome })[],
  now: number,
): Promise<void> {
  const rows = ended.map(({ backfill, table, date, outcome }) => ({
    b: backfill,
    t: table,
    d: date,
    s: outcome.state,
    r: outcome.reason,
    w: outcome.detail,
    e: outcome.errorId,
    f: outcome.rowsBefore,
    a: outcome.rowsAfter,
  }));
  await query(
    `update cells c set state = x.s, reason = x.r, detail = x.w, error_id = x.e, rows_after = x.a,
       finished_at = $2::int8, rung = false, rung_at = null, rows_before = coalesce(
         (select (a.snapshot->>'rows')::int8 from attempts a where a.backfill_id = x.b and a.table_name = x.t and a.cell_date = x.d
            and a.snapshot is not null order by a.started_at, a.number limit 1), x.f)
     from jsonb_to_recordset($1::jsonb) as x(b text, t text, d date, s text, r text, w text, e text, f int8, a int8)
     where c.backfill_id = x.b and c.table_name = x.t and c.cell_date = x.d`,
    [toJson(rows), now],
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
