/**
 * Which cells of a judging are roots (R9): broken with nothing broken above them. Whether a broken cell has something
 * broken above it can be told from counts along its edges, before any roots are gathered, so that roots have their
 * numbers from the start.
 */
import { noSchedule, scheduleUnread } from '../catalogue/calendar.ts';
import type { CalendarDate } from '../dates.ts';
import { type EdgeView, viewEdge } from '../judge/edge-view.ts';
import { askedBy, windowStart } from '../judge/edges.ts';
import { isUnreachable } from '../judge/judge.ts';
import {
  statusCode as code,
  type Edge,
  edgeState,
  type Judging,
  judgementOf,
  type TableJudgement,
} from '../judge/judgement.ts';
import type { RootSets } from './root-sets.ts';

/** A root: a broken cell, or what one need finds wrong with a cell that is sound, or does not know its own figure. */
export type Root = {
  readonly cell: TableJudgement;
  readonly i: number;
  /** A minimum that cannot be met, or rows too few for this need alone; absent for the cell's own reason. */
  readonly found?: 'threshold_unreachable' | 'rows_short' | undefined;
  /** Rows that the need asks; absent for the cell's own figure. */
  readonly asked?: number | null;
  number: number;
};

/** Whether a cell has no roots, is one itself, or has them above it. */
export const origin = { none: 0, own: 1, above: 2 } as const;

export type Column = {
  readonly order: number;
  readonly origins: Uint8Array;
  /** Handles of the cells' sets. */
  readonly sets: Int32Array;
  /** By date: the cell as a root. */
  readonly own: (Root | undefined)[];
};

export type Roots = {
  readonly judging: Judging;
  /** Of the run; told often, so made once. */
  readonly dates: readonly CalendarDate[];
  readonly columns: Map<TableJudgement, Column>;
  readonly views: Map<Edge, EdgeView>;
  /** What needs find, by edge and date. */
  readonly found: Map<Edge, (Root | undefined)[]>;
  readonly byName: Map<string, Root>;
  readonly byDate: Root[][];
  /** In the order of their numbers. */
  list: readonly Root[];
  readonly sets: RootSets;
};

/** The edge date by date; read once. */
export function viewOf(roots: Roots, edge: Edge): EdgeView {
  const known = roots.views.get(edge);
  if (known) return known;
  const view = viewEdge(roots.judging, edge, roots.dates);
  roots.views.set(edge, view);
  return view;
}

/** Finds which cells of a table are roots; those above it are known. */
export function findOrigins(roots: Roots, cell: TableJudgement): void {
  const { judging } = roots;
  const { days } = judging.calendar;
  const column: Column = {
    order: roots.columns.size,
    origins: new Uint8Array(days),
    sets: new Int32Array(days),
    own: new Array<Root | undefined>(days),
  };
  roots.columns.set(cell, column);
  for (const edge of cell.edges) if (edge.need.required) findWithEdge(roots, edge);
  for (let i = 0; i < days; i++) {
    if (cell.status[i] === code.complete || cell.status[i] === code.not_expected) continue;
    const scheduled = isUnderSchedule(judging, cell, i);
    if (scheduled) rootOf(roots, scheduleOf(judging), i);
    column.origins[i] =
      scheduled || cell.edges.some((edge) => isAbove(roots, cell, edge, i)) ? origin.above : origin.own;
    if (column.origins[i] === origin.own) rootOf(roots, cell, i);
  }
}

/** The cell itself as a root. */
export function rootOf(roots: Roots, cell: TableJudgement, i: number): Root {
  const own = roots.columns.get(cell)?.own;
  if (!own) throw new Error(`the roots of ${cell.table.alias} are not known yet`);
  const known = own[i];
  if (known) return known;
  const root = { cell, i, number: -1 };
  own[i] = root;
  roots.byDate[i]?.push(root);
  return root;
}

