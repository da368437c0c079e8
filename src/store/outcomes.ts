/** How attempts end: the attempts, their cells, what waited for them, and the backfill, in one transaction. */

import { isLasting, type Outage, sayOutage } from '../core/backfill/circuit.ts';
import { engine } from '../core/backfill/steering.ts';
import { type CellName, endCells, type FinalOutcome, finishIfLast, nameOf } from './cell-end.ts';
import { lockClaims } from './claims.ts';
import { moveDependants } from './dependants.ts';
import { toJson } from './json.ts';
import { type Failure, listTroubled, noteBusy, noteDown, noteUp, type ServiceName } from './outages.ts';
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

export type Ending = { readonly attempt: string; readonly token: string; readonly now: number };
type Said = { readonly state: string; readonly reason: string | null; readonly detail: string | null };

/** How one attempt ended. */
export type EndedAttempt = Ending & { readonly outcome: RecordedOutcome; readonly shown?: Shown };
type Live = CellName & EndedAttempt;

/**
 * Ends attempts of one pipeline and their cells, and moves what waited for them, in the caller's transaction. Cells end in
 * company, so they are written by the batch.
 * @returns what became of each, in their order; an attempt that is over, or another's by now, changes nothing
 */
export async function recordOutcomes(
  query: Query,
  pipeline: string,
  records: readonly EndedAttempt[],
): Promise<Recorded[]> {
  // A failure may stop the backfill, and who stops one locks its claims before anything else.
  if (records.some(({ outcome }) => outcome.state === 'failed')) await lockClaims(query, pipeline);
  const names = await endAttempts(
    query,
    records.map((record) => {
      const { outcome } = record;
      return { ...record, said: outcome, transient: outcome.state === 'failed' ? outcome.transient : null };
    }),
  );
  const live = records.flatMap((record): Live[] => {
    const name = names.get(record.attempt);
    return name ? [{ ...record, ...name }] : [];
  });
  const states = await lockStates(query, [...new Set(live.map(({ backfill }) => backfill))]);
  const outages = await noteServices(query, pipeline, live);
  const again = live.filter((one) => states.get(one.backfill) !== 'canceling' && isTriedAgain(one, outages));
  await openAgain(query, again, outages);
  const final = live.filter((one) => !again.includes(one));
  const finished = new Set<string>();
  for (const backfill of new Set(final.map((one) => one.backfill)))
    if (await endTogether(query, backfill, final)) finished.add(backfill);
  return records.map(({ attempt }): Recorded => {
    const one = live.find((each) => each.attempt === attempt);
    if (!one) return { kind: 'fenced' };
    const outage = outages.get(attempt);
    // Of several that ended together one is told, so that the end is seen once.
    const sees = final.includes(one) && finished.delete(one.backfill);
    return { kind: 'recorded', finished: sees, ...(outage ? { outage } : {}) };
  });
}

function isSpared({ attempt, outcome, shown }: Live, outages: Outages): boolean {
  return outcome.state === 'failed' && outages.get(attempt)?.closedAt === null && shown?.state === 'down';
}

function isTriedAgain(one: Live, outages: Outages): boolean {
  return one.outcome.retryAt !== null || isSpared(one, outages);
}

/** Ends cells of one backfill, whose row is locked. Returns whether that was the end of it. */
async function endTogether(query: Query, backfill: string, final: readonly Live[]): Promise<boolean> {
  const cells = final.filter((one) => one.backfill === backfill);
  const now = Math.max(...cells.map((cell) => cell.now));
  await endCells(query, cells, now);
  const moved = cells.map(({ table, date, outcome: { state } }) => ({
    table,
    date,
    good: state === 'succeeded' || state === 'skipped',
  }));
  await moveDependants(query, backfill, moved, now);
  const failed = cells.some(({ outcome }) => outcome.state === 'failed');
  const stopped = failed && (await stopIfTooMany(query, backfill, now));
  await judgeSample(query, backfill, now);
  const finished = (await finishIfLast(query, backfill)) || stopped;
  const pause = cells.find(({ outcome }) => outcome.pause !== undefined)?.outcome.pause;
  if (pause !== undefined && !finished) await pauseFor(query, backfill, pause, now);
  return finished;
}

