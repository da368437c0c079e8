/**
 * Claims: who may begin to fill a cell. A claim is a row that at most one process can insert, and it holds the backfill's
 * row while it does, so that nothing starts after a pause or a cancel was recorded (B6). Cells start in company, so they
 * are claimed by the batch: six statements, whether for one cell or for fifty.
 */

import type { BackfillState } from '../core/backfill/backfill-report.ts';
import { findConflict, type Holding } from '../core/backfill/locks.ts';
import type { Status } from '../core/verdict.ts';
import type { CellName } from './cell-end.ts';
import { toJson } from './json.ts';
import { listHolds } from './outages.ts';
import type { Query } from './store.ts';

export type Claimed =
  | { readonly kind: 'claimed'; readonly number: number; readonly status: Status }
  /** Something under way writes what this cell reads, reads what it writes, or is the same cell. */
  | { readonly kind: 'busy'; readonly because: string }
  /** It is not to be run, or not now: final, canceled, waiting, held, too early, or its backfill is paused. */
  | { readonly kind: 'not_ready'; readonly state: string };

export type Claim = CellName & {
  readonly attempt: { readonly id: string; readonly token: string; readonly instance: string };
  /** Epoch milliseconds. `goneAt`: when the service has surely ended the call. */
  readonly now: number;
  readonly goneAt: number;
  readonly leaseUntil: number;
  /** The service that is called: none of its cells is claimed while its calls are held. */
  readonly service?: string;
  /** The service and the least milliseconds between the starts of two of its calls. */
  readonly spacing?: { readonly service: string; readonly interval: number };
};

/** A claimed cell as the store has it, with the state of its backfill. */
type Asked = Holding & {
  readonly backfill: string;
  readonly state: string;
  readonly status: Status;
  readonly running: BackfillState;
  readonly rung: boolean;
  readonly held: boolean;
  readonly notBefore: number | null;
};
type Refused = Exclude<Claimed, { kind: 'claimed' }>;

/** Claims and choices of one pipeline follow each other. Taken before any row is locked, so that nobody waits in a circle. */
export async function lockClaims(query: Query, pipeline: string): Promise<void> {
  await query(`select pg_advisory_xact_lock(hashtext($1))`, [`claim ${pipeline}`]);
}

/**
 * Claims ready cells of one pipeline, in the caller's transaction. Only a cell whose bell was rung is claimed, so that a
 * task that comes twice cannot pass the limits by which bells are rung. What cannot start is free to be chosen again.
 * @returns what became of each claim, in their order
 */
export async function claimCells(query: Query, pipeline: string, claims: readonly Claim[]): Promise<Claimed[]> {
  await lockClaims(query, pipeline);
  const asked = await readAsked(query, claims);
  const busy = await findBusy(query, pipeline, claims);
  const decided = claims.map((claim): Asked | Refused => {
    const cell = asked.get(keyOf(claim));
    if (!cell) return { kind: 'not_ready', state: 'unknown' };
    const refused = findObstacle(claim, cell, busy);
    if (refused) return refused;
    busy.live.push(cell);
    if (claim.spacing) busy.starts.set(claim.spacing.service, claim.now);
    return cell;
  });
  const taken = claims.filter((_, n) => decided[n] && !('kind' in decided[n]));
  const numbers = await take(query, pipeline, taken);
  await unring(
    query,
    claims.filter((claim) => !numbers.has(claim.attempt.id)),
  );
  return decided.map((one, n): Claimed => {
    if ('kind' in one) return one;
    const number = numbers.get(claims[n]?.attempt.id ?? '');
    return number === undefined
      ? { kind: 'not_ready', state: 'not rung or not yet' }
      : { kind: 'claimed', number, status: one.status };
  });
}

function keyOf(cell: CellName): string {
  return `${cell.backfill} ${cell.table} ${cell.date}`;
}

async function readAsked(query: Query, claims: readonly Claim[]): Promise<Map<string, Asked>> {
  const rows = await query<Asked>(
    `select b.id as backfill, c.table_name as "table", c.cell_date::text as date, c.reads, c.state, c.planned_status as status,
       b.state as running, c.rung, c.held, c.not_before::float8 as "notBefore"
     from jsonb_to_recordset($1::jsonb) as x(b text, t text, d date) join backfills b on b.id = x.b
     join cells c on c.backfill_id = x.b and c.table_name = x.t and c.cell_date = x.d
     order by b.id for share of b`,
    [toJson(claims.map(shorten))],
  );
  return new Map(rows.map((row) => [keyOf(row), row]));
}

/** What of a pipeline stands in the way of claims; what this batch takes joins it. */
type Busy = {
  readonly live: Holding[];
  /** Until when each service is left alone, and when it was called last. */
  readonly holds: ReadonlyMap<string, number>;
  readonly starts: Map<string, number>;
};

