/** Backfills that wait for another one to be over: stored without a cell, and given their plan when they start. */
import type { Backfill } from '../core/backfill/backfill.ts';
import type { Preflight } from '../core/plan/plan-report.ts';
import {
  findSame,
  type Inserted,
  insertCells,
  insertEdges,
  insertRow,
  listOwned,
  lockLaunches,
  type NewBackfill,
} from './backfills.ts';
import { toJson } from './json.ts';
import type { Query } from './store.ts';

/** Stores a backfill in state `preflight`. The same request while it waits, or runs, makes no second one (B9). */
export async function insertQueued(
  query: Query,
  created: { readonly backfill: Backfill; readonly requestKey: string; readonly asked: string },
): Promise<Exclude<Inserted, { kind: 'overlap' }>> {
  const { backfill, requestKey, asked } = created;
  await lockLaunches(query, backfill.pipeline);
  const same = await findSame(query, backfill.pipeline, requestKey);
  if (same) return { kind: 'same', id: same };
  const { target, from, to } = backfill;
  await insertRow(query, backfill, requestKey, { target, from, to, cells: [], edges: [] }, asked);
  return { kind: 'created' };
}

/** A backfill that waits: by whom and in which words it was asked for. */
export type Queued = Pick<Backfill, 'id' | 'pipeline' | 'requestedBy' | 'channel'> & {
  readonly waitsFor: string;
  readonly asked: string;
};

/** A backfill that waits; undefined where there is none, or it has started or was canceled. */
export async function findQueued(query: Query, id: string): Promise<Queued | undefined> {
  const [row] = await query<Queued>(
    `select id, pipeline, requested_by as "requestedBy", channel, waits_for as "waitsFor", asked
     from backfills where id = $1 and state = 'preflight'`,
    [id],
  );
  return row;
}

/** The backfills that wait for one, in the order in which they were asked for. */
export async function listQueuedAfter(query: Query, id: string): Promise<string[]> {
  const rows = await query<{ id: string }>(
    `select id from backfills where waits_for = $1 and state = 'preflight' order by created_at, id`,
    [id],
  );
  return rows.map((row) => row.id);
}

/** The backfills that wait for one that is over: their bell was lost. */
export async function listStartable(query: Query, pipeline: string): Promise<string[]> {
  const rows = await query<{ id: string }>(
    `select q.id from backfills q join backfills f on f.id = q.waits_for
     where q.pipeline = $1 and q.state = 'preflight' and f.state in ('done','canceled') order by q.created_at, q.id`,
    [pipeline],
  );
  return rows.map((row) => row.id);
}

/** Gives a backfill that waited for another one its plan; see `startStored`. */
export async function startQueued(query: Query, created: NewBackfill): ReturnType<typeof startStored> {
  return startStored(query, created, 'preflight');
}

/**
 * Gives a backfill that waits in a state its plan, in the caller's transaction: as `insertBackfill` does a new one.
 * `gone`: it does not wait any more.
 */
export async function startStored(
  query: Query,
  created: NewBackfill,
  waiting: 'preflight' | 'waiting_approval',
): Promise<Exclude<Inserted, { kind: 'same' }> | { readonly kind: 'gone' }> {
  const { backfill: b, plan } = created;
  await lockLaunches(query, b.pipeline);
  const owned = await listOwned(query, b.pipeline, plan.cells);
  if (owned.length > 0) return { kind: 'overlap', cells: owned };
  const rows = await query(
    `update backfills set state = $2, waits_for = null, planned = $3::int4, tables = $4::jsonb, started_at = $5::int8,
       preflight = $6::jsonb, quality_before = $7::jsonb, estimate = $8::jsonb, coverage_before = $9::jsonb
     where id = $1 and state = $10 returning id`,
    [
      b.id,
      b.state,
      plan.cells.length,
      toJson([...new Set(plan.cells.map((cell) => cell.table))]),
      b.startedAt,
      toJson(b.preflight),
      b.qualityBefore === null ? null : toJson(b.qualityBefore),
      b.forecast === null ? null : toJson(b.forecast),
      b.coverageBefore === null ? null : toJson(b.coverageBefore),
      waiting,
    ],
  );
  if (rows.length === 0) return { kind: 'gone' };
  await insertCells(query, created);
  await insertEdges(query, b.id, plan);
  return { kind: 'created' };
}

/** Has a waiting backfill wait for another one. False where it does not wait any more. */
export async function requeue(query: Query, id: string, after: string): Promise<boolean> {
  const rows = await query(`update backfills set waits_for = $2 where id = $1 and state = 'preflight' returning id`, [
    id,
    after,
  ]);
  return rows.length === 1;
}

/** Ends a waiting backfill whose pre-flight said no. False where it does not wait any more. */
export async function refuseQueued(
  query: Query,
  end: { readonly id: string; readonly preflight: Preflight; readonly now: number },
): Promise<boolean> {
  const rows = await query(
    `update backfills set state = 'done', result = 'refused', waits_for = null, preflight = $2::jsonb, finished_at = $3::int8
     where id = $1 and state = 'preflight' returning id`,
    [end.id, toJson(end.preflight), end.now],
  );
  return rows.length === 1;
}
