/**
 * Edges: what a need finds upstream, for every date of the run at once. Same-date needs and windows are read from the
 * same per-date columns; windows are sums over them, so that a season is judged in one pass.
 */
import type { Need } from './catalogue.ts';
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
import { rowsAsked } from './rules.ts';

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
  return need.atLeast ? rowsAsked(need.atLeast, judging.calendar.games[i] ?? 0) : null;
}

/** Whether the upstream cell is enough for this need (R4): by the need's own figure, else by the cell's status. */
export function isThere(judging: Judging, need: Need, upstream: TableJudgement, i: number): boolean {
  if (need.atLeast) {
    const asked = askedBy(judging, need, i);
    return asked !== null && (entitiesAt(upstream, i) ?? -1) >= asked;
  }
  const status = upstream.status[i];
  return (
    status === code.complete ||
    status === code.stale ||
    status === code.tainted ||
    status === code.over ||
    status === code.not_expected
  );
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
  const days = judging.calendar.days;
  const cells = readCells(judging, need);
  if (need.window === undefined) {
    const state = new Uint8Array(days);
    const dirty = new Uint8Array(days);
    for (let i = 0; i < days; i++) {
      state[i] = cells.unread[i] ? edgeState.unread : cells.there[i] ? edgeState.met : edgeState.unmet;
      dirty[i] = cells.dirty[i] || !cells.there[i] ? 1 : 0;
    }
    return { need, state, dirty, stale: cells.stale, written: cells.written };
  }
  return readWindow(judging, need, cells);
}

type Cells = Record<'there' | 'expected' | 'dirty' | 'unread' | 'stale', Uint8Array> & { written: Float64Array };

function readCells(judging: Judging, need: Need): Cells {
  const days = judging.calendar.days;
  const column = () => new Uint8Array(days);
  const cells = { there: column(), expected: column(), dirty: column(), unread: column(), stale: column() };
  const written = new Float64Array(days).fill(Number.NaN);
  // Most needs name one table, and then it need not be chosen for every date.
  const only =
    need.tables.length === 1 && need.fallback === undefined ? judgementOf(judging, need.tables[0] ?? '') : undefined;
  for (let i = 0; i < days; i++) {
    const upstream = only ?? upstreamAt(judging, need, i);
    const there = isThere(judging, need, upstream, i);
    cells.there[i] = there ? 1 : 0;
    cells.expected[i] = isExpected(upstream, i) ? 1 : 0;
    cells.dirty[i] = isDirty(upstream, i) ? 1 : 0;
    cells.unread[i] = !there && upstream.status[i] === code.unknown ? 1 : 0;
    if (upstream.table.processor === undefined) continue;
    cells.stale[i] = isStale(upstream, i) ? 1 : 0;
    written[i] = upstream.facts?.writtenAt[i] ?? Number.NaN;
  }
  return { ...cells, written };
}

function readWindow(judging: Judging, need: Need, cells: Cells): Edge {
  const days = judging.calendar.days;
  const edge = { need, state: new Uint8Array(days), dirty: new Uint8Array(days), stale: new Uint8Array(days) };
  const bad = new Uint8Array(days);
  const present = new Uint8Array(days);
  for (let i = 0; i < days; i++) {
    present[i] = cells.expected[i] && cells.there[i] ? 1 : 0;
    bad[i] = cells.dirty[i] || (cells.expected[i] && !cells.there[i]) ? 1 : 0;
  }
  const sums = {
    expected: sumUp(cells.expected),
    present: sumUp(present),
    bad: sumUp(bad),
    unread: sumUp(cells.unread),
    stale: sumUp(cells.stale),
  };
  const starts = Int32Array.from({ length: days }, (_, i) => windowStart(judging, need, i));
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

function sumUp(values: Uint8Array): Int32Array {
  const sums = new Int32Array(values.length + 1);
  for (let i = 0; i < values.length; i++) sums[i + 1] = (sums[i] ?? 0) + (values[i] ?? 0);
  return sums;
}

function between(sums: Int32Array, from: number, to: number): number {
  return (sums[to + 1] ?? 0) - (sums[from] ?? 0);
}

/** Largest value from `starts[i]` to `i`, NaN ignored; `starts` never falls, so each value enters and leaves once. */
function slideMaximum(values: Float64Array, starts: Int32Array): Float64Array {
  const result = new Float64Array(values.length).fill(Number.NaN);
  const queue: number[] = [];
  let head = 0;
  for (let i = 0; i < values.length; i++) {
    const value = values[i] ?? Number.NaN;
    if (!Number.isNaN(value)) {
      while (queue.length > head && (values[queue.at(-1) ?? 0] ?? 0) <= value) queue.pop();
      queue.push(i);
    }
    while (head < queue.length && (queue[head] ?? 0) < (starts[i] ?? 0)) head++;
    const best = queue[head];
    if (best !== undefined) result[i] = values[best] ?? Number.NaN;
  }
  return result;
}