/** What a need with a figure of its own finds wrong where the upstream cell finds nothing, or has no figure. */
function findWithEdge(roots: Roots, edge: Edge): void {
  const { bad, upstream } = viewOf(roots, edge);
  const found: (Root | undefined)[] = [];
  for (let j = 0; j < bad.length; j++) {
    if (!bad[j]) continue;
    const above = upstream(j);
    const unreachable = isUnreachable(roots.judging, edge, j);
    const sound = isSound(above, j);
    const nameless = roots.columns.get(above)?.origins[j] === origin.own && (above.expected[j] ?? -1) < 0;
    if (!unreachable && !sound && !nameless) continue;
    const asked = askedBy(roots.judging, edge.need, j);
    if (!unreachable && !sound && asked === null) continue;
    found[j] = rootOfNeed(
      roots,
      above,
      j,
      unreachable ? 'threshold_unreachable' : sound ? 'rows_short' : undefined,
      asked,
    );
  }
  if (found.length > 0) roots.found.set(edge, found);
}

function rootOfNeed(roots: Roots, cell: TableJudgement, i: number, found: Root['found'], asked: number | null): Root {
  const name = `${cell.table.alias} ${i} ${found} ${asked}`;
  const known = roots.byName.get(name);
  if (known) return known;
  const root: Root = { cell, i, found, asked, number: -1 };
  roots.byName.set(name, root);
  roots.byDate[i]?.push(root);
  return root;
}

/** Sound by its own rule, so that only a need's figure finds it too small. */
function isSound(upstream: TableJudgement, j: number): boolean {
  const status = upstream.status[j];
  return status === code.complete || status === code.stale || status === code.not_expected;
}

/** Whether the roots of a cell are above this edge; whoever is bad above has a root. */
function isAbove(roots: Roots, cell: TableJudgement, edge: Edge, i: number): boolean {
  const stale = cell.status[i] === code.stale;
  if (!edge.need.required || !(stale ? edge.stale[i] : isFailing(cell, edge, i))) return false;
  const view = viewOf(roots, edge);
  const before = stale ? view.staleBefore : view.badBefore;
  return (before[i + 1] ?? 0) > (before[windowStart(roots.judging, edge.need, i)] ?? 0);
}

/** Whether an edge is why the cell is blocked, tainted or unknown. */
export function isFailing(cell: TableJudgement, edge: Edge, i: number): boolean {
  const status = cell.status[i];
  if (!cell.facts || !edge.need.required) return false;
  if (status === code.tainted) return edge.dirty[i] === 1;
  return (status === code.blocked || status === code.unknown) && edge.state[i] !== edgeState.met;
}

/** Whether a cell is not good because its date has no schedule. */
export function isUnderSchedule(judging: Judging, cell: TableJudgement, i: number): boolean {
  const games = judging.calendar.games[i];
  if (games !== noSchedule && games !== scheduleUnread) return false;
  const status = cell.status[i];
  if (!cell.facts || (status !== code.blocked && status !== code.tainted && status !== code.unknown)) return false;
  const schedule = judging.catalogue.schedule?.table;
  return schedule !== undefined && cell.table.dates === 'games' && cell.table.alias !== schedule;
}

/** The judgement of the table that says which dates have games. */
export function scheduleOf(judging: Judging): TableJudgement {
  return judgementOf(judging, judging.catalogue.schedule?.table ?? '');
}

/** Numbers the roots in the order of dates and tables; of one cell first what cannot be met, then what asks most. */
export function numberRoots(roots: Roots): Root[] {
  const orderOf = (root: Root) => roots.columns.get(root.cell)?.order ?? 0;
  if (roots.byName.size > 0)
    for (const day of roots.byDate) day.sort((a, b) => orderOf(a) - orderOf(b) || weightOf(b) - weightOf(a));
  const list = roots.byDate.flat();
  list.forEach((root, number) => {
    root.number = number;
  });
  return list;
}

/** More than any figure of rows: what cannot be met comes before what merely asks more. */
const unmet = 2 ** 32;

function weightOf(root: Root): number {
  const asked = root.asked ?? root.cell.expected[root.i] ?? -1;
  return root.found === 'threshold_unreachable' ? unmet + asked : asked;
}
