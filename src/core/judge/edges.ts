/**
 * Edges: what a need finds upstream, for every date of the run at once. Same-date needs and windows are read from the
 * same per-date columns; windows are sums over them, so that a season is judged in one pass.
 */
import type { Need } from '../catalogue/catalogue.ts';
import { rowsAsked, rowsOfShare } from '../catalogue/rules.ts';
import { type Status, statuses } from '../verdict.ts';
import {
  statusCode as code,
  type Edge,
  edgeState,
  entitiesAt,
  isStale,
  type Judging,
  judgementOf,
  rowsAt,
  type TableJudgement,
} from './judgement.ts';

/** Index of the first date of a need's window that ends at `i`; `i` itself for a need of the same date. */
export function windowStart(judging: Judging, need: Need, i: number): number {
  if (need.window === undefined) return i;
  const seasonStart = judging.calendar.seasonStart[i] ?? 0;
  return need.window === 'season' ? seasonStart : Math.max(seasonStart, i - need.window + 1, 0);
}

/**
 * The table that a need looks at on a date: of alternatives the first that will do, else the first with rows; the
 * fallback only where the table itself has no rows and should have some (R4).
 */
export function upstreamAt(judging: Judging, need: Need, i: number): TableJudgement {
  const found = need.tables.map((alias) => judgementOf(judging, alias));
  const first = found[0];
  if (!first) throw new Error('a need without a table');
  const chosen =
    found.length === 1
      ? first
      : (found.find((t) => isThere(judging, need, t, i)) ?? found.find((t) => rowsAt(t, i) > 0) ?? first);
  if (need.fallback === undefined || rowsAt(chosen, i) !== 0) return chosen;
  return chosen.status[i] === code.not_expected ? chosen : judgementOf(judging, need.fallback);
}

/** Rows that the need's own figure asks for on a date; null without one, and where it is not known. */
export function askedBy(judging: Judging, need: Need, i: number): number | null {
  if (need.atLeast) return rowsAsked(need.atLeast, judging.calendar.games[i] ?? 0);
  const whole = need.share ? entitiesAt(judgementOf(judging, need.share.of), i) : null;
  return need.share && whole ? rowsOfShare(need.share, whole) : null;
}

/** One entry per status, by its code: 1 for these. */
function flagsOf(...flagged: readonly Status[]): Uint8Array {
  return Uint8Array.from(statuses, (status) => (flagged.includes(status) ? 1 : 0));
}

/** A cell of such a status is enough for a need that states no figure (R4). */
const isEnough = flagsOf('complete', 'stale', 'tainted', 'over', 'not_expected');

/**
 * Whether the upstream cell is enough for this need (R4): by the need's own figure, else by the cell's status. A share of
 * nothing is no figure; that the table it refers to has rows is a need of its own.
 */
export function isThere(judging: Judging, need: Need, upstream: TableJudgement, i: number): boolean {
  const asked = askedBy(judging, need, i);
  if (asked !== null) return (entitiesAt(upstream, i) ?? -1) >= asked;
  if (need.atLeast) return false;
  const status = upstream.status[i] ?? 0;
  if (need.anyRows) return status === code.not_expected || rowsAt(upstream, i) > 0;
  return isEnough[status] === 1;
}

/** Whether an upstream cell makes those that are built on it tainted, however many rows it has (R5). */
export function isDirty(upstream: TableJudgement, i: number): boolean {
  return upstream.status[i] === code.tainted || upstream.status[i] === code.over;
}

/** Whether it is not known if the upstream cell is enough (R10). */
export function isUnread(judging: Judging, need: Need, upstream: TableJudgement, i: number): boolean {
  return upstream.status[i] === code.unknown && !isThere(judging, need, upstream, i);
}

/** Whether an upstream cell counts in a window's denominator: it should have rows, or has them. */
export function isExpected(upstream: TableJudgement, i: number): boolean {
  return upstream.status[i] !== code.not_expected;
}

/** Whether being stale travels on from this cell: only tables with a processor make others stale (R5). */
export function makesStale(upstream: TableJudgement, i: number): boolean {
  return upstream.table.processor !== undefined && isStale(upstream, i);
}

/** Reads one need over the whole run. */
export function readEdge(judging: Judging, need: Need): Edge {
  const cells = readCells(judging, need);
  return need.window === undefined ? { need, ...cells } : readWindow(judging, need, cells);
}

/** What a need finds on each single date; `dirty` also where nothing need be, which only a window passes over. */
type Cells = Omit<Edge, 'need'> & { readonly expected: Uint8Array };

function readCells(judging: Judging, need: Need): Cells {
  const [only, ...others] = need.tables;
  if (only === undefined || others.length > 0 || need.fallback !== undefined) return chooseCells(judging, need);
  const upstream = judgementOf(judging, only);
  if (need.atLeast || need.share || need.anyRows) return askCells(judging, need, () => upstream);
  // All that ask nothing of their own find the same, and most needs are such.
  const known = plainCells.get(upstream);
  if (known) return known;
  const cells = lookAtCells(upstream);
  plainCells.set(upstream, cells);
  return cells;
}

const plainCells = new WeakMap<TableJudgement, Cells>();

function chooseCells(judging: Judging, need: Need): Cells {
  return askCells(judging, need, (i) => upstreamAt(judging, need, i));
}

