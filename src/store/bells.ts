/**
 * Bells: which ready cells may start, and who is told. A rung cell counts as one under way until somebody claims it, so
 * that tasks that come late or twice cannot pass the limits; a bell that nobody hears is forgotten after a while.
 */
import { type Limits, type Runner, shareSlots } from '../core/backfill/share.ts';
import { lockClaims } from './claims.ts';
import { toJson } from './json.ts';
import { type Hold, listHolds, narrowLimits } from './outages.ts';
import type { Query } from './store.ts';

export type Rung = { readonly backfill: string; readonly table: string; readonly date: string; readonly bell: number };
type Ringing = { readonly pipeline: string; readonly now: number; readonly limits: Limits };

/**
 * Chooses ready cells that may start and marks them as rung, each with a new number of its bell. Backfills share the
 * slots of a service; only cells that no cell under way writes for or reads from.
 * @returns the cells, and the instant at which the next one that waits for its time may start (null if none does)
 */
export async function ringReady(query: Query, asked: Ringing): Promise<{ cells: Rung[]; nextAt: number | null }> {
  await lockClaims(query, asked.pipeline);
  const holds = await listHolds(query, asked.pipeline);
  const options = { ...asked, limits: narrowLimits(asked.limits, holds) };
  const under = await listUnderWay(query, options.pipeline);
  const candidates = await listCandidates(query, options, fullTables(under, options.limits));
  const spaced = await findSpaced(query, options, under, holds);
  const chosen = shareSlots(candidates, under, options.limits, spaced.closed);
  const cells = chosen.length === 0 ? [] : await markRung(query, chosen, options.now);
  const opening = candidates.flatMap(({ table }) => spaced.opensAt.get(options.limits.get(table)?.service ?? '') ?? []);
  const nextAt = Math.min(...opening, (await findNextTime(query, options)) ?? Number.POSITIVE_INFINITY);
  return { cells, nextAt: Number.isFinite(nextAt) ? nextAt : null };
}

type UnderWay = Runner & { readonly rung: boolean };

async function listUnderWay(query: Query, pipeline: string): Promise<UnderWay[]> {
  return query<UnderWay>(
    `select c.backfill_id as backfill, c.table_name as "table", c.cell_date::text as date, c.reads, b.concurrency::int4 as concurrency, c.rung
     from cells c join backfills b on b.id = c.backfill_id
     where c.pipeline = $1 and (c.state = 'running' or c.rung)`,
    [pipeline],
  );
}

/** `closed`: services that take no call now, since they are held, or one was rung for or just started. `opensAt`: when they do. */
type Spaced = { readonly closed: ReadonlySet<string>; readonly opensAt: ReadonlyMap<string, number> };

async function findSpaced(
  query: Query,
  { pipeline, now, limits }: Ringing,
  under: readonly UnderWay[],
  holds: readonly Hold[],
): Promise<Spaced> {
  const held = holds.filter(({ until }) => until > now).map(({ service, until }): [string, number] => [service, until]);
  const intervals = new Map(
    [...limits.values()].flatMap((one) => (one.interval > 0 ? [[one.service, one.interval]] : [])),
  );
  if (intervals.size === 0) return { closed: new Set(held.map(([service]) => service)), opensAt: new Map(held) };
  const starts = await query<{ service: string; at: number }>(
    `select service, started_at::float8 as at from service_starts where pipeline = $1`,
    [pipeline],
  );
  const opensAt = new Map(held);
  for (const { service, at } of starts) {
    const next = Math.max(at + (intervals.get(service) ?? 0), opensAt.get(service) ?? 0);
    if (next > now) opensAt.set(service, next);
  }
  const rung = under.filter((cell) => cell.rung).map(({ table }) => limits.get(table)?.service ?? '');
  return { closed: new Set([...opensAt.keys(), ...rung.filter((service) => intervals.has(service))]), opensAt };
}

/** Tables whose service takes no more just now. */
function fullTables(under: readonly Runner[], limits: Limits): string[] {
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
async function listCandidates(query: Query, options: Ringing, full: readonly string[]): Promise<Runner[]> {
  const most = Math.max(32, ...[...options.limits.values()].map(({ max }) => max));
  return query<Runner>(
    `select b.id as backfill, t.name as "table", c.cell_date::text as date, c.reads, b.concurrency::int4 as concurrency
     from backfills b cross join lateral jsonb_array_elements_text(b.tables) as t(name) cross join lateral (
       select r.cell_date, r.reads, r.ordinal from cells r
       where r.backfill_id = b.id and r.table_name = t.name and r.state = 'ready' and not r.rung and not r.held and (r.not_before is null or r.not_before <= $2::int8)
       order by r.ordinal limit $4::int4) c
     where b.pipeline = $1 and b.state = 'running' and not ($3::jsonb @> to_jsonb(t.name))
     order by b.created_at, b.id, c.ordinal`,
    [options.pipeline, options.now, toJson(full), most],
  );
}

/** Cells that were canceled in this instant stay so. */
async function markRung(query: Query, chosen: readonly Runner[], now: number): Promise<Rung[]> {
  const rows = chosen.map((cell) => ({ b: cell.backfill, t: cell.table, d: cell.date }));
  const rung = await query<Rung>(
    `update cells c set rung = true, rung_at = $2::int8, bell = c.bell + 1 from jsonb_to_recordset($1::jsonb) as x(b text, t text, d date)
     where c.backfill_id = x.b and c.table_name = x.t and c.cell_date = x.d and c.state = 'ready'
     returning c.backfill_id as backfill, c.table_name as "table", c.cell_date::text as date, c.bell::int4 as bell`,
    [toJson(rows), now],
  );
  const order = new Map(chosen.map((cell, n) => [`${cell.backfill} ${cell.table} ${cell.date}`, n]));
  const place = (cell: Rung) => order.get(`${cell.backfill} ${cell.table} ${cell.date}`) ?? 0;
  return rung.sort((a, b) => place(a) - place(b));
}

async function findNextTime(query: Query, options: Pick<Ringing, 'pipeline' | 'now'>): Promise<number | null> {
  const [row] = await query<{ at: number | null }>(
    `select min(c.not_before)::float8 as at from cells c join backfills b on b.id = c.backfill_id
     where c.pipeline = $1 and c.state = 'ready' and b.state = 'running' and c.not_before > $2::int8`,
    [options.pipeline, options.now],
  );
  return row?.at ?? null;
}

/** Forgets all bells of a pipeline: the process that had heard them is gone, so they are to be rung again. */
export async function unringCells(query: Query, pipeline: string): Promise<void> {
  await query(`update cells set rung = false, rung_at = null where pipeline = $1 and state = 'ready' and rung`, [
    pipeline,
  ]);
}

/** Forgets bells that were rung at `before` or earlier and that nobody followed: their tasks were lost. Returns how many. */
export async function unringLost(query: Query, options: { pipeline: string; before: number }): Promise<number> {
  await lockClaims(query, options.pipeline);
  const lost = await query(
    `update cells set rung = false, rung_at = null where pipeline = $1 and state = 'ready' and rung and rung_at <= $2::int8 returning 1`,
    [options.pipeline, options.before],
  );
  return lost.length;
}
