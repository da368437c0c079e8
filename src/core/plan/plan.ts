/**
 * The plan: the smallest set of cells that makes the asked cells complete, in an order in which each finds what it
 * needs, and what stays unfilled with the cause that cannot be mended here. What is shown of it is what is run.
 */
import type { Plan, PlannedCell, PlannedEdge, Reads } from '../backfill/backfill.ts';
import { indexOf } from '../coverage/coverage.ts';
import type { CalendarDate } from '../dates.ts';
import { windowStart } from '../judge/edges.ts';
import { dateAt, type Judging, judgementOf, reasonAt, statusAt, type TableJudgement } from '../judge/judgement.ts';
import type { Reason, Status } from '../verdict.ts';
import { hasAlternatives, keyOf, listAbove, mend, type Search, startSearch } from './mend.ts';
import type { CellGroup, Estimate, PlanBlocked, PlanReport } from './plan-report.ts';
import { firstNotBefore } from './waiting.ts';

/** Cells to run, cells that cannot be helped, and asked cells that need no help. */
export type Repair = {
  readonly plan: Plan;
  readonly blocked: readonly PlanBlocked[];
  /** Of the cells to run those that will be tainted all the same, each with the hole that stays. */
  readonly staysTainted: readonly PlanBlocked[];
  readonly needNothing: readonly CellGroup[];
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
  const cell = judgementOf(judging, target);
  const asked = dates.map((date) => ({ date, i: indexOf(judging, date) }));
  const search = searchAll(judging, cell, asked, new Set(force.map((date) => `${target} ${date}`)));
  const blocked: PlanBlocked[] = [];
  const fine: Left[] = [];
  for (const { date, i } of asked) {
    const mending = mend(search, cell, i);
    if (typeof mending === 'object') blocked.push({ table: target, date, cause: mending.cause });
    if (mending === 'fine') fine.push({ date, status: statusAt(cell, i), reason: reasonAt(cell, i) });
  }
  const cells = inOrder(judging, listRunning(search, cell, asked));
  const staysTainted = cells.flatMap(({ table, date }): PlanBlocked[] => {
    const cause = search.stays.get(keyOf(judgementOf(judging, table), indexOf(judging, date)));
    return cause ? [{ table, date, cause }] : [];
  });
  const plan = buildPlan(judging, target, dates, cells);
  return { plan, blocked, staysTainted, needNothing: groupLeft(fine) };
}

type Asked = readonly { readonly date: CalendarDate; readonly i: number }[];
type Left = { readonly date: CalendarDate; readonly status: Status; readonly reason: Reason | null };

/**
 * Which of several tables a need looks at depends on what runs, and what runs on the choice: first with what runs in any
 * case, then until both agree.
 */
function searchAll(judging: Judging, cell: TableJudgement, asked: Asked, force: ReadonlySet<string>): Search {
  const searchWith = (sure: ReadonlySet<string>): Search => {
    const search = startSearch(judging, force, sure);
    for (const { i } of asked) mend(search, cell, i);
    return search;
  };
  let search = searchWith(new Set());
  if (![...judging.tables.values()].some((table) => table.edges.some(hasAlternatives))) return search;
  let sure = keysOf(listRunning(search, cell, asked, { sure: true }));
  for (let round = 0; round < mostRounds; round++) {
    search = searchWith(sure);
    const runs = keysOf(listRunning(search, cell, asked));
    if (runs.size === sure.size && [...runs].every((key) => sure.has(key))) break;
    sure = runs;
  }
  return search;
}

/** Two rounds settle all but contrived catalogues. */
const mostRounds = 4;

function keysOf(running: ReadonlyMap<TableJudgement, ReadonlySet<number>>): Set<string> {
  return new Set([...running].flatMap(([judgement, dates]) => [...dates].map((i) => keyOf(judgement, i))));
}

/** Asked dates that are left as they are, by what they are. */
export function groupLeft(left: readonly Left[]): CellGroup[] {
  const groups = new Map<string, { status: Status; reason: Reason | null; dates: CalendarDate[] }>();
  for (const { date, status, reason } of left) {
    const group = groups.get(`${status} ${reason}`) ?? { status, reason, dates: [] };
    group.dates.push(date);
    groups.set(`${status} ${reason}`, group);
  }
  return [...groups.values()];
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

/**
 * Cells that run because an asked cell needs them: mending what nobody asked for is not the smallest plan.
 * `sure`: only through needs that have no alternative.
 */
function listRunning(
  search: Search,
  target: TableJudgement,
  asked: Asked,
  options: { readonly sure?: boolean } = {},
): Map<TableJudgement, Set<number>> {
  const wanted = new Map<TableJudgement, Set<number>>();
  const visit = (cell: TableJudgement, i: number): void => {
    const dates = wanted.get(cell) ?? new Set<number>();
    if (dates.has(i)) return;
    wanted.set(cell, dates.add(i));
    for (const edge of cell.edges) {
      if (options.sure && hasAlternatives(edge)) continue;
      for (const above of listAbove(search, edge, i)) visit(above.cell, above.i);
    }
  };
  for (const { i } of asked) if (mend(search, target, i) === 'run') visit(target, i);
  return wanted;
}

/** By table in topological order, then by date. */
function inOrder(judging: Judging, wanted: Map<TableJudgement, Set<number>>): PlannedCell[] {
  const cells: PlannedCell[] = [];
  for (const judgement of judging.tables.values()) {
    for (const i of [...(wanted.get(judgement) ?? [])].sort((a, b) => a - b)) {
      cells.push(plannedCell(judging, judgement, i));
    }
  }
  return cells;
}

/** A cell as it is planned. */
export function plannedCell(judging: Judging, judgement: TableJudgement, i: number): PlannedCell {
  const { alias, dates } = judgement.table;
  const games = dates === 'games' ? (judging.calendar.games[i] ?? 0) : 0;
  const cell = { table: alias, date: dateAt(judging, i), status: statusAt(judgement, i) };
  return games > 0 ? { ...cell, size: games } : cell;
}

function datesByTable(cells: readonly PlannedCell[]): Map<string, CalendarDate[]> {
  const dates = new Map<string, CalendarDate[]>();
  for (const { table, date } of cells) {
    const known = dates.get(table);
    if (known) known.push(date);
    else dates.set(table, [date]);
  }
  return dates;
}

function edgesWithin(judging: Judging, cells: readonly PlannedCell[]): PlannedEdge[] {
  const planned = datesByTable(cells);
  for (const dates of planned.values()) dates.sort();
  return cells.flatMap((cell) =>
    readsOf(judging, cell).flatMap((read): PlannedEdge[] => {
      const dates = planned.get(read.table) ?? [];
      const first = dates[firstNotBefore(dates, read.from)];
      if (first === undefined || first > read.to) return [];
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
export function reportPlan(repair: Repair, estimate: Estimate | null = null): PlanReport {
  const { plan, blocked, staysTainted, needNothing } = repair;
  return {
    target: plan.target,
    from: plan.from,
    to: plan.to,
    steps: [...datesByTable(plan.cells)].map(([table, dates]) => ({ table, dates })),
    blocked,
    staysTainted,
    needNothing,
    cells: plan.cells.length,
    estimate,
  };
}
