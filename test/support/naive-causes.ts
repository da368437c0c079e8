/**
 * Causes the plain way: from a broken cell up its edges, date by date of every window, merging the roots of each cell
 * above. The rules are those of R9; it is what the fast way must agree with, and what it is measured against.
 */
import { noSchedule, scheduleUnread } from '../../src/core/catalogue/calendar.ts';
import { isMendable } from '../../src/core/causes/causes.ts';
import type { CauseGroup } from '../../src/core/coverage/coverage-report.ts';
import {
  askedBy,
  isDirty,
  isExpected,
  isThere,
  isUnread,
  makesStale,
  upstreamAt,
  windowStart,
} from '../../src/core/judge/edges.ts';
import { isUnreachable } from '../../src/core/judge/judge.ts';
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
} from '../../src/core/judge/judgement.ts';
import type { Cause } from '../../src/core/verdict.ts';

/** What of a cell is found above it; `own`: the cell's own reason, not what a need finds. */
type Root = Cause & { readonly own: boolean };
export type NaiveFinder = { readonly judging: Judging; readonly known: Map<string, ReadonlyMap<string, Root>> };

export function naiveFinder(judging: Judging): NaiveFinder {
  return { judging, known: new Map() };
}

/** Roots by date, then in the order of tables; one for each cell. */
export function naiveCauses(finder: NaiveFinder, cell: TableJudgement, i: number): Cause[] {
  const order = [...finder.judging.tables.keys()];
  const sorted = [...rootsOf(finder, cell, i).values()].sort(
    (a, b) =>
      (a.date < b.date ? -1 : a.date > b.date ? 1 : 0) ||
      order.indexOf(a.table) - order.indexOf(b.table) ||
      weightOf(b) - weightOf(a) ||
      Number(b.own) - Number(a.own),
  );
  const chosen = sorted.filter((root, n) => root.date !== sorted[n - 1]?.date || root.table !== sorted[n - 1]?.table);
  return chosen.map(({ own: _, ...cause }) => cause);
}

/** Whether all of them can be mended from here. */
export function isNaivelyReachable(finder: NaiveFinder, causes: readonly Cause[]): boolean {
  return causes.every((cause) => isMendable(finder.judging, cause));
}

/** Groups by table and reason over the causes of many cells. */
export function naiveGroups(cells: readonly (readonly Cause[])[]): CauseGroup[] {
  const keys = [...new Set(cells.flat().map((cause) => `${cause.table} ${cause.reason}`))];
  const groups = keys.map((key): CauseGroup => {
    const isIn = (cause: Cause) => `${cause.table} ${cause.reason}` === key;
    const causes = cells.flat().filter(isIn);
    const first = causes[0];
    if (!first) throw new Error('a group of nothing');
    const dates = [...new Set(causes.map((cause) => cause.date))].sort();
    return {
      table: first.table,
      reason: first.reason,
      dates,
      explains: cells.filter((cell) => cell.some(isIn)).length,
    };
  });
  return groups.sort(
    (a, b) =>
      b.explains - a.explains || (a.table < b.table ? -1 : a.table > b.table ? 1 : a.reason < b.reason ? -1 : 1),
  );
}

/** The dates of a window that are not good, and how many should have rows. */
export function naiveWindow(judging: Judging, edge: Edge, i: number): { dates: string[]; expected: number } {
  const dates: string[] = [];
  let expected = 0;
  for (let j = windowStart(judging, edge.need, i); j <= i; j++) {
    const upstream = upstreamAt(judging, edge.need, j);
    if (statusAt(upstream, j) !== 'not_expected') expected++;
    if (isBad(judging, edge, upstream, j)) dates.push(dateAt(judging, j));
  }
  return { dates, expected };
}

function weightOf(root: Root): number {
  return (root.reason === 'threshold_unreachable' && !root.own ? 2 ** 32 : 0) + (root.need ?? -1);
}

function rootsOf(finder: NaiveFinder, cell: TableJudgement, i: number): ReadonlyMap<string, Root> {
  const key = `${cell.table.alias} ${i}`;
  const known = finder.known.get(key);
  if (known) return known;
  const roots = searchRoots(finder, cell, i);
  finder.known.set(key, roots);
  return roots;
}

function searchRoots(finder: NaiveFinder, cell: TableJudgement, i: number): ReadonlyMap<string, Root> {
  const status = statusAt(cell, i);
  const roots = new Map<string, Root>();
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

function addRoot(roots: Map<string, Root>, root: Root): void {
  roots.set([root.table, root.date, root.reason, root.need, root.own].join(' '), root);
}

function ownRoot(judging: Judging, cell: TableJudgement, i: number): Root {
  const expected = cell.expected[i] ?? -1;
  const missing = missingAt(judging, cell, i);
  return {
    table: cell.table.alias,
    date: dateAt(judging, i),
    reason: reasonAt(cell, i) ?? 'rows_short',
    have: entitiesAt(cell, i),
    need: expected < 0 ? null : expected,
    ...(missing.length > 0 ? { missing } : {}),
    own: true,
  };
}

function addScheduleRoot(judging: Judging, cell: TableJudgement, i: number, roots: Map<string, Root>): void {
  const schedule = judging.catalogue.schedule?.table;
  if (schedule === undefined || cell.table.dates !== 'games' || cell.table.alias === schedule) return;
  const games = judging.calendar.games[i];
  if (games === noSchedule || games === scheduleUnread)
    addRoot(roots, ownRoot(judging, judgementOf(judging, schedule), i));
}

function addEdgeRoots(finder: NaiveFinder, edge: Edge, i: number, roots: Map<string, Root>): void {
  const { judging } = finder;
  for (let j = windowStart(judging, edge.need, i); j <= i; j++) {
    const upstream = upstreamAt(judging, edge.need, j);
    if (!isBad(judging, edge, upstream, j)) continue;
    const own = ownRoot(judging, upstream, j);
    const need = askedBy(judging, edge.need, j);
    if (isUnreachable(judging, edge, j)) addRoot(roots, { ...own, reason: 'threshold_unreachable', need, own: false });
    else if (['complete', 'stale', 'not_expected'].includes(statusAt(upstream, j)))
      addRoot(roots, { ...own, reason: 'rows_short', need, own: false });
    else
      for (const root of rootsOf(finder, upstream, j).values()) {
        const isDirect = root.own && root.table === own.table && root.date === own.date;
        addRoot(roots, isDirect && root.need === null && need !== null ? { ...root, need, own: false } : root);
      }
  }
}

/** Whether the upstream cell is a reason why the edge is not clean. */
function isBad(judging: Judging, edge: Edge, upstream: TableJudgement, j: number): boolean {
  if (isDirty(upstream, j) || isUnread(judging, edge.need, upstream, j)) return true;
  if (edge.need.window !== undefined && !isExpected(upstream, j)) return false;
  return !isThere(judging, edge.need, upstream, j);
}

function addStaleRoots(finder: NaiveFinder, cell: TableJudgement, i: number, roots: Map<string, Root>): void {
  const { judging } = finder;
  for (const edge of cell.edges) {
    if (!edge.need.required || !edge.stale[i]) continue;
    for (let j = windowStart(judging, edge.need, i); j <= i; j++) {
      const upstream = upstreamAt(judging, edge.need, j);
      if (statusAt(upstream, j) !== 'stale' || !makesStale(upstream, j)) continue;
      for (const root of rootsOf(finder, upstream, j).values()) addRoot(roots, root);
    }
  }
}
