/**
 * The plan: the smallest set of cells that makes the asked cells complete, in an order in which each finds what it
 * needs, and what stays unfilled with the cause that cannot be mended here. What is shown of it is what is run.
 */
import type { Plan, PlannedCell, PlannedEdge, Reads } from './backfill.ts';
import { type CauseFinder, causeFinder, findCauses, isBad, isMendable } from './causes.ts';
import { indexOf } from './coverage.ts';
import type { CalendarDate } from './dates.ts';
import { askedBy, upstreamAt, windowStart } from './edges.ts';
import { isUnreachable } from './judge.ts';
import {
  dateAt,
  type Edge,
  edgeState,
  type Judging,
  judgementOf,
  reasonAt,
  statusAt,
  type TableJudgement,
} from './judgement.ts';
import type { PlanBlocked, PlanReport } from './reports.ts';
import type { Cause } from './verdict.ts';

/** Cells to run and cells that cannot be helped. */
export type Repair = { readonly plan: Plan; readonly blocked: readonly PlanBlocked[] };

/** `run`: it is in the plan. `fine`: nothing to do. A cause: it cannot be mended here, and why. */
type Mending = 'run' | 'fine' | { readonly cause: Cause };
type Search = {
  readonly finder: CauseFinder;
  readonly known: Map<string, Mending>;
  readonly force: ReadonlySet<string>;
};

/**
 * Plans what makes cells of `target` complete, upstream included.
 * @param dates the dates asked, ascending
 * @param force dates of the target that are to be run whatever their status (--no-resume)
 */
export function planRepair(
  judging: Judging,
  target: string,
  dates: readonly CalendarDate[],
  force: readonly CalendarDate[] = [],
): Repair {
  const search: Search = {
    finder: causeFinder(judging),
    known: new Map(),
    force: new Set(force.map((date) => `${target} ${date}`)),
  };
  const cell = judgementOf(judging, target);
  const blocked: PlanBlocked[] = [];
  for (const date of dates) {
    const mending = mend(search, cell, indexOf(judging, date));
    if (typeof mending === 'object') blocked.push({ table: target, date, cause: mending.cause });
  }
  const wanted = reachableFrom(
    search,
    cell,
    dates.map((date) => indexOf(judging, date)),
  );
  const cells = inOrder(judging, wanted);
  return { plan: buildPlan(judging, target, dates, cells), blocked };
}

/** A plan of exactly these cells, with the edges between them. */
export function buildPlan(
  judging: Judging,
  target: string,
  dates: readonly CalendarDate[],
  cells: readonly PlannedCell[],
): Plan {
  return { target, from: dates[0] ?? '', to: dates.at(-1) ?? '', cells, edges: edgesWithin(judging, cells) };
}

function mend(search: Search, cell: TableJudgement, i: number): Mending {
  const key = `${cell.table.alias} ${i}`;
  const known = search.known.get(key);
  if (known) return known;
  const mending = decide(search, cell, i);
  search.known.set(key, mending);
  return mending;
}

function decide(search: Search, cell: TableJudgement, i: number): Mending {
  const { judging } = search.finder;
  const status = statusAt(cell, i);
  const forced = search.force.has(`${cell.table.alias} ${dateAt(judging, i)}`);
  if (status === 'not_expected') return forced && reasonAt(cell, i) === 'ramp_up' ? 'run' : 'fine';
  if (status === 'unknown') return { cause: firstCause(search, cell, i) };
  const above = mendAbove(search, cell, i);
  if (above.blocked) return { cause: above.blocked };
  const sound = status === 'complete';
  if (sound && !above.runs && !forced) return 'fine';
  if (cell.table.processor === undefined) return sound ? 'fine' : { cause: firstCause(search, cell, i) };
  if (reasonAt(cell, i) === 'threshold_unreachable' && status === 'thin' && !forced)
    return { cause: firstCause(search, cell, i) };
  if (status === 'tainted' && above.hopeless && !above.runs && !forced) return { cause: above.hopeless };
  return 'run';
}

function firstCause(search: Search, cell: TableJudgement, i: number): Cause {
  const causes = findCauses(search.finder, cell, i);
  const cause = causes.find((c) => !isMendable(search.finder.judging, c)) ?? causes[0];
  if (!cause) throw new Error(`${cell.table.alias} ${i} needs mending without a cause`);
  return cause;
}

/** runs: something above is in the plan. blocked: a same-date need stays unmet. hopeless: a window keeps a hole. */
type Above = { runs: boolean; blocked: Cause | null; hopeless: Cause | null };

function mendAbove(search: Search, cell: TableJudgement, i: number): Above {
  const { judging } = search.finder;
  const above: Above = { runs: false, blocked: null, hopeless: null };
  if (
    cell.table.dates === 'games' &&
    (judging.calendar.games[i] ?? 0) < 0 &&
    cell.table.alias !== judging.catalogue.schedule?.table
  ) {
    above.blocked = firstCause(search, cell, i);
    return above;
  }
  for (const edge of cell.edges) {
    if (!edge.need.required) continue;
    if (edge.need.window === undefined) mendSameDate(search, edge, i, above);
    else mendWindow(search, edge, i, above);
  }
  return above;
}

