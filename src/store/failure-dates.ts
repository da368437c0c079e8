/**
 * Failed and blocked dates that the threads tell of, one row for each date and cause. The cells alone cannot say that a
 * date was mended: a retry forgets how they failed, and another backfill has cells of its own.
 */
import type { FailureGroup } from '../core/backfill/backfill.ts';
import { groupKept, type KeptFailure } from '../core/backfill/failures.ts';
import { toJson } from './json.ts';
import type { Query } from './store.ts';

export const failureDates = {
  number: 8,
  name: 'failed dates',
  sql: `
-- 'ended_at': mended by the backfill 'mended_by', or, where that is null, failed with another cause since.
create table failure_dates (
  backfill_id text not null references backfills (id),
  key text not null,
  cell_date date not null,
  pipeline text not null,
  table_name text not null,
  state text not null,
  reason text not null,
  detail text not null,
  error_id text,
  failed_at int8 not null,
  first_at int8 not null,
  ended_at int8,
  mended_by text,
  primary key (backfill_id, key, cell_date)
);
create index failure_dates_open on failure_dates (pipeline, table_name, cell_date) where ended_at is null;
create index cells_good on cells (pipeline, table_name, cell_date) where state in ('succeeded','skipped');
alter table backfills add column unblocked jsonb;
`,
};

/**
 * Keeps the failures of a backfill as its cells tell them now, notes which dates are mended by whichever backfill, and
 * returns all that were ever kept, first failed first. The caller holds the lock of the backfill.
 */
export async function keepFailures(
  query: Query,
  backfill: string,
  failures: readonly FailureGroup[],
  now: number,
): Promise<FailureGroup[]> {
  const rows = toJson(
    failures.flatMap(({ key, table, detail, dates }) =>
      dates.map((date) => ({ k: key, t: table, d: date, x: detail })),
    ),
  );
  if (failures.length > 0) await insertFailures(query, backfill, rows, now);
  await endMended(query, backfill);
  await endOthers(query, backfill, rows, now);
  return groupKept(await listKept(query, backfill));
}

/** A date that failed once more is open again. */
async function insertFailures(query: Query, backfill: string, rows: string, now: number): Promise<void> {
  await query(
    `insert into failure_dates as f (backfill_id, key, cell_date, pipeline, table_name, state, reason, detail, error_id, failed_at, first_at)
     select c.backfill_id, x.k, x.d, c.pipeline, c.table_name, c.state, coalesce(c.reason, ''), x.x, c.error_id, c.finished_at, $3::int8
     from jsonb_to_recordset($2::jsonb) as x(k text, t text, d date, x text)
     join cells c on c.backfill_id = $1 and c.table_name = x.t and c.cell_date = x.d
     on conflict (backfill_id, key, cell_date) do update set failed_at = excluded.failed_at, error_id = excluded.error_id,
       ended_at = null, mended_by = null where f.failed_at < excluded.failed_at`,
    [backfill, rows, now],
  );
}

const mendedLater = `c.pipeline = o.pipeline and c.table_name = o.table_name and c.cell_date = o.cell_date
  and c.state in ('succeeded','skipped') and c.finished_at >= o.failed_at and o.ended_at is null`;

/** The first backfill that filled a date afterwards, or found it filled, mended it: often a retry of its own. */
async function endMended(query: Query, backfill: string): Promise<void> {
  await query(
    `update failure_dates f set ended_at = m.finished_at, mended_by = m.backfill_id from (
       select distinct on (o.key, o.cell_date) o.key, o.cell_date, c.backfill_id, c.finished_at
       from failure_dates o join cells c on ${mendedLater}
       where o.backfill_id = $1 order by o.key, o.cell_date, c.finished_at) m
     where f.backfill_id = $1 and f.key = m.key and f.cell_date = m.cell_date`,
    [backfill],
  );
}

/** What is final again, and not by the same cause. */
async function endOthers(query: Query, backfill: string, rows: string, now: number): Promise<void> {
  await query(
    `update failure_dates f set ended_at = $3::int8 from cells c
     where f.backfill_id = $1 and f.ended_at is null and c.backfill_id = f.backfill_id and c.table_name = f.table_name
       and c.cell_date = f.cell_date and c.state in ('failed','blocked')
       and not exists (select from jsonb_to_recordset($2::jsonb) as x(k text, d date) where x.k = f.key and x.d = f.cell_date)`,
    [backfill, rows, now],
  );
}

async function listKept(query: Query, backfill: string): Promise<KeptFailure[]> {
  return query<KeptFailure>(
    `select key, table_name as "table", state, reason, detail, cell_date::text as date, error_id as "errorId",
       ended_at::float8 as "endedAt", mended_by as "mendedBy"
     from failure_dates where backfill_id = $1
     order by min(first_at) over (partition by key), key, failed_at, cell_date`,
    [backfill],
  );
}

/** Other backfills whose threads tell of dates as failed that this one has filled: bounded by its own cells. */
export async function listMendedFor(query: Query, backfill: string): Promise<string[]> {
  const rows = await query<{ id: string }>(
    `select distinct o.backfill_id as id from cells c join failure_dates o on ${mendedLater}
     where c.backfill_id = $1 and o.backfill_id <> $1 order by 1`,
    [backfill],
  );
  return rows.map(({ id }) => id);
}
