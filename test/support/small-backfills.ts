/** Backfills for tests of the store, in few words: cells as `pgs 11-01`, edges as `psza 11-03 <- pgs 11-01..11-03`. */
import type { Backfill, PlannedCell, PlannedEdge, Reads } from '../../src/core/backfill.ts';
import { claimCell, recordOutcome } from '../../src/store/attempts.ts';
import { type Inserted, insertBackfill } from '../../src/store/backfills.ts';
import { loadCells, type Rung, ringReady } from '../../src/store/cells.ts';
import type { Store } from '../../src/store/store.ts';

export const pipeline = 'nba';
const noLimits: ReadonlyMap<string, { service: string; max: number }> = new Map();

type Small = {
  readonly cells: readonly string[];
  /** `<-` needs the same date to be good; `<~` only waits, as a window does. */
  readonly edges?: readonly string[];
  readonly reads?: Readonly<Record<string, readonly string[]>>;
  readonly concurrency?: number;
  readonly createdAt?: number;
  readonly requestKey?: string;
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
    options: {
      only: null,
      withUpstream: false,
      readyOnly: false,
      noResume: false,
      dryRun: false,
      newestFirst: false,
      concurrency: small.concurrency ?? null,
      reason: null,
    },
    state: 'running',
    result: null,
    requestedBy: 'ada',
    channel: 'C1',
    createdAt: small.createdAt ?? 1000,
    startedAt: small.createdAt ?? 1000,
    finishedAt: null,
    preflight: { ready: [], blocked: [], warnings: [], skipped: [] },
    quality: null,
    qualityBefore: null,
    ...small.more,
  };
}

/** Stores a backfill; says what the store said. */
export function launch(store: Store, id: string, small: Small): Promise<Inserted> {
  const cells = small.cells.map((text): PlannedCell => ({ ...cellOf(text), status: 'missing' }));
  const backfill = smallBackfill(id, small);
  const { target, from, to } = backfill;
  const plan = { target, from, to, cells, edges: (small.edges ?? []).map(edgeOf) };
  const reads = small.cells.map((text) => (small.reads?.[text] ?? []).map(runOf));
  return store.transaction((query) =>
    insertBackfill(query, { backfill, requestKey: small.requestKey ?? `request of ${id}`, plan, reads }),
  );
}

/** Rings for all that may start; says which, as `pgs 2021-11-01`. */
export async function ring(store: Store, options: { now?: number; limits?: typeof noLimits } = {}): Promise<string[]> {
  const rung = await ringAll(store, options);
  return rung.cells.map((cell) => `${cell.table} ${cell.date}`).sort();
}

export function ringAll(
  store: Store,
  options: { now?: number; limits?: typeof noLimits } = {},
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
  given: { now?: number; attempt?: string; instance?: string } = {},
): ReturnType<typeof claimCell> {
  const now = given.now ?? 3000;
  const id = given.attempt ?? `${backfill} ${cell}`;
  return store.transaction((query) =>
    claimCell(query, {
      backfill,
      ...cellOf(cell),
      attempt: { id, token: `token of ${id}`, instance: given.instance ?? 'here' },
      now,
      goneAt: now + 10_000,
      leaseUntil: now + 20_000,
    }),
  );
}

type Ended = 'succeeded' | 'failed' | 'blocked' | 'skipped' | { readonly retryAt: number };

/** Records how an attempt ended. */
export function end(
  store: Store,
  attempt: string,
  ended: Ended,
  given: { now?: number; token?: string } = {},
): ReturnType<typeof recordOutcome> {
  const outcome =
    typeof ended === 'object'
      ? { ...ended, detail: 'come back later' }
      : {
          state: ended,
          reason: ended === 'failed' ? ('empty_success' as const) : null,
          detail: ended === 'failed' ? 'HTTP 200 and no rows' : null,
          errorId: ended === 'failed' ? 'e1' : null,
          rowsBefore: 0,
          rowsAfter: ended === 'succeeded' ? 210 : 0,
        };
  return store.transaction((query) =>
    recordOutcome(query, { attempt, token: given.token ?? `token of ${attempt}`, outcome, now: given.now ?? 4000 }),
  );
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
  for (const table of ['attempts', 'edges', 'cells', 'backfills', 'messages', 'requests', 'audit', 'accepted_gaps']) {
    await store.query(`delete from ${table}`);
  }
}