function emptyCells(days: number) {
  const column = () => new Uint8Array(days);
  return { state: column(), dirty: column(), expected: column(), stale: column() };
}

/** What a need without figure or alternatives finds: the status tells all. */
function lookAtCells(upstream: TableJudgement): Cells {
  const { status, also, table, facts } = upstream;
  const { state, dirty, expected, stale } = emptyCells(status.length);
  for (let i = 0; i < status.length; i++) {
    const found = status[i] ?? 0;
    const there = isEnough[found] === 1;
    state[i] = there ? edgeState.met : found === code.unknown ? edgeState.unread : edgeState.unmet;
    dirty[i] = !there || found === code.tainted || found === code.over ? 1 : 0;
    expected[i] = found === code.not_expected ? 0 : 1;
    stale[i] = found === code.stale || ((also[i] ?? 0) & staleBit) !== 0 ? 1 : 0;
  }
  if (table.processor === undefined) stale.fill(0);
  const written = table.processor && facts ? facts.writtenAt : noWrites(status.length);
  return { state, dirty, expected, stale, written };
}

const staleBit = 1 << code.stale;

function noWrites(days: number): Float64Array {
  return new Float64Array(days).fill(Number.NaN);
}

function askCells(judging: Judging, need: Need, upstreamOn: (i: number) => TableJudgement): Cells {
  const { days } = judging.calendar;
  const { state, dirty, expected, stale } = emptyCells(days);
  const written = noWrites(days);
  for (let i = 0; i < days; i++) {
    const upstream = upstreamOn(i);
    const there = isThere(judging, need, upstream, i);
    state[i] = there ? edgeState.met : upstream.status[i] === code.unknown ? edgeState.unread : edgeState.unmet;
    dirty[i] = !there || isDirty(upstream, i) ? 1 : 0;
    expected[i] = isExpected(upstream, i) ? 1 : 0;
    if (upstream.table.processor === undefined) continue;
    stale[i] = isStale(upstream, i) ? 1 : 0;
    written[i] = upstream.facts?.writtenAt[i] ?? Number.NaN;
  }
  return { state, dirty, expected, stale, written };
}

function readWindow(judging: Judging, need: Need, cells: Cells): Edge {
  const { days } = judging.calendar;
  const starts = new Int32Array(days);
  for (let i = 0; i < days; i++) starts[i] = windowStart(judging, need, i);
  const edge = { need, state: new Uint8Array(days), dirty: new Uint8Array(days), stale: new Uint8Array(days) };
  const sums = sumUp(cells);
  for (let i = 0; i < days; i++) {
    const from = starts[i] ?? i;
    const expected = between(sums.expected, from, i);
    const enough = between(sums.present, from, i) >= need.atLeastShare * expected;
    edge.state[i] = between(sums.unread, from, i) > 0 ? edgeState.unread : enough ? edgeState.met : edgeState.unmet;
    edge.dirty[i] = between(sums.bad, from, i) > 0 ? 1 : 0;
    edge.stale[i] = between(sums.stale, from, i) > 0 ? 1 : 0;
  }
  return { ...edge, written: slideMaximum(cells.written, starts) };
}

/** How many dates before an index are expected, there, and so on. */
function sumUp({ state, dirty, expected, stale }: Cells) {
  const days = state.length;
  const column = () => new Int32Array(days + 1);
  const sums = { expected: column(), present: column(), bad: column(), unread: column(), stale: column() };
  for (let i = 0; i < days; i++) {
    const counts = expected[i] ?? 0;
    sums.expected[i + 1] = (sums.expected[i] ?? 0) + counts;
    sums.present[i + 1] = (sums.present[i] ?? 0) + (state[i] === edgeState.met ? counts : 0);
    sums.bad[i + 1] = (sums.bad[i] ?? 0) + (dirty[i] ? counts : 0);
    sums.unread[i + 1] = (sums.unread[i] ?? 0) + (state[i] === edgeState.unread ? 1 : 0);
    sums.stale[i + 1] = (sums.stale[i] ?? 0) + (stale[i] ?? 0);
  }
  return sums;
}

function between(sums: Int32Array, from: number, to: number): number {
  return (sums[to + 1] ?? 0) - (sums[from] ?? 0);
}

/**
 * Largest value from `starts[i]` to `i`, NaN ignored. Each value enters and leaves once, and once more where a season has
 * ended: after it a window may reach back over the start that clipped those within, so there it is laid out anew.
 */
function slideMaximum(values: Float64Array, starts: Int32Array): Float64Array {
  const result = new Float64Array(values.length).fill(Number.NaN);
  const queue = new Int32Array(values.length);
  let head = 0;
  let tail = 0;
  let next = 0;
  for (let i = 0; i < values.length; i++) {
    const start = starts[i] ?? 0;
    if (i > 0 && start < (starts[i - 1] ?? 0)) {
      head = tail = 0;
      next = start;
    }
    for (; next <= i; next++) {
      const value = values[next] ?? Number.NaN;
      if (Number.isNaN(value)) continue;
      while (tail > head && (values[queue[tail - 1] ?? 0] ?? 0) <= value) tail--;
      queue[tail++] = next;
    }
    while (head < tail && (queue[head] ?? 0) < start) head++;
    if (head < tail) result[i] = values[queue[head] ?? 0] ?? Number.NaN;
  }
  return result;
}
