/**
 * Attempts that are under way: what they leave behind, and who settles those whose process is gone. Every write names the
 * attempt's token, so that a process which was taken for dead cannot write after another one has taken over.
 */
import type { Snapshot } from '../core/backfill/backfill.ts';
import type { Status } from '../core/verdict.ts';
import { type CellName, nameOf } from './cell-end.ts';
import { toJson } from './json.ts';
import type { Query } from './store.ts';

type Held = { readonly attempt: string; readonly token: string };

/** What is there right before the call, in the cell and in what it reads, with the lease and the hold from then on. */
export type BegunCall = Held & {
  readonly snapshot: Snapshot;
  readonly inputs: string;
  readonly leaseUntil: number;
  readonly holdUntil: number;
};

/** Keeps what is there before calls. Returns whether each attempt is ours still; of one that was taken over nothing is kept. */
export async function beginCalls(query: Query, calls: readonly BegunCall[]): Promise<boolean[]> {
  const rows = calls.map(({ attempt, token, snapshot, inputs, leaseUntil, holdUntil }) => ({
    a: attempt,
    k: token,
    s: snapshot,
    i: inputs,
    l: leaseUntil,
    h: holdUntil,
  }));
  const ours = await query<{ held: string }>(
    `update attempts a set snapshot = x.s, inputs = x.i, lease_until = x.l, hold_until = x.h
     from jsonb_to_recordset($1::jsonb) as x(a text, k text, s jsonb, i text, l int8, h int8)
     where a.id = x.a and a.token = x.k and a.live and not a.ambiguous returning a.id || ' ' || a.token as held`,
    [toJson(rows)],
  );
  const held = new Set(ours.map((one) => one.held));
  return calls.map(({ attempt, token }) => held.has(`${attempt} ${token}`));
}

/** Says that the process of an attempt is alive. Returns false when the attempt is over or was taken over. */
export async function renewLease(query: Query, held: Held & { leaseUntil: number }): Promise<boolean> {
  const rows = await query(
    `update attempts set lease_until = $3::int8 where id = $1 and token = $2 and live and not ambiguous returning id`,
    [held.attempt, held.token, held.leaseUntil],
  );
  return rows.length === 1;
}

/** Marks an attempt whose call takes unusually long. */
export async function markSlow(query: Query, { attempt, token }: Held): Promise<void> {
  await query(`update attempts set slow = true where id = $1 and token = $2 and live`, [attempt, token]);
}

/** Cells of a backfill whose call takes unusually long just now. */
export async function listSlow(query: Query, backfill: string): Promise<{ table: string; date: string }[]> {
  return query(
    `select table_name as "table", cell_date::text as date from attempts where backfill_id = $1 and live and slow
     order by table_name, cell_date`,
    [backfill],
  );
}

/** Notes that nobody saw how the attempt ended. It stays live and keeps its locks, and from now on nobody renews it. */
export async function markAmbiguous(query: Query, lost: Held & { detail: string; holdUntil: number }): Promise<void> {
  await query(
    `update attempts set ambiguous = true, detail = $3, hold_until = greatest(hold_until, $4::int8),
       lease_until = greatest(hold_until, $4::int8) + 60000 where id = $1 and token = $2 and live`,
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
 * Live attempts whose process is gone: its lease is over, or it was another one than ours whose name is like those of
 * `predecessors`. Ambiguous ones of ours are left to their own bells.
 */
export async function listOrphans(
  query: Query,
  options: { pipeline: string; instance: string; predecessors: string | undefined; now: number },
): Promise<LiveAttempt[]> {
  return query<LiveAttempt>(
    `select ${columns} from ${joined}
     where a.live and a.pipeline = $1 and ((a.instance <> $2 and a.instance like $3) or a.lease_until < $4::int8) order by a.started_at`,
    [options.pipeline, options.instance, options.predecessors ?? null, options.now],
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
