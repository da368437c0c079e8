/**
 * Attempts: who fills a cell now. A claim is a row that at most one process can insert; every later write names the
 * attempt's token, so that a process which was taken for dead cannot write after another one has taken over.
 */
import type { Snapshot } from '../core/backfill.ts';
import { findConflict, type Holding } from '../core/locks.ts';
import type { Status } from '../core/verdict.ts';
import { lockBackfill } from './backfills.ts';
import { type CellName, endCell, type FinalOutcome, finishIfLast, nameOf } from './cell-end.ts';
import { moveDependants } from './dependants.ts';
import { toJson } from './json.ts';
import type { Query } from './store.ts';

export type Claimed =
  | { readonly kind: 'claimed'; readonly number: number; readonly status: Status }
  /** Something under way writes what this cell reads, reads what it writes, or is the same cell. */
  | { readonly kind: 'busy'; readonly because: string }
  /** It is not to be run, or not now: final, canceled, waiting, or its backfill is paused. */
  | { readonly kind: 'not_ready'; readonly state: string };

export type Claim = CellName & {
  readonly attempt: { readonly id: string; readonly token: string; readonly instance: string };
  /** Epoch milliseconds. `goneAt`: when the service has surely ended the call. */
  readonly now: number;
  readonly goneAt: number;
  readonly leaseUntil: number;
};

/**
 * Claims a ready cell, in the caller's transaction. Claims of one pipeline follow each other. Only a cell whose bell was
 * rung is claimed, so that a task that comes twice cannot pass the limits by which bells are rung.
 */
export async function claimCell(query: Query, claim: Claim): Promise<Claimed> {
  const [cell] = await query<
    Holding & {
      state: string;
      backfillState: string;
      pipeline: string;
      attempts: number;
      status: Status;
      notBefore: number | null;
    }
  >(
    `select c.table_name as "table", c.cell_date::text as date, c.reads, c.state, b.state as "backfillState", c.pipeline, c.attempts::int4 as attempts,
       c.planned_status as status, c.not_before::float8 as "notBefore"
     from cells c join backfills b on b.id = c.backfill_id where c.backfill_id = $1 and c.table_name = $2 and c.cell_date = $3::date`,
    [claim.backfill, claim.table, claim.date],
  );
  if (!cell) return { kind: 'not_ready', state: 'unknown' };
  await query(`select pg_advisory_xact_lock(hashtext($1))`, [`claim ${cell.pipeline}`]);
  const conflict = await findLiveConflict(query, cell);
  if (conflict) {
    await unring(query, claim);
    return { kind: 'busy', because: conflict };
  }
  const [taken] = await query<{ attempts: number }>(
    `update cells c set state = 'running', rung = false, attempts = c.attempts + 1, started_at = coalesce(c.started_at, $4::int8), not_before = null
     from backfills b
     where b.id = c.backfill_id and c.backfill_id = $1 and c.table_name = $2 and c.cell_date = $3::date and c.state = 'ready' and b.state = 'running'
       and c.rung and (c.not_before is null or c.not_before <= $4::int8)
     returning c.attempts::int4 as attempts`,
    [...nameOf(claim), claim.now],
  );
  if (!taken) {
    await unring(query, claim);
    return { kind: 'not_ready', state: cell.state === 'ready' ? cell.backfillState : cell.state };
  }
  await insertAttempt(query, claim, cell.pipeline, taken.attempts);
  return { kind: 'claimed', number: taken.attempts, status: cell.status };
}

/** A cell that could not start is free to be chosen again. */
async function unring(query: Query, cell: CellName): Promise<void> {
  await query(
    `update cells set rung = false where backfill_id = $1 and table_name = $2 and cell_date = $3::date and state = 'ready'`,
    nameOf(cell),
  );
}

