/** The cells of backfills: which of them may start, and who is told. */
import type { BackfillCell } from '../core/backfill.ts';
import { findConflict, type Holding } from '../core/locks.ts';
import type { Reason } from '../core/verdict.ts';
import { toJson } from './json.ts';
import type { Query } from './store.ts';

/** The cells of a backfill in the order of its plan. */
export async function loadCells(query: Query, backfill: string): Promise<BackfillCell[]> {
  return query<BackfillCell>(
    `select table_name as "table", cell_date::text as date, state, attempts::int4 as attempts, rows_before::float8 as "rowsBefore",
       rows_after::float8 as "rowsAfter", reason, detail, error_id as "errorId", planned_status as status,
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
       from cells c where c.pipeline = $1 and c.finished_at is not null and c.attempts > 0
       order by c.table_name, c.cell_date, c.finished_at desc) last
     where state = 'failed'`,
    [pipeline],
  );
}

export type Rung = { readonly backfill: string; readonly table: string; readonly date: string; readonly bell: number };
type Limits = ReadonlyMap<string, { readonly service: string; readonly max: number }>;
type Candidate = Holding & { readonly backfill: string; readonly concurrency: number | null };

/**
 * Chooses ready cells that may start, oldest backfill first, and marks them as rung, each with a new number of its bell.
 * Within the limits of backfill and service, and only cells that no cell under way writes for or reads from.
 * @param limits of each table its service and how many calls that takes at a time
 * @returns the cells, and the instant at which the next one that waits for its time may start (null if none does)
 */
export async function ringReady(
  query: Query,
  options: { pipeline: string; now: number; limits: Limits },
): Promise<{ cells: Rung[]; nextAt: number | null }> {
  await query(`select pg_advisory_xact_lock(hashtext($1))`, [`claim ${options.pipeline}`]);
  const under = await listUnderWay(query, options.pipeline);
  const candidates = await listCandidates(query, options, fullTables(under, options.limits));
  const chosen = choose(candidates, under, options.limits);
  const cells = chosen.length === 0 ? [] : await markRung(query, chosen);
  return { cells, nextAt: await findNextTime(query, options) };
}

async function listUnderWay(query: Query, pipeline: string): Promise<Candidate[]> {
  return query<Candidate>(
    `select c.backfill_id as backfill, c.table_name as "table", c.cell_date::text as date, c.reads, b.concurrency::int4 as concurrency
     from cells c join backfills b on b.id = c.backfill_id
     where c.pipeline = $1 and (c.state = 'running' or c.rung)`,
    [pipeline],
  );
}

/** Tables whose service takes no more just now. */
function fullTables(under: readonly Candidate[], limits: Limits): string[] {
  const busy = new Map<string, number>();
  for (const { table } of under) {
    const service = limits.get(table)?.service ?? '';
    busy.set(service, (busy.get(service) ?? 0) + 1);
  }
  return [...limits].flatMap(([table, { service, max }]) => ((busy.get(service) ?? 0) >= max ? [table] : []));
}

/**
 * The first cells of each table of each backfill: as many as could start even if some of them may not. A look at all
 * that are ready would take tens of milliseconds for every cell that ends.
 */
async function listCandidates(
  query: Query,
  options: { pipeline: string; now: number; limits: Limits },
  full: readonly string[],
): Promise<Candidate[]> {
  const most = Math.max(32, ...[...options.limits.values()].map(({ max }) => max));
  return query<Candidate>(
    `select b.id as backfill, t.name as "table", c.cell_date::text as date, c.reads, b.concurrency::int4 as concurrency
     from backfills b cross join lateral jsonb_array_elements_text(b.tables) as t(name) cross join lateral (
       select r.cell_date, r.reads, r.ordinal from cells r
       where r.backfill_id = b.id and r.table_name = t.name and r.state = 'ready' and not r.rung and (r.not_before is null or r.not_before <= $2::int8)
       order by r.ordinal limit $4::int4) c
     where b.pipeline = $1 and b.state = 'running' and not ($3::jsonb @> to_jsonb(t.name))
     order by b.created_at, b.id, c.ordinal`,
    [options.pipeline, options.now, toJson(full), most],
  );
}

function choose(candidates: readonly Candidate[], under: readonly Candidate[], limits: Limits): Candidate[] {
  const holding = [...under];
  const chosen: Candidate[] = [];
  for (const candidate of candidates) {
    const limit = limits.get(candidate.table);
    const ofBackfill = holding.filter((cell) => cell.backfill === candidate.backfill).length;
    const ofService = holding.filter((cell) => limits.get(cell.table)?.service === limit?.service).length;
    if (candidate.concurrency !== null && ofBackfill >= candidate.concurrency) continue;
    if (limit && ofService >= limit.max) continue;
    if (holding.some((cell) => findConflict(cell, candidate) !== null)) continue;
    holding.push(candidate);
    chosen.push(candidate);
  }
  return chosen;
}

async function markRung(query: Query, chosen: readonly Candidate[]): Promise<Rung[]> {
  const rows = chosen.map((cell) => ({ b: cell.backfill, t: cell.table, d: cell.date }));
  const rung = await query<Rung>(
    `update cells c set rung = true, bell = c.bell + 1 from jsonb_to_recordset($1::jsonb) as x(b text, t text, d date)
     where c.backfill_id = x.b and c.table_name = x.t and c.cell_date = x.d
     returning c.backfill_id as backfill, c.table_name as "table", c.cell_date::text as date, c.bell::int4 as bell`,
    [toJson(rows)],
  );
  const order = new Map(chosen.map((cell, n) => [`${cell.backfill} ${cell.table} ${cell.date}`, n]));
  const place = (cell: Rung) => order.get(`${cell.backfill} ${cell.table} ${cell.date}`) ?? 0;
  return rung.sort((a, b) => place(a) - place(b));
}

async function findNextTime(query: Query, options: { pipeline: string; now: number }): Promise<number | null> {
  const [row] = await query<{ at: number | null }>(
    `select min(c.not_before)::float8 as at from cells c join backfills b on b.id = c.backfill_id
     where c.pipeline = $1 and c.state = 'ready' and b.state = 'running' and c.not_before > $2::int8`,
    [options.pipeline, options.now],
  );
  return row?.at ?? null;
}

/** Forgets all bells of a pipeline: the process that had heard them is gone, so they are to be rung again. */
export async function unringCells(query: Query, pipeline: string): Promise<void> {
  await query(`update cells set rung = false where pipeline = $1 and state = 'ready' and rung`, [pipeline]);
}
