/** Backfills and their cells as rows. */
import type { Backfill, Plan, Reads } from '../core/backfill/backfill.ts';
import type { BackfillResult, BackfillRollUp, Unblocked } from '../core/backfill/backfill-report.ts';
import { findWaiting } from '../core/plan/waiting.ts';
import type { Quality } from '../core/quality/quality-report.ts';
import { noOptions } from '../core/request/options.ts';
import { toJson } from './json.ts';
import type { Query } from './store.ts';

/** A cell that another live backfill owns. */
export type OwnedCell = {
  readonly table: string;
  readonly date: string;
  readonly backfill: string;
  readonly requestedBy: string;
};

export type Inserted =
  | { readonly kind: 'created' }
  | { readonly kind: 'same'; readonly id: string }
  | { readonly kind: 'overlap'; readonly cells: readonly OwnedCell[] };

export type NewBackfill = {
  readonly backfill: Backfill;
  /** Equal for equal requests: two of them at once make one backfill (B9). */
  readonly requestKey: string;
  readonly plan: Plan;
  /** What each of the plan's cells reads, in the same order. */
  readonly reads: readonly (readonly Reads[])[];
  /** Cells, as `table date`, that run before all others do; null: all at once. */
  readonly sample: ReadonlySet<string> | null;
};

/**
 * Stores a backfill with its cells and edges, in the caller's transaction. The same request or an overlap inserts
 * nothing. Launches of one pipeline follow each other, so that the second sees the first; the unique indexes hold even
 * if one did not.
 */
export async function insertBackfill(query: Query, created: NewBackfill): Promise<Inserted> {
  const { backfill, requestKey, plan } = created;
  await lockLaunches(query, backfill.pipeline);
  const same = await findSame(query, backfill.pipeline, requestKey);
  if (same) return { kind: 'same', id: same };
  const owned = await listOwned(query, backfill.pipeline, plan.cells);
  if (owned.length > 0) return { kind: 'overlap', cells: owned };
  await insertRow(query, backfill, requestKey, plan);
  await insertCells(query, created);
  await insertEdges(query, backfill.id, plan);
  return { kind: 'created' };
}

/** Launches and retries of one pipeline follow each other. */
export async function lockLaunches(query: Query, pipeline: string): Promise<void> {
  await query(`select pg_advisory_xact_lock(hashtext($1))`, [`launch ${pipeline}`]);
}

/** The live backfill of an equal request. */
export async function findSame(query: Query, pipeline: string, requestKey: string): Promise<string | undefined> {
  const [row] = await query<{ id: string }>(
    `select id from backfills where pipeline = $1 and request_key = $2 and state not in ('done','canceled')`,
    [pipeline, requestKey],
  );
  return row?.id;
}

/** What makes a backfill's request equal to another one. */
export async function findRequestKey(query: Query, id: string): Promise<string> {
  const [row] = await query<{ key: string }>(`select request_key as key from backfills where id = $1`, [id]);
  return row?.key ?? '';
}

/** Those of the cells that a live backfill owns. */
export async function listOwned(
  query: Query,
  pipeline: string,
  cells: readonly { readonly table: string; readonly date: string }[],
): Promise<OwnedCell[]> {
  return query<OwnedCell>(
    `select c.table_name as "table", c.cell_date::text as date, c.backfill_id as backfill, b.requested_by as "requestedBy"
     from jsonb_to_recordset($2::jsonb) as p(t text, d date)
     join cells c on c.pipeline = $1 and c.table_name = p.t and c.cell_date = p.d and c.state in ('waiting','ready','running')
     join backfills b on b.id = c.backfill_id
     order by c.table_name, c.cell_date`,
    [pipeline, toJson(cells.map((cell) => ({ t: cell.table, d: cell.date })))],
  );
}

/** Stores the row alone. `asked`: the words of one that waits. */
export async function insertRow(
  query: Query,
  b: Backfill,
  requestKey: string,
  plan: Plan,
  asked: string | null = null,
): Promise<void> {
  await query(
    `insert into backfills (id, pipeline, target, date_from, date_to, options, concurrency, state, requested_by, channel, request_key,
       planned, tables, created_at, started_at, preflight, quality_before, estimate, coverage_before, waits_for, asked)
     values ($1, $2, $3, $4::date, $5::date, $6::jsonb, $7::int4, $8, $9, $10, $11, $12::int4, $13::jsonb, $14::int8, $15::int8, $16::jsonb, $17::jsonb, $18::jsonb, $19::jsonb, $20, $21)`,
    [
      b.id,
      b.pipeline,
      b.target,
      b.from,
      b.to,
      toJson(b.options),
      b.options.concurrency,
      b.state,
      b.requestedBy,
      b.channel,
      requestKey,
      plan.cells.length,
      toJson([...new Set(plan.cells.map((cell) => cell.table))]),
      b.createdAt,
      b.startedAt,
      toJson(b.preflight),
      b.qualityBefore === null ? null : toJson(b.qualityBefore),
      b.forecast === null ? null : toJson(b.forecast),
      b.coverageBefore === null ? null : toJson(b.coverageBefore),
      b.waitsFor,
      asked,
    ],
  );
}

