/**
 * Pausing, resuming, canceling and retrying: each is one transaction with its entry in the audit log. Whoever calls one
 * has locked the claims of the pipeline and then the backfill, so that no cell starts after it was recorded (B6).
 */
import type { Backfill } from '../core/backfill/backfill.ts';
import type { EndedCell } from '../core/backfill/retry.ts';
import type { Steering, SteerStep, SteerVerb } from '../core/backfill/steering.ts';
import { listAudit, recordAudit } from './audit.ts';
import { findBackfill, lockBackfill } from './backfills.ts';
import { finishIfLast } from './cell-end.ts';
import { lockClaims } from './claims.ts';
import { readyUnwaiting } from './dependants.ts';
import { toJson } from './json.ts';
import { tryNow } from './outages.ts';
import type { Query } from './store.ts';

/** Cells that do not run, and cells that do and end by themselves. */
export type Open = { readonly waiting: number; readonly running: number };

/** Locks the claims of a pipeline and one of its backfills until the caller's transaction ends, and reads it. */
export async function holdBackfill(query: Query, pipeline: string, id: string): Promise<Backfill | undefined> {
  await lockClaims(query, pipeline);
  await lockBackfill(query, id);
  const found = await findBackfill(query, id);
  return found?.pipeline === pipeline ? found : undefined;
}

/** Counts the cells of a backfill that are not final. */
export async function countOpen(query: Query, id: string): Promise<Open> {
  const [row] = await query<Open>(
    `select (count(*) filter (where state <> 'running'))::int4 as waiting, (count(*) filter (where state = 'running'))::int4 as running
     from cells where backfill_id = $1 and finished_at is null`,
    [id],
  );
  return row ?? { waiting: 0, running: 0 };
}

/** No cell starts from now on; what is under way ends by itself. */
export async function pauseBackfill(query: Query, id: string, steering: Steering): Promise<Open> {
  await setState(query, id, 'paused', steering);
  await query(
    `update cells set rung = false, rung_at = null where backfill_id = $1 and finished_at is null and state = 'ready' and rung`,
    [id],
  );
  const open = await countOpen(query, id);
  await noteSteering(query, id, steering, open);
  return open;
}

/** Cells start again; the rest of a sample that is over too, since somebody looked at it. */
export async function resumeBackfill(query: Query, id: string, steering: Steering): Promise<Open> {
  await setState(query, id, 'running', steering);
  await tryNow(query, id, steering.at);
  await query(
    `update cells set held = false where backfill_id = $1 and held
       and not exists (select from cells u where u.backfill_id = $1 and u.finished_at is null and not u.held)`,
    [id],
  );
  const open = await countOpen(query, id);
  await noteSteering(query, id, steering, open);
  return open;
}

/** `finished` is true where nothing was under way, so that this recording is the one that sees the end (B3). */
export type Canceled = { readonly stopped: number; readonly running: number; readonly finished: boolean };

/** All cells that do not run become canceled, those too that wait for another attempt; what is under way ends by itself. */
export async function cancelBackfill(query: Query, id: string, steering: Steering): Promise<Canceled> {
  await setState(query, id, 'canceling', steering);
  const open = await countOpen(query, id);
  await query(
    `update cells set state = 'canceled', finished_at = $2::int8, rung = false, rung_at = null, held = false, not_before = null
     where backfill_id = $1 and finished_at is null and state in ('waiting','ready')`,
    [id, steering.at],
  );
  await noteSteering(query, id, steering, { stopped: open.waiting, running: open.running });
  return { stopped: open.waiting, running: open.running, finished: await finishIfLast(query, id) };
}

type Name = { readonly table: string; readonly date: string };

/** Takes cells of a backfill that is over again, in a new round of it. Their attempts begin at the first. */
export async function retryBackfill(
  query: Query,
  id: string,
  steering: Steering,
  cells: { readonly again: readonly Name[]; readonly stay: number },
): Promise<void> {
  await query(
    `update backfills set state = 'running', steered = $2::jsonb, round = round + 1, result = null, quality = null, unblocked = null,
       started_at = $3::int8, finished_at = null where id = $1`,
    [id, toJson(steering), steering.at],
  );
  await query(
    `update cells c set state = 'waiting', reason = null, detail = null, error_id = null, rows_after = null, finished_at = null,
       not_before = null, held = false, uncounted = c.attempts
     from jsonb_to_recordset($2::jsonb) as x(t text, d date)
     where c.backfill_id = $1 and c.table_name = x.t and c.cell_date = x.d`,
    [id, toJson(cells.again.map(({ table, date }) => ({ t: table, d: date })))],
  );
  await readyUnwaiting(query, id);
  await noteSteering(query, id, steering, { again: cells.again.length, stay: cells.stay });
}

/** How a backfill was steered, oldest first. */
export async function listSteering(query: Query, id: string): Promise<SteerStep[]> {
  const entries = await listAudit(query, id);
  return entries.flatMap(({ action, actor, at, detail }): SteerStep[] => {
    const verb = steerVerbs.find((known) => known === action);
    return verb === undefined ? [] : [{ ...detail, verb, by: actor, at, reason: asReason(detail.reason) }];
  });
}

const steerVerbs: readonly SteerVerb[] = ['pause', 'resume', 'cancel', 'retry'];

function asReason(reason: unknown): string | null {
  return typeof reason === 'string' ? reason : null;
}

/** Of each cell that failed, what its last attempt left for a retry. */
export async function listFailedAttempts(
  query: Query,
  id: string,
): Promise<Pick<EndedCell, 'table' | 'date' | 'transient' | 'inputs'>[]> {
  return query(
    `select distinct on (table_name, cell_date) table_name as "table", cell_date::text as date, transient, inputs
     from attempts where backfill_id = $1 and state = 'failed' order by table_name, cell_date, started_at desc`,
    [id],
  );
}

async function setState(query: Query, id: string, state: string, steering: Steering): Promise<void> {
  await query(`update backfills set state = $2, steered = $3::jsonb where id = $1`, [id, state, toJson(steering)]);
}

async function noteSteering(query: Query, id: string, steering: Steering, figures: object): Promise<void> {
  const { at, by, verb, reason, origin } = steering;
  const detail = { reason, ...figures, ...origin };
  await recordAudit(query, { at, actor: by, action: verb, subject: id, detail });
}
