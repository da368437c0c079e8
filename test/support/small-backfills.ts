/** Backfills for tests of the store, in few words: cells as `pgs 11-01`, edges as `psza 11-03 <- pgs 11-01..11-03`. */
import type { Backfill, PlannedCell, PlannedEdge, Reads } from '../../src/core/backfill/backfill.ts';
import type { BackfillResult } from '../../src/core/backfill/backfill-report.ts';
import type { Limits } from '../../src/core/backfill/share.ts';
import { noOptions } from '../../src/core/request/options.ts';
import { finishBackfill, type Inserted, insertBackfill, listOwned, lockLaunches } from '../../src/store/backfills.ts';
import { type Rung, ringReady } from '../../src/store/bells.ts';
import { loadCells } from '../../src/store/cells.ts';
import { type Claimed, claimCells } from '../../src/store/claims.ts';
import { type Recorded, recordOutcomes, type Shown } from '../../src/store/outcomes.ts';
import {
  cancelBackfill,
  holdBackfill,
  pauseBackfill,
  resumeBackfill,
  retryBackfill,
} from '../../src/store/steering.ts';
import type { Store } from '../../src/store/store.ts';

export const pipeline = 'nba';
const noLimits: Limits = new Map();

type Small = {
  readonly cells: readonly string[];
  /** `<-` needs the same date to be good; `<~` only waits, as a window does. */
  readonly edges?: readonly string[];
  readonly reads?: Readonly<Record<string, readonly string[]>>;
  readonly concurrency?: number;
  readonly createdAt?: number;
  readonly requestKey?: string;
  /** Cells that run before all others. */
  readonly sample?: readonly string[];
  readonly more?: Partial<Backfill>;
};

/** `11-01` is 2021-11-01. */
export function day(short: string): string {
  return short.length === 5 ? `2021-${short}` : short;
}

export function cellOf(text: string): { table: string; date: string } {
  const [table = '', date = ''] = text.split(' ');
  return { table, date: day(date) };
}

function nameOf(text: string): string {
  const { table, date } = cellOf(text);
  return `${table} ${date}`;
}

function runOf(text: string): Reads {
  const [table = '', dates = ''] = text.split(' ');
  const [from = '', to = from] = dates.split('..');
  return { table, from: day(from), to: day(to) };
}

function edgeOf(text: string): PlannedEdge {
  const [below = '', above = ''] = text.split(/ <[-~] /);
  const { table: needs, from, to } = runOf(above);
  return { ...cellOf(below), needs, from, to, strict: text.includes('<-') };
}

export function smallBackfill(id: string, small: Pick<Small, 'concurrency' | 'createdAt' | 'more'> = {}): Backfill {
  return {
    id,
    pipeline,
    target: 'mlfs',
    from: day('11-01'),
    to: day('11-30'),
    options: { ...noOptions, concurrency: small.concurrency ?? null },
    state: 'running',
    result: null,
    round: 1,
    steered: null,
    requestedBy: 'ada',
    channel: 'C1',
    waitsFor: null,
    createdAt: small.createdAt ?? 1000,
    startedAt: small.createdAt ?? 1000,
    finishedAt: null,
    preflight: { ready: [], blocked: [], warnings: [], skipped: [] },
    quality: null,
    qualityBefore: null,
    coverageBefore: null,
    coverageAfter: null,
    unblocked: null,
    forecast: null,
    ...small.more,
  };
}

/** Stores a backfill; says what the store said. */
export function launch(store: Store, id: string, small: Small): Promise<Inserted> {
  const cells = small.cells.map((text): PlannedCell => ({ ...cellOf(text), status: 'missing' }));
  const backfill = smallBackfill(id, small);
  const { target, from, to } = backfill;
  const plan = { target, from, to, cells, edges: (small.edges ?? []).map(edgeOf) };
  const sample = small.sample ? new Set(small.sample.map(nameOf)) : null;
  const reads = small.cells.map((text) => (small.reads?.[text] ?? []).map(runOf));
  return store.transaction((query) =>
    insertBackfill(query, { backfill, requestKey: small.requestKey ?? `request of ${id}`, plan, reads, sample }),
  );
}

/** Rings for all that may start; says which, as `pgs 2021-11-01`. */
export async function ring(store: Store, options: { now?: number; limits?: Limits } = {}): Promise<string[]> {
  const rung = await ringAll(store, options);
  return rung.cells.map((cell) => `${cell.table} ${cell.date}`).sort();
}

export function ringAll(
  store: Store,
  options: { now?: number; limits?: Limits } = {},
): Promise<{ cells: Rung[]; nextAt: number | null }> {
  return store.transaction((query) =>
    ringReady(query, { pipeline, now: options.now ?? 2000, limits: options.limits ?? noLimits }),
  );
}

/** Claims a cell; its attempt and token are named after it unless given. */
export function claim(
  store: Store,
  backfill: string,
  cell: string,
  given: {
    now?: number;
    attempt?: string;
    instance?: string;
    service?: string;
    spacing?: { service: string; interval: number };
  } = {},
): Promise<Claimed> {
  const now = given.now ?? 3000;
  const id = given.attempt ?? `${backfill} ${cell}`;
  const asked = {
    backfill,
    ...cellOf(cell),
    attempt: { id, token: `token of ${id}`, instance: given.instance ?? 'here' },
    now,
    goneAt: now + 10_000,
    leaseUntil: now + 20_000,
    ...(given.service ? { service: given.service } : {}),
    ...(given.spacing ? { spacing: given.spacing } : {}),
  };
  return first(store.transaction((query) => claimCells(query, pipeline, [asked])));
}

