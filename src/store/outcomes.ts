/** How attempts end: the attempt, its cell, what waited for it, and the backfill, in one transaction. */

import { isLasting, type Outage, sayOutage } from '../core/backfill/circuit.ts';
import { engine } from '../core/backfill/steering.ts';
import { type CellName, endCell, type FinalOutcome, finishIfLast, nameOf } from './cell-end.ts';
import { lockClaims } from './claims.ts';
import { moveDependants } from './dependants.ts';
import { type Failure, noteBusy, noteDown, noteUp, type ServiceName } from './outages.ts';
import { judgeSample } from './sample.ts';
import { pauseBackfill } from './steering.ts';
import { stopIfTooMany } from './stop.ts';
import type { Query } from './store.ts';

export type RecordedOutcome = FinalOutcome & {
  /** When the cell is tried again, unless its backfill is being canceled; null: this is how it ended. */
  readonly retryAt: number | null;
  /** Whether a further attempt may end otherwise by itself. */
  readonly transient: boolean;
  /** Nothing of this backfill will end better before a person has mended something: why it is paused. */
  readonly pause?: string;
};

/** What an attempt showed of its service: that it works, fails whatever it is asked, or wants to be left alone until an instant. */
export type Shown = {
  readonly name: ServiceName;
  readonly state: 'up' | 'down' | 'busy';
  readonly startedAt: number;
  readonly waitUntil: number | null;
};

/**
 * `finished` is true for exactly one recording of a round: the one after which all cells are final (B3). `outage`: the one
 * that lasts, or that this recording ended.
 */
export type Recorded =
  | { readonly kind: 'recorded'; readonly finished: boolean; readonly outage?: Outage }
  | { readonly kind: 'fenced' };

type Ending = { readonly attempt: string; readonly token: string; readonly now: number };
type Said = { readonly state: string; readonly reason: string | null; readonly detail: string | null };

/** Ends an attempt and its cell, and moves what waited for it, in the caller's transaction. */
export async function recordOutcome(
  query: Query,
  record: Ending & { readonly outcome: RecordedOutcome; readonly shown?: Shown },
): Promise<Recorded> {
  const { outcome, now, shown } = record;
  const failed = outcome.state === 'failed';
  // A failure may stop the backfill, and who stops one locks its claims before anything else.
  if (failed) await lockClaimsOf(query, record.attempt);
  const ended = await endAttempt(query, record, outcome, failed ? outcome.transient : null);
  if (!ended) return { kind: 'fenced' };
  const state = await lockState(query, ended.backfill);
  const outage = shown && (await noteShown(query, shown, ended, outcome.detail, now));
  const told = outage ? { outage } : {};
  const spared = failed && outage?.closedAt === null && shown?.state === 'down';
  if ((spared || outcome.retryAt !== null) && state !== 'canceling') {
    await openAgain(query, ended, outcome, spared);
    return { kind: 'recorded', finished: false, ...told };
  }
  await endCell(query, ended, outcome, now);
  const good = outcome.state === 'succeeded' || outcome.state === 'skipped';
  await moveDependants(query, { ...ended, good }, now);
  const stopped = failed && (await stopIfTooMany(query, ended.backfill, now));
  await judgeSample(query, ended.backfill, now);
  const finished = (await finishIfLast(query, ended.backfill)) || stopped;
  if (outcome.pause !== undefined && !finished) await pauseFor(query, ended.backfill, outcome.pause, now);
  return { kind: 'recorded', finished, ...told };
}

async function noteShown(
  query: Query,
  { name, state, startedAt, waitUntil }: Shown,
  { table, date }: CellName,
  detail: string | null,
  now: number,
): Promise<Outage | null> {
  if (state === 'up') return noteUp(query, name, now);
  if (waitUntil !== null) await noteBusy(query, name, { now, until: waitUntil, narrow: state === 'busy' });
  if (state === 'busy') return null;
  const failure: Failure = { cell: `${table} ${date}`, detail: detail ?? 'it failed', startedAt, now };
  return noteDown(query, name, failure);
}