async function findBusy(query: Query, pipeline: string, claims: readonly Claim[]): Promise<Busy> {
  const live = await query<Holding>(
    `select a.table_name as "table", a.cell_date::text as date, c.reads from attempts a
     join cells c on c.backfill_id = a.backfill_id and c.table_name = a.table_name and c.cell_date = a.cell_date
     where a.pipeline = $1 and a.live`,
    [pipeline],
  );
  const holds = await listHolds(query, pipeline);
  const starts = claims.some(({ spacing }) => spacing)
    ? await query<{ service: string; at: number }>(
        `select service, started_at::float8 as at from service_starts where pipeline = $1`,
        [pipeline],
      )
    : [];
  return {
    live,
    holds: new Map(holds.map(({ service, until }) => [service, until])),
    starts: new Map(starts.map(({ service, at }) => [service, at])),
  };
}

function findObstacle(claim: Claim, cell: Asked, busy: Busy): Refused | null {
  const { now, service, spacing } = claim;
  if (cell.running !== 'running')
    return { kind: 'not_ready', state: cell.state === 'ready' ? cell.running : cell.state };
  const conflict = findLiveConflict(cell, busy.live);
  if (conflict) return { kind: 'busy', because: conflict };
  if (cell.state !== 'ready') return { kind: 'not_ready', state: cell.state };
  // Its bell was rung before the service had to be left alone.
  if (service !== undefined && (busy.holds.get(service) ?? 0) > now)
    return { kind: 'not_ready', state: 'calls to its service are held' };
  const last = spacing && busy.starts.get(spacing.service);
  if (spacing && last !== undefined && last + spacing.interval > now)
    return { kind: 'not_ready', state: 'too early for its service' };
  if (!cell.rung || cell.held || (cell.notBefore !== null && cell.notBefore > now))
    return { kind: 'not_ready', state: 'not rung or not yet' };
  return null;
}

function findLiveConflict(cell: Asked, live: readonly Holding[]): string | null {
  for (const other of live) {
    const conflict = findConflict(cell, other);
    if (conflict) return `${conflict} ${other.table} ${other.date}`;
  }
  return null;
}

/** Makes cells run, each with a new attempt. Returns the number of each attempt in this round. */
async function take(query: Query, pipeline: string, claims: readonly Claim[]): Promise<Map<string, number>> {
  if (claims.length === 0) return new Map();
  const taken = await query<{ attempt: string; number: number }>(
    `with x as (select * from jsonb_to_recordset($2::jsonb) as x(b text, t text, d date, a text, k text, i text, n int8, g int8, l int8)),
     taken as (
       update cells c set state = 'running', rung = false, rung_at = null, attempts = c.attempts + 1, not_before = null,
         started_at = coalesce(c.started_at, x.n)
       from x where c.backfill_id = x.b and c.table_name = x.t and c.cell_date = x.d and c.state = 'ready' and c.rung and not c.held
         and (c.not_before is null or c.not_before <= x.n)
       returning x.*, (c.attempts - c.uncounted)::int4 as number)
     insert into attempts (id, backfill_id, pipeline, table_name, cell_date, number, token, instance, live, started_at, lease_until, hold_until)
     select a, b, $1, t, d, number, k, i, true, n, l, g from taken returning id as attempt, number::int4 as number`,
    [pipeline, toJson(claims.map((claim) => ({ ...shorten(claim), ...attemptOf(claim) })))],
  );
  const numbers = new Map(taken.map(({ attempt, number }) => [attempt, number]));
  for (const { spacing, now, attempt } of claims) {
    if (!spacing || !numbers.has(attempt.id)) continue;
    await query(
      `insert into service_starts (pipeline, service, started_at) values ($1, $2, $3::int8)
       on conflict (pipeline, service) do update set started_at = excluded.started_at`,
      [pipeline, spacing.service, now],
    );
  }
  return numbers;
}

function attemptOf({ attempt, now, goneAt, leaseUntil }: Claim) {
  return { a: attempt.id, k: attempt.token, i: attempt.instance, n: now, g: goneAt, l: leaseUntil };
}

async function unring(query: Query, cells: readonly CellName[]): Promise<void> {
  if (cells.length === 0) return;
  await query(
    `update cells c set rung = false, rung_at = null from jsonb_to_recordset($1::jsonb) as x(b text, t text, d date)
     where c.backfill_id = x.b and c.table_name = x.t and c.cell_date = x.d and c.state = 'ready' and c.rung`,
    [toJson(cells.map(shorten))],
  );
}

function shorten({ backfill, table, date }: CellName): { b: string; t: string; d: string } {
  return { b: backfill, t: table, d: date };
}
