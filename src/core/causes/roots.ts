/**
 * Roots of every cell of a judging (R9), as sets of numbers, gathered table by table from those above. Roots are numbered
 * by date, so that what a window gathers lies close together. What a root says in words is for `causes`.
 */
import { daysBetween } from '../dates.ts';
import { passesStale } from '../judge/edge-view.ts';
import { windowStart } from '../judge/edges.ts';
import { statusCode as code, dateAt, type Edge, type Judging, type TableJudgement } from '../judge/judgement.ts';
import { eachOf, type Steps } from '../steps.ts';
import {
  findOrigins,
  isFailing,
  isUnderSchedule,
  numberRoots,
  origin,
  type Roots,
  rootOf,
  scheduleOf,
  viewOf,
} from './root-origins.ts';
import { addNumber, addSet, clearSpan, emptySpan, keepSet, rootSets, type Span } from './root-sets.ts';
import { addWindow, type SlidingUnion, slidingUnion } from './sliding-union.ts';

/** Finds the roots of all cells of a judging. */
export function* findRoots(judging: Judging): Steps<Roots> {
  const { from, days } = judging.calendar;
  const roots: Roots = {
    judging,
    dates: daysBetween(from, dateAt(judging, days - 1)),
    columns: new Map(),
    views: new Map(),
    found: new Map(),
    byName: new Map(),
    byDate: Array.from({ length: days }, () => []),
    list: [],
    sets: rootSets(),
  };
  yield* eachOf(judging.tables.values(), days, (cell) => findOrigins(roots, cell));
  roots.list = numberRoots(roots);
  yield* eachOf(judging.tables.values(), days, (cell) => gatherRoots(roots, cell));
  // What comes later is little, and need not be found among all these.
  roots.sets.byHash.clear();
  return roots;
}

/** The handle of a cell's roots in `sets`. */
export function setOf(roots: Roots, cell: TableJudgement, i: number): number {
  return roots.columns.get(cell)?.sets[i] ?? 0;
}

/** Adds the roots of what is not good about one edge on a date, whether or not it blocks. */
export function addEdgeRoots(roots: Roots, edge: Edge, i: number, span: Span): void {
  const bring = bringBad(roots, edge);
  for (let j = windowStart(roots.judging, edge.need, i); j <= i; j++) bring(span, j);
}

/** The sets of one table; those above it are known. */
function gatherRoots(roots: Roots, cell: TableJudgement): void {
  const column = roots.columns.get(cell);
  if (!column) return;
  const span = emptySpan(roots.list.length);
  const gatherers = cell.edges.filter((edge) => edge.need.required).map((edge) => gatherer(roots, edge));
  for (let i = 0; i < column.origins.length; i++) {
    if (column.origins[i] === origin.none) continue;
    clearSpan(span);
    if (column.origins[i] === origin.own) addNumber(span, column.own[i]?.number ?? 0);
    else {
      if (isUnderSchedule(roots.judging, cell, i)) addNumber(span, rootOf(roots, scheduleOf(roots.judging), i).number);
      for (const gather of gatherers) gather(span, cell, i);
    }
    column.sets[i] = keepSet(roots.sets, span);
  }
}

type Bring = (span: Span, j: number) => void;

/** Adds the roots above one edge, by a union that slides along if the need has a window. */
function gatherer(roots: Roots, edge: Edge): (span: Span, cell: TableJudgement, i: number) => void {
  const bad = overWindow(roots, edge, bringBad(roots, edge));
  const stale = overWindow(roots, edge, bringStale(roots, edge));
  return (span, cell, i) => {
    if (cell.status[i] !== code.stale) {
      if (isFailing(cell, edge, i)) bad(span, i);
    } else if (edge.stale[i]) stale(span, i);
  };
}

function overWindow({ judging, list }: Roots, { need }: Edge, bring: Bring): Bring {
  if (need.window === undefined) return bring;
  let union: SlidingUnion | undefined;
  return (span, i) => {
    union ??= slidingUnion(list.length, bring);
    addWindow(span, union, windowStart(judging, need, i), i);
  };
}

function bringBad(roots: Roots, edge: Edge): Bring {
  const { bad, upstream } = viewOf(roots, edge);
  const found = roots.found.get(edge);
  return (span, j) => {
    if (!bad[j]) return;
    const root = found?.[j];
    if (root) addNumber(span, root.number);
    else addSet(span, roots.sets, setOf(roots, upstream(j), j));
  };
}

function bringStale(roots: Roots, edge: Edge): Bring {
  const { upstream } = viewOf(roots, edge);
  return (span, j) => {
    const above = upstream(j);
    if (passesStale(above, j)) addSet(span, roots.sets, setOf(roots, above, j));
  };
}