/** `spared`: its service fails whatever it is asked, so that this attempt says nothing of the cell and does not count. */
async function openAgain(query: Query, cell: CellName, outcome: RecordedOutcome, spared: boolean): Promise<void> {
  await query(
    `update cells set state = 'ready', rung = false, rung_at = null, not_before = $4::int8, detail = $5, uncounted = uncounted + $6::int4
     where backfill_id = $1 and table_name = $2 and cell_date = $3::date`,
    [...nameOf(cell), spared ? null : outcome.retryAt, outcome.detail, spared ? 1 : 0],
  );
}

/** Pauses a backfill that runs: its claims and its row are locked. */
async function pauseFor(query: Query, backfill: string, reason: string, now: number): Promise<void> {
  if ((await lockState(query, backfill)) !== 'running') return;
  await pauseBackfill(query, backfill, { verb: 'pause', by: engine, reason, at: now });
}

/**
 * Pauses one of the backfills that wait for a service whose outage does not pass, so that a person is asked. May be
 * repeated.
 */
export async function pauseForOutage(
  query: Query,
  { pipeline, backfill, outage, now }: { pipeline: string; backfill: string; outage: Outage; now: number },
): Promise<void> {
  await lockClaims(query, pipeline);
  if (isLasting(outage)) await pauseFor(query, backfill, sayOutage(outage), now);
}

/**
 * Ends an attempt whose process died before it called anything: the cell is as it was, and the attempt does not count.
 * In a backfill that is being canceled the cell is canceled.
 */
export async function recordInterrupted(query: Query, ending: Ending): Promise<Recorded> {
  const said = { state: 'interrupted', reason: null, detail: 'interrupted before the call' };
  const ended = await endAttempt(query, ending, said, null);
  if (!ended) return { kind: 'fenced' };
  const canceling = (await lockState(query, ended.backfill)) === 'canceling';
  await query(
    `update cells set attempts = attempts - 1, rung = false, rung_at = null, state = $4, finished_at = $5::int8
     where backfill_id = $1 and table_name = $2 and cell_date = $3::date`,
    [...nameOf(ended), canceling ? 'canceled' : 'ready', canceling ? ending.now : null],
  );
  return { kind: 'recorded', finished: canceling && (await finishIfLast(query, ended.backfill)) };
}

/** How often a cell's attempts were interrupted before their call since its last one that was not. */
export async function countInterrupted(query: Query, cell: CellName): Promise<number> {
  const rows = await query<{ state: string | null }>(
    `select state from attempts where backfill_id = $1 and table_name = $2 and cell_date = $3::date and not live
     order by started_at desc limit 20`,
    nameOf(cell),
  );
  const other = rows.findIndex(({ state }) => state !== 'interrupted');
  return other < 0 ? rows.length : other;
}

async function endAttempt(
  query: Query,
  { attempt, token, now }: Ending,
  said: Said,
  transient: boolean | null,
): Promise<CellName | undefined> {
  const [ended] = await query<CellName>(
    `update attempts set live = false, ended_at = $3::int8, state = $4, reason = $5, detail = $6, transient = $7
     where id = $1 and token = $2 and live
     returning backfill_id as backfill, table_name as "table", cell_date::text as date`,
    [attempt, token, now, said.state, said.reason, said.detail, transient],
  );
  return ended;
}

async function lockClaimsOf(query: Query, attempt: string): Promise<void> {
  const [row] = await query<{ pipeline: string }>(`select pipeline from attempts where id = $1`, [attempt]);
  if (row) await lockClaims(query, row.pipeline);
}

/** Recordings of one backfill follow each other, so that of the two last cells exactly one sees that nothing is left. */
async function lockState(query: Query, backfill: string): Promise<string | undefined> {
  const [row] = await query<{ state: string }>(`select state from backfills where id = $1 for update`, [backfill]);
  return row?.state;
}
