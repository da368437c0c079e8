/**
 * Causes: for a cell the roots upstream, so the broken cells (or unreachable minima) with nothing broken above them
 * (R9). One root usually explains many cells; mending it first is what saves the night.
 */
import { noSchedule, scheduleUnread } from './calendar.ts';
import { askedBy, isDirty, isExpected, isThere, isUnread, makesStale, upstreamAt, windowStart } from './edges.ts';
import { isUnreachable } from './judge.ts';
import {
  dateAt,
  type Edge,
  edgeState,
  entitiesAt,
  type Judging,
  judgementOf,
  missingAt,
  reasonAt,
  statusAt,
  type TableJudgement,
} from './judgement.ts';
import type { Cause } from './verdict.ts';

/** Finds roots; keeps what it found, since the cells of a range share most of what is above them. */
export type CauseFinder = { readonly judging: Judging; readonly known: Map<string, ReadonlyMap<string, Cause>> };

/** A finder for one judging. */
export function causeFinder(judging: Judging): CauseFinder {
  return { judging, known: new Map() };
}

/** Roots of what is not good about one edge on a date, whether or not it blocks. */
export function edgeCauses(finder: CauseFinder, edge: Edge, i: number): readonly Cause[] {
  const roots = new Map<string, Cause>();
  addEdgeRoots(finder, edge, i, roots);
  return [...roots.values()];
}

/** Roots of a cell, by table and date; none for complete and not expected cells. */
export function findCauses(finder: CauseFinder, cell: TableJudgement, i: number): readonly Cause[] {
  return [...rootsOf(finder, cell, i).values()];
}

/** Whether a root can be mended from here: somebody fills the table, it could be read, and its minimum can be met (R8). */
export function isMendable(judging: Judging, cause: Cause): boolean {
  if (cause.reason === 'threshold_unreachable' || cause.reason === 'unreadable') return false;
  return judgementOf(judging, cause.table).table.processor !== undefined;
}

function rootsOf(finder: CauseFinder, cell: TableJudgement, i: number): ReadonlyMap<string, Cause> {
  const key = `${cell.table.alias} ${i}`;
  const known = finder.known.get(key);
  if (known) return known;
  const roots = searchRoots(finder, cell, i);
  finder.known.set(key, roots);
  return roots;
}

function searchRoots(finder: CauseFinder, cell: TableJudgement, i: number): ReadonlyMap<string, Cause> {
  const status = statusAt(cell, i);
  const roots = new Map<string, Cause>();
  if (status === 'complete' || status === 'not_expected') return roots;
  const { judging } = finder;
  if (cell.facts && (status === 'blocked' || status === 'tainted' || status === 'unknown')) {
    addScheduleRoot(judging, cell, i, roots);
    for (const edge of cell.edges) {
      if (!edge.need.required) continue;
      if (status === 'tainted' ? edge.dirty[i] : edge.state[i] !== edgeState.met) addEdgeRoots(finder, edge, i, roots);
    }
  }
  if (status === 'stale') addStaleRoots(finder, cell, i, roots);
  if (roots.size === 0) addRoot(roots, ownRoot(judging, cell, i));
  return roots;
}

function addRoot(roots: Map<string, Cause>, cause: Cause): void {
  roots.set(`${cause.table} ${cause.date}`, cause);
}

/** The cell itself as a root, with what it has and what it should have. */
function ownRoot(judging: Judging, cell: TableJudgement, i: number): Cause {
  const expected = cell.expected[i] ?? -1;
  return {
    table: cell.table.alias,
    date: dateAt(judging, i),
    reason: reasonAt(cell, i) ?? 'rows_short',
    have: entitiesAt(cell, i),
    need: expected < 0 ? null : expected,
    ...namesOf(judging, cell, i),
  };
}

function namesOf(judging: Judging, cell: TableJudgement, i: number): { missing?: readonly string[] } {
  const missing = missingAt(judging, cell, i);
  return missing.length > 0 ? { missing } : {};
}

function addScheduleRoot(judging: Judging, cell: TableJudgement, i: number, roots: Map<string, Cause>): void {
  const schedule = judging.catalogue.schedule?.table;
  if (schedule === undefined || cell.table.dates !== 'games' || cell.table.alias === schedule) return;
  const games = judging.calendar.games[i];
  if (games === noSchedule || games === scheduleUnread)
    addRoot(roots, ownRoot(judging, judgementOf(judging, schedule), i));
}

function addEdgeRoots(finder: CauseFinder, edge: Edge, i: number, roots: Map<string, Cause>): void {
  const { judging } = finder;
  for (let j = windowStart(judging, edge.need, i); j <= i; j++) {
    const upstream = upstreamAt(judging, edge.need, j);
    if (!isBad(judging, edge, upstream, j)) continue;
    if (isUnreachable(judging, edge, j)) addRoot(roots, edgeRoot(judging, edge, upstream, j, 'threshold_unreachable'));
    else if (isSound(upstream, j)) addRoot(roots, edgeRoot(judging, edge, upstream, j, 'rows_short'));
    else
      for (const [key, cause] of rootsOf(finder, upstream, j))
        roots.set(key, withNeed(judging, edge, cause, upstream, j));
  }
}

/** Whether the upstream cell at `j` is a reason why this edge is not clean. */
export function isBad(judging: Judging, edge: Edge, upstream: TableJudgement, j: number): boolean {
  if (isDirty(upstream, j) || isUnread(judging, edge.need, upstream, j)) return true;
  if (edge.need.window !== undefined && !isExpected(upstream, j)) return false;
  return !isThere(judging, edge.need, upstream, j);
}

/** Sound by its own rule, so that only this need's figure finds it too small. */
function isSound(upstream: TableJudgement, j: number): boolean {
  const status = statusAt(upstream, j);
  return status === 'complete' || status === 'stale' || status === 'not_expected';
}

function edgeRoot(judging: Judging, edge: Edge, upstream: TableJudgement, j: number, reason: Cause['reason']): Cause {
  return { ...ownRoot(judging, upstream, j), reason, need: askedBy(judging, edge.need, j) };
}

/** A root that is the direct upstream itself carries the figure that this edge asks, when the table states none. */
function withNeed(judging: Judging, edge: Edge, cause: Cause, upstream: TableJudgement, j: number): Cause {
  if (cause.need !== null || cause.table !== upstream.table.alias || cause.date !== dateAt(judging, j)) return cause;
  return { ...cause, need: askedBy(judging, edge.need, j) };
}

function addStaleRoots(finder: CauseFinder, cell: TableJudgement, i: number, roots: Map<string, Cause>): void {
  const { judging } = finder;
  for (const edge of cell.edges) {
    if (!edge.need.required || !edge.stale[i]) continue;
    for (let j = windowStart(judging, edge.need, i); j <= i; j++) {
      const upstream = upstreamAt(judging, edge.need, j);
      if (statusAt(upstream, j) !== 'stale' || !makesStale(upstream, j)) continue;
      for (const [key, cause] of rootsOf(finder, upstream, j)) roots.set(key, cause);
    }
  }
}