/** The outage that each attempt met or ended, by its id. */
type Outages = ReadonlyMap<string, Outage>;

/** Notes what attempts showed of their services. That all is well where all was well is nothing to write down. */
async function noteServices(query: Query, pipeline: string, live: readonly Live[]): Promise<Outages> {
  const outages = new Map<string, Outage>();
  const shows = live.filter(({ shown }) => shown !== undefined);
  if (shows.length === 0) return outages;
  const isWell = shows.every(({ shown }) => shown?.state === 'up');
  if (isWell && (await listTroubled(query, pipeline)).length === 0) return outages;
  for (const one of shows) {
    const outage = one.shown && (await noteShown(query, one.shown, one, one.outcome.detail, one.now));
    if (outage) outages.set(one.attempt, outage);
  }
  return outages;
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

/** One whose service fails whatever it is asked says nothing of its cell, and does not count. */
async function openAgain(query: Query, again: readonly Live[], outages: Outages): Promise<void> {
  if (again.length === 0) return;
  const rows = again.map((one) => {
    const spared = isSpared(one, outages);
    const { backfill: b, table: t, date: d, outcome } = one;
    return { b, t, d, n: spared ? null : outcome.retryAt, w: outcome.detail, u: spared ? 1 : 0 };
  });
  await query(
    `update cells c set state = 'ready', rung = false, rung_at = null, not_before = x.n, detail = x.w, uncounted = c.uncounted + x.u
     from jsonb_to_recordset($1::jsonb) as x(b text, t text, d date, n int8, w text, u int4)
     where c.backfill_id = x.b and c.table_name = x.t and c.cell_date = x.d`,
    [toJson(rows)],
  );
}

/** Pauses a backfill that runs: its claims and its row are locked. */
async function pauseFor(query: Query, backfill: string, reason: string, now: number): Promise<void> {
  if ((await lockStates(query, [backfill])).get(backfill) !== 'running') return;
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
  const ended = (await endAttempts(query, [{ ...ending, said, transient: null }])).get(ending.attempt);
  if (!ended) return { kind: 'fenced' };
  const canceling = (await lockStates(query, [ended.backfill])).get(ended.backfill) === 'canceling';
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

/** Ends those of the attempts that are live and whose token is right. Returns their cells by the attempts' ids. */
async function endAttempts(
  query: Query,
  endings: readonly (Ending & { readonly said: Said; readonly transient: boolean | null })[],
): Promise<Map<string, CellName>> {
  const rows = endings.map(({ attempt, token, now, said, transient }) => ({
    a: attempt,
    k: token,
    n: now,
    s: said.state,
    r: said.reason,
    w: said.detail,
    p: transient,
  }));
  const ended = await query<CellName & { attempt: string }>(
    `update attempts a set live = false, ended_at = x.n, state = x.s, reason = x.r, detail = x.w, transient = x.p
     from jsonb_to_recordset($1::jsonb) as x(a text, k text, n int8, s text, r text, w text, p boolean)
     where a.id = x.a and a.token = x.k and a.live
     returning a.id as attempt, a.backfill_id as backfill, a.table_name as "table", a.cell_date::text as date`,
    [toJson(rows)],
  );
  return new Map(ended.map(({ attempt, ...cell }) => [attempt, cell]));
}

/** Recordings of one backfill follow each other, so that of the two last cells exactly one sees that nothing is left. */
async function lockStates(query: Query, backfills: readonly string[]): Promise<Map<string, string>> {
  const rows = await query<{ id: string; state: string }>(
    `select b.id, b.state from backfills b where $1::jsonb @> to_jsonb(b.id) order by b.id for update`,
    [toJson(backfills)],
  );
  return new Map(rows.map(({ id, state }) => [id, state]));
}