async function findLiveConflict(query: Query, cell: Holding & { pipeline: string }): Promise<string | null> {
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

/** Keeps what was there before the call. Returns false when the attempt has been taken over. */
export async function recordSnapshot(
  query: Query,
  kept: { attempt: string; token: string; snapshot: Snapshot },
): Promise<boolean> {
  const rows = await query(
    `update attempts set snapshot = $3::jsonb where id = $1 and token = $2 and live returning id`,
    [kept.attempt, kept.token, toJson(kept.snapshot)],
  );
  return rows.length === 1;
}

/** Notes that nobody saw how the attempt ended. It stays live and keeps its locks. */
export async function markAmbiguous(
  query: Query,
  lost: { attempt: string; token: string; detail: string; holdUntil: number },
): Promise<void> {
  await query(
    `update attempts set ambiguous = true, detail = $3, hold_until = $4::int8 where id = $1 and token = $2 and live`,
    [lost.attempt, lost.token, lost.detail, lost.holdUntil],
  );
}

export type LiveAttempt = CellName & {
  readonly id: string;
  readonly token: string;
  readonly number: number;
  readonly planned: Status;
  readonly ambiguous: boolean;
  readonly snapshot: Snapshot | null;
  readonly detail: string | null;
  readonly startedAt: number;
  readonly holdUntil: number;
};

const columns = `a.id, a.token, a.backfill_id as backfill, a.table_name as "table", a.cell_date::text as date, a.number::int4 as number,
  c.planned_status as planned, a.ambiguous, a.snapshot, a.detail, a.started_at::float8 as "startedAt", a.hold_until::float8 as "holdUntil"`;
const joined = `attempts a join cells c on c.backfill_id = a.backfill_id and c.table_name = a.table_name and c.cell_date = a.cell_date`;

/** The live attempt of a cell. */
export async function findLiveAttempt(query: Query, cell: CellName): Promise<LiveAttempt | undefined> {
  const [row] = await query<LiveAttempt>(
    `select ${columns} from ${joined} where a.live and a.backfill_id = $1 and a.table_name = $2 and a.cell_date = $3::date`,
    nameOf(cell),
  );
  return row;
}

/**
 * Live attempts whose process is gone: its lease is over, or (exclusive: one process at a time in an embedded home) it
 * was another one than ours. Ambiguous ones of ours are left to their own bells.
 */
export async function listOrphans(
  query: Query,
  options: { pipeline: string; instance: string; exclusive: boolean; now: number },
): Promise<LiveAttempt[]> {
  return query<LiveAttempt>(
    `select ${columns} from ${joined}
     where a.live and a.pipeline = $1 and ((a.instance <> $2 and $3) or a.lease_until < $4::int8) order by a.started_at`,
    [options.pipeline, options.instance, options.exclusive, options.now],
  );
}

/** Takes an attempt over from a dead process, as an ambiguous one. Returns false when another process was first. */
export async function takeOverAttempt(
  query: Query,
  take: { attempt: string; token: string; newToken: string; instance: string; now: number },
): Promise<boolean> {
  const rows = await query(
    `update attempts set token = $3, instance = $4, ambiguous = true, detail = coalesce(detail, 'the process that ran it ended'),
       lease_until = greatest(hold_until, $5::int8) + 60000
     where id = $1 and token = $2 and live returning id`,
    [take.attempt, take.token, take.newToken, take.instance, take.now],
  );
  return rows.length === 1;
}

export type RecordedOutcome = FinalOutcome | { readonly retryAt: number; readonly detail: string };

/** `finished` is true for exactly one recording of a backfill: the one after which all cells are final (B3). */
export type Recorded = { readonly kind: 'recorded'; readonly finished: boolean } | { readonly kind: 'fenced' };

/** Ends an attempt and its cell, and moves what waited for it, in the caller's transaction. */
export async function recordOutcome(
  query: Query,
  record: { attempt: string; token: string; outcome: RecordedOutcome; now: number },
): Promise<Recorded> {
  const { outcome, now } = record;
  const retry = 'retryAt' in outcome;
  const [ended] = await query<CellName>(
    `update attempts set live = false, ended_at = $3::int8, state = $4, reason = $5, detail = $6 where id = $1 and token = $2 and live
     returning backfill_id as backfill, table_name as "table", cell_date::text as date`,
    [
      record.attempt,
      record.token,
      now,
      retry ? 'failed' : outcome.state,
      retry ? 'run_failed' : outcome.reason,
      outcome.detail,
    ],
  );
  if (!ended) return { kind: 'fenced' };
  // Recordings of one backfill follow each other, so that of the two last cells exactly one sees that nothing is left.
  await lockBackfill(query, ended.backfill);
  if (retry) {
    await query(
      `update cells set state = 'ready', rung = false, not_before = $4::int8, detail = $5 where backfill_id = $1 and table_name = $2 and cell_date = $3::date`,
      [...nameOf(ended), outcome.retryAt, outcome.detail],
    );
    return { kind: 'recorded', finished: false };
  }
  await endCell(query, ended, outcome, now);
  const good = outcome.state === 'succeeded' || outcome.state === 'skipped';
  await moveDependants(query, { ...ended, good }, now);
  return { kind: 'recorded', finished: await finishIfLast(query, ended.backfill) };
}
