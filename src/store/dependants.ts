/**
 * What becomes of the cells that waited for some that are final now (B4). A season's window makes every cell wait for
 * hundreds of others, and on PGlite these statements run on the thread that answers Slack: they look for the first
 * cell that is still open and never count, so that a recording costs the same early and late.
 */
import { toJson } from './json.ts';
import type { Query } from './store.ts';

/** `good`: what is below may be built on it. */
type Ended = Cell & { readonly good: boolean };
type Cell = { readonly table: string; readonly date: string };

/**
 * Cells `w` that wait for one of the list $2, found from the list downwards. The limits of one row keep the planner from
 * joining whole tables, which it would do here without statistics.
 */
const below = `with w as materialized (
    select distinct e.backfill_id, e.table_name, e.cell_date from jsonb_to_recordset($2::jsonb) as x(t text, d date)
    join edges e on e.backfill_id = $1 and e.needs_table = x.t and e.needs_from <= x.d and e.needs_to >= x.d)`;
const isBelow = `c.backfill_id = w.backfill_id and c.table_name = w.table_name and c.cell_date = w.cell_date and c.state = 'waiting'`;

/** Edges of `c`, each with one planned cell above it for which something holds. */
function firstAbove(what: string, holds: string): string {
  return `(select ${what} from edges e cross join lateral (
      select u.table_name, u.cell_date, u.state, u.detail from cells u
      where u.backfill_id = e.backfill_id and u.table_name = e.needs_table and u.cell_date between e.needs_from and e.needs_to
        and ${holds} order by u.cell_date desc limit 1) a
    where e.backfill_id = c.backfill_id and e.table_name = c.table_name and e.cell_date = c.cell_date limit 1)`;
}

const stillOpen = firstAbove(
  'true',
  'u.finished_at is null and not (u.table_name = c.table_name and u.cell_date = c.cell_date)',
);
/** Names the root: what a blocked cell waited for stands in its own detail. */
const spoiler = firstAbove(
  `case when a.state = 'blocked' and a.detail is not null then a.detail
     else 'not run, since ' || a.table_name || ' ' || a.cell_date::text || ' ' || a.state end`,
  `e.strict and u.state in ('failed','blocked','canceled')`,
);

/**
 * A waiting cell becomes ready when every planned cell that it reads is final; blocked as soon as one of its own date
 * is not good. What is blocked blocks on.
 */
export async function moveDependants(
  query: Query,
  backfill: string,
  ended: readonly Ended[],
  now: number,
): Promise<void> {
  const gone: Cell[] = [...ended];
  for (let last: readonly Cell[] = ended.filter(({ good }) => !good); last.length > 0; ) {
    last = await block(query, backfill, last, now);
    gone.push(...last);
  }
  await query(`${below} update cells c set state = 'ready' from w where ${isBelow} and ${stillOpen} is null`, [
    backfill,
    toJson(gone.map(shorten)),
  ]);
}

/** Makes ready what waits for nothing that is open, over a whole backfill: after a retry has opened some of its cells. */
export async function readyUnwaiting(query: Query, backfill: string): Promise<void> {
  await query(
    `update cells c set state = 'ready'
     where c.backfill_id = $1 and c.finished_at is null and c.state = 'waiting' and ${stillOpen} is null`,
    [backfill],
  );
}

/** Blocks what strictly needs a cell that is not good. Returns what was blocked. */
async function block(query: Query, backfill: string, above: readonly Cell[], now: number): Promise<Cell[]> {
  return query<Cell>(
    `${below} update cells c set state = 'blocked', reason = 'upstream_missing', finished_at = $3::int8, detail = ${spoiler}
     from w where ${isBelow} and ${spoiler} is not null
     returning c.table_name as "table", c.cell_date::text as date`,
    [backfill, toJson(above.map(shorten)), now],
  );
}

function shorten(cell: Cell): { t: string; d: string } {
  return { t: cell.table, d: cell.date };
}
