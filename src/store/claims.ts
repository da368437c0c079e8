/**
 * Claims: who may begin to fill a cell. A claim is a row that at most one process can insert, and it holds the backfill's
 * row while it does, so that nothing starts after a pause or a cancel was recorded (B6).
 */

import type { BackfillState } from '../core/backfill/backfill-report.ts';
import { findConflict, type Holding } from '../core/backfill/locks.ts';
import type { Status } from '../core/verdict.ts';
import { type CellName, nameOf } from './cell-end.ts';
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

type Asked = Holding & { readonly state: string; readonly pipeline: string; readonly status: Status };

/** Claims and choices of one pipeline follow each other. Taken before any row is locked, so that nobody waits in a circle. */
export async function lockClaims(query: Query, pipeline: string): Promise<void> {
  await query(`select pg_advisory_xact_lock(hashtext($1))`, [`claim ${pipeline}`]);
}

/**
 * Claims a ready cell, in the caller's transaction. Only a cell whose bell was rung is claimed, so that a task that comes
 * twice cannot pass the limits by which bells are rung.
 */
export async function claimCell(query: Query, claim: Claim): Promise<Claimed> {
  const [cell] = await query<Asked>(
    `select table_name as "table", cell_date::text as date, reads, state, pipeline, planned_status as status
     from cells where backfill_id = $1 and table_name = $2 and cell_date = $3::date`,
    nameOf(claim),
  );
  if (!cell) return { kind: 'not_ready', state: 'unknown' };
  await lockClaims(query, cell.pipeline);
  const refused = await findObstacle(query, claim, cell);
  const number = refused ? null : await take(query, claim);
  if (number !== null) {
    await insertAttempt(query, claim, cell.pipeline, number);
    return { kind: 'claimed', number, status: cell.status };
  }
  await unring(query, claim);
  return refused ?? { kind: 'not_ready', state: cell.state === 'ready' ? 'not rung or not yet' : cell.state };
}

async function findObstacle(
  query: Query,
  claim: Claim,
  cell: Asked,
): Promise<Exclude<Claimed, { kind: 'claimed' }> | null> {
  const [backfill] = await query<{ state: BackfillState }>(`select state from backfills where id = $1 for share`, [
    claim.backfill,
  ]);
  if (backfill?.state !== 'running')
    return { kind: 'not_ready', state: cell.state === 'ready' ? (backfill?.state ?? 'unknown') : cell.state };
  const conflict = await findLiveConflict(query, cell);
  if (conflict) return { kind: 'busy', because: conflict };
  if (cell.state !== 'ready') return null;
  if (await isHeld(query, claim, cell)) return { kind: 'not_ready', state: 'calls to its service are held' };
  return (await isSpaced(query, claim, cell)) ? null : { kind: 'not_ready', state: 'too early for its service' };
}

/** Its bell was rung before the service had to be left alone. */
async function isHeld(query: Query, { service, now }: Claim, { pipeline }: Asked): Promise<boolean> {
  if (service === undefined) return false;
  const holds = await listHolds(query, pipeline);
  return holds.some((hold) => hold.service === service && hold.until > now);
}

async function findLiveConflict(query: Query, cell: Asked): Promise<string | null> {
  const live = await query<Holding>(
    `select a.table_name as "table", a.cell_date::text as date, c.reads from attempts a
     join cells c on c.backfill_id = a.backfill_id and c.table_name = a.table_name and c.cell_date = a.cell_date
     where a.pipeline = $1 and a.live`,
    [cell.pipeline],
  );
  for (const other of live) {
    const conflict = findConflict(cell, other);
    if (conflict) return `${conflict} ${other.table} ${other.date}`;
  }
  return null;
}

async function isSpaced(query: Query, { spacing, now }: Claim, { pipeline }: Asked): Promise<boolean> {
  if (!spacing) return true;
  const early = await query(
    `select from service_starts where pipeline = $1 and service = $2 and started_at + $3::int8 > $4::int8`,
    [pipeline, spacing.service, spacing.interval, now],
  );
  return early.length === 0;
}

/** Makes the cell run. Returns the number of the attempt in this round; null where the cell is not to be taken now. */
async function take(query: Query, claim: Claim): Promise<number | null> {
  const [taken] = await query<{ number: number; pipeline: string }>(
    `update cells set state = 'running', rung = false, rung_at = null, attempts = attempts + 1, not_before = null,
       started_at = coalesce(started_at, $4::int8)
     where backfill_id = $1 and table_name = $2 and cell_date = $3::date and state = 'ready' and rung and not held
       and (not_before is null or not_before <= $4::int8)
     returning (attempts - uncounted)::int4 as number, pipeline`,
    [...nameOf(claim), claim.now],
  );
  if (!taken) return null;
  if (claim.spacing)
    await query(
      `insert into service_starts (pipeline, service, started_at) values ($1, $2, $3::int8)
       on conflict (pipeline, service) do update set started_at = excluded.started_at`,
      [taken.pipeline, claim.spacing.service, claim.now],
    );
  return taken.number;
}

/** A cell that could not start is free to be chosen again. */
async function unring(query: Query, cell: CellName): Promise<void> {
  await query(
    `update cells set rung = false, rung_at = null where backfill_id = $1 and table_name = $2 and cell_date = $3::date and state = 'ready'`,
    nameOf(cell),
  );
}

async function insertAttempt(query: Query, claim: Claim, pipeline: string, number: number): Promise<void> {
  const { attempt } = claim;
  await query(
    `insert into attempts (id, backfill_id, pipeline, table_name, cell_date, number, token, instance, live, started_at, lease_until, hold_until)
     values ($1, $2, $3, $4, $5::date, $6::int4, $7, $8, true, $9::int8, $10::int8, $11::int8)`,
    [
      attempt.id,
      claim.backfill,
      pipeline,
      claim.table,
      claim.date,
      number,
      attempt.token,
      attempt.instance,
      claim.now,
      claim.leaseUntil,
      claim.goneAt,
    ],
  );
}
