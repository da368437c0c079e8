/**
 * What becomes of the cells that waited for one that is final now (B4). A season's window makes every cell wait for
 * hundreds of others, and on PGlite these statements run on the thread that answers Slack: they look for the first
 * cell that is still open and never count, so that a recording costs the same early and late.
 */
import { toJson } from './json.ts';
import type { Query } from './store.ts';

type Cell = { readonly table: string; readonly date: string };

/** Some planned cell that `c` reads is not final yet. */
const stillOpen = `exists (select from edges e join cells u on u.backfill_id = e.backfill_id and u.table_name = e.needs_table
    and u.cell_date between e.needs_from and e.needs_to
  where e.backfill_id = c.backfill_id and e.table_name = c.table_name and e.cell_date = c.cell_date
    and u.finished_at is null and not (u.table_name = c.table_name and u.cell_date = c.cell_date))`;

/** `c` reads one of the cells in the list $2, by an edge `e` for which `further` holds. */
function touched(further = 'true'): string {
  return `exists (select from edges e join jsonb_to_recordset($2::jsonb) as x(t text, d date)
      on e.needs_table = x.t and x.d between e.needs_from and e.needs_to
    where e.backfill_id = c.backfill_id and e.table_name = c.table_name and e.cell_date = c.cell_date and ${further})`;
}

const notGood = `u.state in ('failed','blocked','canceled')`;
/** The edge is of the same date, and the cell of the list is not good. */
const spoilt = `e.strict and exists (select from cells u
  where u.backfill_id = e.backfill_id and u.table_name = x.t and u.cell_date = x.d and ${notGood})`;

/** Makes every cell ready that waits for none of the plan's cells: at the launch, when nothing has ended yet. */
export async function releaseWaiting(query: Query, backfill: string): Promise<void> {
  await query(
    `update cells c set state = 'ready' where c.backfill_id = $1 and c.state = 'waiting' and not ${stillOpen}`,
    [backfill],
  );
}

/**
 * A waiting cell becomes ready when every planned cell that it reads is final; blocked as soon as one of its own date
 * is not good. What is blocked blocks on.
 */
export async function moveDependants(query: Query, ended: Cell & { backfill: string }, now: number): Promise<void> {
  const gone: Cell[] = [{ table: ended.table, date: ended.date }];
  for (let last = gone; last.length > 0; ) {
    last = await block(query, ended.backfill, last, now);
    gone.push(...last);
  }
  await query(
    `update cells c set state = 'ready' where c.backfill_id = $1 and c.state = 'waiting' and ${touched()} and not ${stillOpen}`,
    [ended.backfill, toJson(gone.map(shorten))],
  );
}

/** Blocks what strictly needs one of these cells, where that one is not good. Returns what was blocked. */
async function block(query: Query, backfill: string, above: readonly Cell[], now: number): Promise<Cell[]> {
  return query<Cell>(
    `update cells c set state = 'blocked', reason = 'upstream_missing', finished_at = $3::int8, detail = 'not run, since ' || (
       select u.table_name || ' ' || u.cell_date::text || ' ' || u.state from edges e
       join cells u on u.backfill_id = e.backfill_id and u.table_name = e.needs_table and u.cell_date between e.needs_from and e.needs_to
       where e.backfill_id = c.backfill_id and e.table_name = c.table_name and e.cell_date = c.cell_date
         and e.strict and ${notGood} order by u.ordinal limit 1)
     where c.backfill_id = $1 and c.state = 'waiting' and ${touched(spoilt)}
     returning c.table_name as "table", c.cell_date::text as date`,
    [backfill, toJson(above.map(shorten)), now],
  );
}

function shorten(cell: Cell): { t: string; d: string } {
  return { t: cell.table, d: cell.date };
}