/** Stores the cells of a plan; those that wait for nothing in it are ready. */
export async function insertCells(query: Query, { backfill, plan, reads, sample }: NewBackfill): Promise<void> {
  const waiting = findWaiting(plan);
  const rows = plan.cells.map((cell, n) => ({
    t: cell.table,
    d: cell.date,
    n,
    p: cell.status,
    r: reads[n] ?? [],
    z: cell.size ?? null,
    h: sample !== null && !sample.has(`${cell.table} ${cell.date}`),
    s: waiting.has(`${cell.table} ${cell.date}`) ? 'waiting' : 'ready',
  }));
  await query(
    `insert into cells (backfill_id, pipeline, table_name, cell_date, ordinal, planned_status, reads, size, held, state)
     select $1, $2, t, d, n, p, r, z, h, s
     from jsonb_to_recordset($3::jsonb) as x(t text, d date, n int4, p text, r jsonb, z int4, h boolean, s text)`,
    [backfill.id, backfill.pipeline, toJson(rows)],
  );
}

/** Stores what of a plan waits for what. */
export async function insertEdges(query: Query, id: string, plan: Plan): Promise<void> {
  const rows = plan.edges.map((edge) => ({
    t: edge.table,
    d: edge.date,
    u: edge.needs,
    f: edge.from,
    e: edge.to,
    s: edge.strict,
  }));
  await query(
    `insert into edges (backfill_id, table_name, cell_date, needs_table, needs_from, needs_to, strict)
     select $1, t, d, u, f, e, s from jsonb_to_recordset($2::jsonb) as x(t text, d date, u text, f date, e date, s boolean)`,
    [id, toJson(rows)],
  );
}

// Options that came later than a backfill are not in its row.
const columns = `id, pipeline, target, date_from::text as "from", date_to::text as "to", '${JSON.stringify(noOptions)}'::jsonb || options as options, state, result, round::int4 as round, steered, requested_by as "requestedBy",
  channel, case when state = 'preflight' then waits_for end as "waitsFor", created_at::float8 as "createdAt", started_at::float8 as "startedAt", finished_at::float8 as "finishedAt", preflight, quality,
  quality_before as "qualityBefore", estimate as forecast, coverage_before as "coverageBefore", coverage_after as "coverageAfter", unblocked`;

/** A backfill; undefined if there is none of this id. */
export async function findBackfill(query: Query, id: string): Promise<Backfill | undefined> {
  const [row] = await query<Backfill>(`select ${columns} from backfills where id = $1`, [id]);
  return row;
}

/** The newest backfills of a pipeline. */
export async function listBackfills(query: Query, options: { pipeline: string; limit: number }): Promise<Backfill[]> {
  return query<Backfill>(
    `select ${columns} from backfills where pipeline = $1 order by created_at desc, id limit $2::int4`,
    [options.pipeline, options.limit],
  );
}

/** Backfills that are not over. */
export async function listActiveBackfills(query: Query, pipeline: string): Promise<Backfill[]> {
  return query<Backfill>(
    `select ${columns} from backfills where pipeline = $1 and state not in ('done','canceled') order by created_at, id`,
    [pipeline],
  );
}

/** A cell that is being filled, with where its backfill's message stands; `ts` is null until that is posted. */
export type HeldCell = OwnedCell & { readonly channel: string | null; readonly ts: string | null };

/** Cells that are being filled now. */
export async function listHeldCells(query: Query, pipeline: string): Promise<HeldCell[]> {
  return listCellsIn(query, pipeline, `c.state = 'running'`);
}

/** All cells that a live backfill owns, whether they run or wait. */
export async function listOwnedCells(query: Query, pipeline: string): Promise<HeldCell[]> {
  return listCellsIn(query, pipeline, `c.state in ('waiting','ready','running')`);
}

async function listCellsIn(query: Query, pipeline: string, condition: string): Promise<HeldCell[]> {
  return query<HeldCell>(
    `select c.table_name as "table", c.cell_date::text as date, c.backfill_id as backfill, b.requested_by as "requestedBy",
       coalesce(m.posted_channel, b.channel) as channel, m.ts
     from cells c join backfills b on b.id = c.backfill_id left join messages m on m.key = 'backfill:' || b.id || ':root'
     where c.pipeline = $1 and ${condition}`,
    [pipeline],
  );
}

/** Where the message of a backfill stands; `ts` is null until it is posted. */
export async function findPlace(query: Query, id: string): Promise<Pick<HeldCell, 'channel' | 'ts'>> {
  const [row] = await query<Pick<HeldCell, 'channel' | 'ts'>>(
    `select coalesce(m.posted_channel, b.channel) as channel, m.ts
     from backfills b left join messages m on m.key = 'backfill:' || b.id || ':root' where b.id = $1`,
    [id],
  );
  return row ?? { channel: null, ts: null };
}

/** Writes the result of a round. Returns whether this call was the one that ended it. */
export async function finishBackfill(
  query: Query,
  end: {
    id: string;
    round: number;
    result: BackfillResult;
    quality: Quality;
    coverage: BackfillRollUp | null;
    /** None if absent. */
    unblocked?: readonly Unblocked[];
    now: number;
  },
): Promise<boolean> {
  const coverage = end.coverage === null ? null : toJson(end.coverage);
  const rows = await query(
    `update backfills set state = case when $2 = 'canceled' then 'canceled' else 'done' end, result = $2, quality = $3::jsonb, finished_at = $4::int8,
       coverage_after = $6::jsonb, unblocked = $7::jsonb where id = $1 and state = 'finishing' and round = $5::int4 returning id`,
    [end.id, end.result, toJson(end.quality), end.now, end.round, coverage, toJson(end.unblocked ?? [])],
  );
  return rows.length === 1;
}

/** Holds the row of a backfill until the caller's transaction ends: who reads and writes about it follow each other. */
export async function lockBackfill(query: Query, id: string): Promise<void> {
  await query(`select id from backfills where id = $1 for update`, [id]);
}
