/**
 * Causes: for a cell the roots upstream, so the broken cells (or unreachable minima) with nothing broken above them
 * (R9). One root usually explains many cells; mending it first is what saves the night.
 */
import {
  statusCode as code,
  type Edge,
  entitiesAt,
  type Judging,
  judgementOf,
  missingAt,
  reasonAt,
  type TableJudgement,
} from '../judge/judgement.ts';
import { runSteps, type Steps } from '../steps.ts';
import type { Cause, Reason } from '../verdict.ts';
import type { Root, Roots } from './root-origins.ts';
import { emptySpan, keepSet, meets, visitNumbers } from './root-sets.ts';
import { addEdgeRoots, findRoots, setOf } from './roots.ts';

/** What has been found out about one judging; nothing before somebody asks. */
export type CauseFinder = {
  readonly judging: Judging;
  roots: Roots | undefined;
  /** By number of the root. */
  readonly causes: Cause[];
  /** By how many are told at most, then by handle of the set: cells that have the same roots share one list. */
  readonly lists: Map<number, (readonly Cause[] | undefined)[]>;
  /** The words of rules, each once. */
  readonly words: Map<string, string>;
  /** One bit per root that cannot be mended from here. */
  hopeless: Uint32Array | undefined;
};

const finders = new WeakMap<Judging, CauseFinder>();

/** The finder of a judging: always the same one, since cells share most of what is above them. */
export function causeFinder(judging: Judging): CauseFinder {
  const known = finders.get(judging);
  if (known) return known;
  const finder: CauseFinder = {
    judging,
    roots: undefined,
    causes: [],
    lists: new Map(),
    words: new Map(),
    hopeless: undefined,
  };
  finders.set(judging, finder);
  return finder;
}

/** Finds the roots of all cells, unless they are known; others ask for them as they need them. */
export function* prepareCauses(finder: CauseFinder): Steps<Roots> {
  finder.roots ??= yield* findRoots(finder.judging);
  return finder.roots;
}

/** The roots of all cells. */
export function rootsOf(finder: CauseFinder): Roots {
  return finder.roots ?? runSteps(prepareCauses(finder));
}

/** Roots of what is not good about one edge on a date, whether or not it blocks; by date, then upstream first. */
export function edgeCauses(finder: CauseFinder, edge: Edge, i: number): readonly Cause[] {
  const roots = rootsOf(finder);
  const span = emptySpan(roots.list.length);
  addEdgeRoots(roots, edge, i, span);
  return listCauses(finder, keepSet(roots.sets, span), Number.POSITIVE_INFINITY);
}

/**
 * Roots of a cell, by date and then upstream first, no more than `most`; none for complete and not expected cells. Of
 * several needs that find fault with one cell, one that cannot be met stands for all, else the one that asks most.
 */
export function findCauses(
  finder: CauseFinder,
  cell: TableJudgement,
  i: number,
  most = Number.POSITIVE_INFINITY,
): readonly Cause[] {
  return isGood(cell, i) ? [] : listCauses(finder, setOf(rootsOf(finder), cell, i), most);
}

/** How many roots a cell has. */
export function countCauses(finder: CauseFinder, cell: TableJudgement, i: number): number {
  if (isGood(cell, i)) return 0;
  const roots = rootsOf(finder);
  const set = setOf(roots, cell, i);
  if (roots.byName.size === 0) return roots.sets.size[set] ?? 0;
  let count = 0;
  visitRoots(roots, set, () => ++count > 0);
  return count;
}

/** Whether a root can be mended from here: somebody fills the table, it could be read, and its minimum can be met (R8). */
export function isMendable(judging: Judging, cause: Pick<Cause, 'table' | 'reason'>): boolean {
  if (cause.reason === 'threshold_unreachable' || cause.reason === 'unreadable') return false;
  return judgementOf(judging, cause.table).table.processor !== undefined;
}

/** Whether every root of a cell can be mended from here. */
export function isReachable(finder: CauseFinder, cell: TableJudgement, i: number): boolean {
  if (isGood(cell, i)) return true;
  const roots = rootsOf(finder);
  finder.hopeless ??= maskHopeless(roots);
  return !meets(roots.sets, setOf(roots, cell, i), finder.hopeless);
}

/** Visits the roots of a set in order, each cell once, until `visit` says false. */
export function visitRoots(roots: Roots, set: number, visit: (root: Root) => boolean): void {
  let last: Root | undefined;
  visitNumbers(roots.sets, set, (number) => {
    const root = roots.list[number];
    if (!root || (last && root.cell === last.cell && root.i === last.i)) return true;
    last = root;
    return visit(root);
  });
}

/** The reason that a root gives. */
export function reasonOf({ found, cell, i }: Root): Reason {
  return found ?? reasonAt(cell, i) ?? 'rows_short';
}

function isGood(cell: TableJudgement, i: number): boolean {
  return cell.status[i] === code.complete || cell.status[i] === code.not_expected;
}

function listCauses(finder: CauseFinder, set: number, most: number): readonly Cause[] {
  const lists = finder.lists.get(most) ?? [];
  finder.lists.set(most, lists);
  const known = lists[set];
  if (known) return known;
  const roots = rootsOf(finder);
  const found: Cause[] = [];
  visitRoots(roots, set, (root) => found.push(causeOf(finder, root)) < most);
  // A list that grew has room for half as many again.
  const causes = found.slice();
  lists[set] = causes;
  return causes;
}

/** A root in words, with what it has and what it should have. */
function causeOf(finder: CauseFinder, root: Root): Cause {
  const known = finder.causes[root.number];
  if (known) return known;
  const { judging } = finder;
  const { cell, i } = root;
  const expected = cell.expected[i] ?? -1;
  const missing = missingAt(judging, cell, i);
  const cause: Cause = {
    table: cell.table.alias,
    date: rootsOf(finder).dates[i] ?? '',
    reason: reasonOf(root),
    have: entitiesAt(cell, i),
    need: root.asked !== undefined ? root.asked : expected < 0 ? null : expected,
    ...(missing.length > 0 ? { missing } : {}),
  };
  finder.causes[root.number] = cause;
  return cause;
}

function maskHopeless(roots: Roots): Uint32Array {
  const mask = new Uint32Array((roots.list.length >> 5) + 1);
  roots.list.forEach((root, n) => {
    if (isMendable(roots.judging, { table: root.cell.table.alias, reason: reasonOf(root) })) return;
    mask[n >> 5] = (mask[n >> 5] ?? 0) | (1 << (n & 31));
  });
  return mask;
}