/** The answer about the only one that was asked for. */
async function first<T>(answers: Promise<readonly T[]>): Promise<T> {
  const [answer] = await answers;
  if (answer === undefined) throw new Error('there was no answer');
  return answer;
}

/** `failed` ends for good; `run_failed` may pass by itself; `retryAt`: the same, and it is tried again. */
type Ended = 'succeeded' | 'failed' | 'run_failed' | 'blocked' | 'skipped' | { readonly retryAt: number };

/** Records how an attempt ended. */
export function end(
  store: Store,
  attempt: string,
  ended: Ended,
  given: { now?: number; token?: string; shown?: Shown } = {},
): Promise<Recorded> {
  const retryAt = typeof ended === 'object' ? ended.retryAt : null;
  const passing = retryAt !== null || ended === 'run_failed';
  const failed = passing || ended === 'failed';
  const outcome = {
    state: failed ? ('failed' as const) : (ended as 'succeeded' | 'blocked' | 'skipped'),
    reason: passing ? ('run_failed' as const) : failed ? ('empty_success' as const) : null,
    detail: retryAt !== null ? 'come back later' : failed ? 'HTTP 200 and no rows' : null,
    errorId: failed ? 'e1' : null,
    rowsBefore: 0,
    rowsAfter: ended === 'succeeded' ? 210 : 0,
    retryAt,
    transient: passing,
  };
  const record = {
    attempt,
    token: given.token ?? `token of ${attempt}`,
    outcome,
    now: given.now ?? 4000,
    ...(given.shown ? { shown: given.shown } : {}),
  };
  return first(store.transaction((query) => recordOutcomes(query, pipeline, [record])));
}

type Steer = { readonly now?: number; readonly by?: string; readonly reason?: string | null };

/** Pauses, resumes or cancels a backfill, under the locks that whoever does it holds. */
export function steer<V extends 'pause' | 'resume' | 'cancel'>(
  store: Store,
  verb: V,
  id: string,
  given: Steer = {},
): ReturnType<(typeof steps)[V]> {
  const steering = { verb, by: given.by ?? 'bob', reason: given.reason ?? null, at: given.now ?? 5000 };
  return store.transaction(async (query) => {
    await holdBackfill(query, pipeline, id);
    return steps[verb](query, id, steering);
  }) as ReturnType<(typeof steps)[V]>;
}
const steps = { pause: pauseBackfill, resume: resumeBackfill, cancel: cancelBackfill };

/** Takes cells of a backfill that is over again, as the engine does; throws where another one owns them. */
export function retry(store: Store, id: string, cells: readonly string[], now = 7000): Promise<void> {
  const steering = { verb: 'retry' as const, by: 'bob', reason: null, at: now };
  return store.transaction(async (query) => {
    await lockLaunches(query, pipeline);
    await holdBackfill(query, pipeline, id);
    const owned = await listOwned(query, pipeline, cells.map(cellOf));
    if (owned.length > 0) throw new Error(`${owned[0]?.backfill} owns them`);
    await retryBackfill(query, id, steering, { again: cells.map(cellOf), stay: 0 });
  });
}

/** Writes the end of a round that has no cell left; false where it had one, or was over. */
export function finish(
  store: Store,
  id: string,
  given: { result?: BackfillResult; round?: number; now?: number } = {},
): Promise<boolean> {
  const { result = 'succeeded', round = 1, now = 6000 } = given;
  const total = { rows: 1, entities: 1, duplicates: 0, flags: {}, nulls: {}, missing: [] };
  const quality = { table: 'mlfs', dates: [], total };
  return store.transaction((query) => finishBackfill(query, { id, round, result, quality, coverage: null, now }));
}

/** Rings, claims and ends one cell. */
export async function runCell(store: Store, backfill: string, cell: string, ended: Ended): Promise<boolean> {
  await ring(store);
  const claimed = await claim(store, backfill, cell);
  if (claimed.kind !== 'claimed') throw new Error(`${cell} was not claimed: ${JSON.stringify(claimed)}`);
  const recorded = await end(store, `${backfill} ${cell}`, ended);
  return recorded.kind === 'recorded' && recorded.finished;
}

/** Launches `b1` with these cells and claims them all. */
export async function startCells(store: Store, cells: readonly string[]): Promise<Store> {
  await launch(store, 'b1', { cells });
  await ring(store);
  for (const cell of cells) await claim(store, 'b1', cell);
  return store;
}

/** The states of a backfill's cells in the order of its plan, as `pgs 2021-11-01 ready`. */
export async function statesOf(store: Store, backfill: string): Promise<string[]> {
  const cells = await loadCells(store.query, backfill);
  return cells.map((cell) => `${cell.table} ${cell.date} ${cell.state}`);
}

/** Deletes everything but the record of migrations. */
export async function emptyStore(store: Store): Promise<void> {
  const kept = [
    'failure_dates',
    'attempts',
    'edges',
    'cells',
    'followers',
    'approvals',
    'backfills',
    'messages',
    'requests',
    'accepted_gaps',
    'watches',
    'digests',
  ];
  for (const table of [...kept, 'service_starts', 'service_states', 'outages']) {
    await store.query(`delete from ${table}`);
  }
  await emptyAudit(store);
}

/** Nobody may, but for who owns the tables and switches its guard off. */
async function emptyAudit(store: Store): Promise<void> {
  await store.transaction(async (query) => {
    await query(`alter table audit disable trigger audit_kept`);
    await query(`delete from audit`);
    await query(`alter table audit enable trigger audit_kept`);
    await query(`update audit_head set number = 0, hash = repeat('0', 64)`);
  });
}