function mendSameDate(search: Search, edge: Edge, i: number, above: Above): void {
  const { judging } = search.finder;
  const upstream = upstreamAt(judging, edge.need, i);
  const bad = isBad(judging, edge, upstream, i);
  const mending = mend(search, upstream, i);
  if (mending === 'run') above.runs = true;
  if (!bad) return;
  const unmet = edge.state[i] !== edgeState.met;
  if (isUnreachable(judging, edge, i)) above.blocked ??= edgeCause(search, upstream, edge, i, 'threshold_unreachable');
  else if (typeof mending === 'object' && unmet) above.blocked ??= mending.cause;
  else if (typeof mending === 'object') above.hopeless ??= mending.cause;
  else if (mending === 'fine') above.blocked ??= edgeCause(search, upstream, edge, i, 'rows_short');
}

function mendWindow(search: Search, edge: Edge, i: number, above: Above): void {
  const { judging } = search.finder;
  let expected = 0;
  let lost = 0;
  let cause: Cause | null = null;
  for (let j = windowStart(judging, edge.need, i); j <= i; j++) {
    const upstream = upstreamAt(judging, edge.need, j);
    if (statusAt(upstream, j) !== 'not_expected') expected++;
    const mending = mend(search, upstream, j);
    if (mending === 'run') above.runs = true;
    if (typeof mending !== 'object' || !isBad(judging, edge, upstream, j)) continue;
    cause ??= mending.cause;
    if (!['tainted', 'over'].includes(statusAt(upstream, j))) lost++;
  }
  if (cause === null) return;
  if (expected - lost < edge.need.atLeastShare * expected) above.blocked ??= cause;
  else above.hopeless ??= cause;
}

function edgeCause(search: Search, upstream: TableJudgement, edge: Edge, i: number, reason: Cause['reason']): Cause {
  const have = upstream.facts ? (upstream.facts.entities[i] ?? 0) : null;
  const need = askedBy(search.finder.judging, edge.need, i);
  return { table: upstream.table.alias, date: dateAt(search.finder.judging, i), reason, have, need };
}

/** Cells that run because an asked cell needs them: mending what nobody asked for is not the smallest plan. */
function reachableFrom(
  search: Search,
  target: TableJudgement,
  asked: readonly number[],
): Map<TableJudgement, Set<number>> {
  const { judging } = search.finder;
  const wanted = new Map<TableJudgement, Set<number>>();
  const visit = (cell: TableJudgement, i: number): void => {
    if (search.known.get(`${cell.table.alias} ${i}`) !== 'run') return;
    const dates = wanted.get(cell) ?? new Set<number>();
    if (dates.has(i)) return;
    wanted.set(cell, dates.add(i));
    for (const edge of cell.edges) {
      if (!edge.need.required) continue;
      for (let j = windowStart(judging, edge.need, i); j <= i; j++) visit(upstreamAt(judging, edge.need, j), j);
    }
  };
  for (const i of asked) visit(target, i);
  return wanted;
}

/** By table in topological order, then by date. */
function inOrder(judging: Judging, wanted: Map<TableJudgement, Set<number>>): PlannedCell[] {
  const cells: PlannedCell[] = [];
  for (const judgement of judging.tables.values()) {
    for (const i of [...(wanted.get(judgement) ?? [])].sort((a, b) => a - b)) {
      cells.push({ table: judgement.table.alias, date: dateAt(judging, i), status: statusAt(judgement, i) });
    }
  }
  return cells;
}

function edgesWithin(judging: Judging, cells: readonly PlannedCell[]): PlannedEdge[] {
  const planned = new Map<string, CalendarDate[]>();
  for (const cell of cells) planned.set(cell.table, [...(planned.get(cell.table) ?? []), cell.date]);
  return cells.flatMap((cell) =>
    readsOf(judging, cell).flatMap((read): PlannedEdge[] => {
      const inside = (planned.get(read.table) ?? []).some((date) => read.from <= date && date <= read.to);
      if (!inside) return [];
      return [
        { table: cell.table, date: cell.date, needs: read.table, from: read.from, to: read.to, strict: read.strict },
      ];
    }),
  );
}

/** Everything that a cell reads when it runs, whether planned or not: no live attempt may write there (R15). */
export function readsOf(
  judging: Judging,
  cell: { table: string; date: CalendarDate },
): (Reads & { strict: boolean })[] {
  const judgement = judgementOf(judging, cell.table);
  const i = indexOf(judging, cell.date);
  return judgement.edges.flatMap(({ need }) => {
    const from = dateAt(judging, windowStart(judging, need, i));
    const tables = need.fallback === undefined ? need.tables : [...need.tables, need.fallback];
    const strict = need.required && need.window === undefined && tables.length === 1;
    return tables.map((table) => ({ table, from, to: cell.date, strict }));
  });
}

/** The plan as people and `--json` see it. */
export function reportPlan(repair: Repair): PlanReport {
  const steps = new Map<string, CalendarDate[]>();
  for (const cell of repair.plan.cells) steps.set(cell.table, [...(steps.get(cell.table) ?? []), cell.date]);
  return {
    target: repair.plan.target,
    from: repair.plan.from,
    to: repair.plan.to,
    steps: [...steps].map(([table, dates]) => ({ table, dates })),
    blocked: repair.blocked,
    cells: repair.plan.cells.length,
  };
}
