/**
 * The pre-flight: which of the asked dates a backfill takes (R11), and whether it may run at all (R12). One value is
 * shown, refused upon, and run.
 */
import type { Plan, PlannedCell } from '../backfill/backfill.ts';
import { type CauseFinder, causeFinder, edgeCauses, findCauses } from '../causes/causes.ts';
import { indexOf } from '../coverage/coverage.ts';
import type { Held } from '../coverage/explain.ts';
import { failingAt } from '../coverage/failing.ts';
import type { CalendarDate } from '../dates.ts';
import { edgeState, type Judging, judgementOf, reasonAt, statusAt, type TableJudgement } from '../judge/judgement.ts';
import type { BackfillOptions } from '../request/request.ts';
import type { Cause, Status } from '../verdict.ts';
import { buildPlan, groupLeft, plannedCell, planRepair, type Repair } from './plan.ts';
import type { PlanBlocked, Preflight, PreflightBlocked } from './plan-report.ts';

export type Prepared = {
  readonly preflight: Preflight;
  /** What would run. Empty when there is nothing to do. */
  readonly plan: Plan;
  /** The same with what it leaves: asked cells that stay unfilled, cells that run and stay tainted, and the rest. */
  readonly planned: Repair;
  /** True when asked dates are blocked or unknown and the request does not say to run the rest: nothing may run. */
  readonly refused: boolean;
  /** The plan that would mend the blocked dates as well; null when nothing is blocked. */
  readonly repair: Repair | null;
};

export type Asked = {
  readonly target: string;
  readonly dates: readonly CalendarDate[];
  readonly options: BackfillOptions;
  /** `table date` of cells whose last attempt failed, for --only failed. */
  readonly failedBefore: ReadonlySet<string>;
  readonly held: Held;
};

/** Decides what a backfill of these dates would do. */
export function prepareBackfill(judging: Judging, asked: Asked): Prepared {
  const cell = judgementOf(judging, asked.target);
  const choices = asked.dates.map((date) => choose(judging, cell, date, asked));
  return asked.options.withUpstream
    ? withUpstream(judging, cell, asked, choices)
    : withoutUpstream(judging, cell, asked, choices);
}

type Choice = { readonly date: CalendarDate; readonly status: Status; readonly take: 'take' | 'skip' | 'blocked' };

/** R11 for one asked date. */
function choose(judging: Judging, cell: TableJudgement, date: CalendarDate, asked: Asked): Choice {
  const i = indexOf(judging, date);
  if (asked.held.has(`${asked.target} ${date}`)) return { date, status: 'running', take: 'skip' };
  const status = statusAt(cell, i);
  if (status === 'blocked' && asked.options.skipPreflight && !isUnread(cell, i))
    return { date, status, take: isAskedFor('missing', date, asked) ? 'take' : 'skip' };
  if (status === 'blocked' || status === 'unknown') return { date, status, take: 'blocked' };
  return { date, status, take: isTaken(cell, i, date, status, asked) ? 'take' : 'skip' };
}

/** Nobody can override what nobody knows: neither what is missing, nor afterwards what was built on it. */
function isUnread(cell: TableJudgement, i: number): boolean {
  return cell.edges.some((edge) => edge.need.required && edge.state[i] === edgeState.unread);
}

function isAskedFor(status: Status, date: CalendarDate, { target, options, failedBefore }: Asked): boolean {
  const { only } = options;
  if (options.noResume || only === null || only.includes('all')) return true;
  if (only.includes('failed') && failedBefore.has(`${target} ${date}`)) return true;
  return only.some((choice) => choice === status);
}

function isTaken(cell: TableJudgement, i: number, date: CalendarDate, status: Status, asked: Asked): boolean {
  const { options } = asked;
  const only = options.noResume ? ['all' as const] : options.only;
  // A date of the ramp-up without rows may have some by now: only a run can tell.
  if (status === 'not_expected')
    return reasonAt(cell, i) === 'ramp_up' && (only === null || only.includes('all') || only.includes('missing'));
  if (only === null)
    return (
      ['missing', 'thin', 'over', 'stale'].includes(status) &&
      reasonAt(cell, i) !== 'threshold_unreachable' &&
      reasonAt(cell, i) !== 'unexpected_rows'
    );
  return isAskedFor(status, date, asked);
}

function withoutUpstream(judging: Judging, cell: TableJudgement, asked: Asked, choices: readonly Choice[]): Prepared {
  const taken = choices.filter((choice) => choice.take === 'take');
  const blocked = choices
    .filter((choice) => choice.take === 'blocked')
    .map((choice) => blockedCell(judging, cell, choice.date));
  const cells = taken.map(({ date }) => plannedCell(judging, cell, indexOf(judging, date)));
  const repair = blocked.length === 0 ? null : planRepair(judging, asked.target, asked.dates);
  const skipped = choices.filter((choice) => choice.take === 'skip');
  const plan = buildPlan(judging, asked.target, asked.dates, ordered(cells, asked.options));
  const overridden = taken.filter(isOverridden).map(({ date }) => blockedCell(judging, cell, date));
  const preflight = describe(judging, cells, { blocked, overridden }, skippedOf(cell, judging, skipped));
  const planned = {
    plan,
    blocked: preflight.blocked.flatMap(firstCauseOf),
    staysTainted: [...preflight.warnings, ...overridden].flatMap(firstCauseOf),
    needNothing: needNothing(preflight),
  };
  return { preflight, plan, planned, refused: blocked.length > 0 && !asked.options.readyOnly, repair };
}

function withUpstream(judging: Judging, cell: TableJudgement, asked: Asked, choices: readonly Choice[]): Prepared {
  const wanted = choices.filter(
    (choice) => choice.take !== 'skip' || (choice.status === 'tainted' && asked.options.only === null),
  );
  const forced = choices.filter((choice) => choice.take === 'take').map((choice) => choice.date);
  const repair = planRepair(
    judging,
    asked.target,
    wanted.map((choice) => choice.date),
    forced,
  );
  const planned = new Set(repair.plan.cells.filter((c) => c.table === asked.target).map((c) => c.date));
  const skipped = choices.filter(
    (choice) => !planned.has(choice.date) && !repair.blocked.some((b) => b.date === choice.date),
  );
  const blocked = repair.blocked.map((b) => blockedByPlan(judging, cell, b));
  const found = { blocked, overridden: [] };
  const preflight = describe(judging, repair.plan.cells, found, skippedOf(cell, judging, skipped));
  const plan = buildPlan(judging, asked.target, asked.dates, ordered(repair.plan.cells, asked.options));
  return {
    preflight,
    plan,
    planned: { ...repair, plan, needNothing: needNothing(preflight) },
    refused: blocked.length > 0 && !asked.options.readyOnly,
    repair: blocked.length === 0 ? null : repair,
  };
}

function isOverridden({ status, take }: Choice): boolean {
  return status === 'blocked' && take === 'take';
}

function firstCauseOf(cell: { table: string; date: CalendarDate; causes: readonly Cause[] }): PlanBlocked[] {
  const [cause] = cell.causes;
  return cause ? [{ table: cell.table, date: cell.date, cause }] : [];
}

/** Of what is left alone that which is as it should be, or in work; the rest waits for something else. */
function needNothing({ skipped }: Preflight): Repair['needNothing'] {
  return groupLeft(skipped.filter(({ status }) => ['complete', 'not_expected', 'running'].includes(status)));
}

function ordered(cells: readonly PlannedCell[], options: BackfillOptions): readonly PlannedCell[] {
  if (!options.newestFirst) return cells;
  const tables = [...new Set(cells.map((cell) => cell.table))];
  return tables.flatMap((table) => cells.filter((cell) => cell.table === table).reverse());
}

function blockedCell(judging: Judging, cell: TableJudgement, date: CalendarDate): PreflightBlocked {
  const i = indexOf(judging, date);
  const finder = causeFinder(judging);
  const causes = findCauses(finder, cell, i);
  return { table: cell.table.alias, date, failing: failingAt(finder, cell, i), causes };
}

function blockedByPlan(judging: Judging, cell: TableJudgement, blocked: PlanBlocked): PreflightBlocked {
  const found = blockedCell(judging, cell, blocked.date);
  return { ...found, causes: found.causes.length > 0 ? found.causes : [blocked.cause] };
}

function skippedOf(cell: TableJudgement, judging: Judging, choices: readonly Choice[]): Preflight['skipped'] {
  return choices.map(({ date, status }) => {
    const i = indexOf(judging, date);
    const rows = cell.facts ? (cell.facts.rows[i] ?? 0) : null;
    return { table: cell.table.alias, date, status, reason: reasonAt(cell, i), rows };
  });
}

function describe(
  judging: Judging,
  cells: readonly PlannedCell[],
  { blocked, overridden }: Record<'blocked' | 'overridden', readonly PreflightBlocked[]>,
  skipped: Preflight['skipped'],
): Preflight {
  const planned = new Set(cells.map((cell) => `${cell.table} ${cell.date}`));
  return {
    ready: cells.map(({ table, date }) => ({ table, date })),
    blocked,
    ...(overridden.length > 0 ? { overridden } : {}),
    warnings: warn(judging, cells, planned),
    skipped,
  };
}

/** Cells that will be built on something that stays bad, because it is not in the plan. */
function warn(judging: Judging, cells: readonly PlannedCell[], planned: ReadonlySet<string>): Preflight['warnings'] {
  const finder = causeFinder(judging);
  return cells.flatMap((cell) => {
    const causes = causesOfDirt(judging, finder, cell).filter((cause) => !planned.has(`${cause.table} ${cause.date}`));
    return causes.length === 0 ? [] : [{ table: cell.table, date: cell.date, causes }];
  });
}

function causesOfDirt(judging: Judging, finder: CauseFinder, cell: PlannedCell): Cause[] {
  const judgement = judgementOf(judging, cell.table);
  const i = indexOf(judging, cell.date);
  const causes = new Map<string, Cause>();
  for (const edge of judgement.edges) {
    if (!edge.need.required || !edge.dirty[i] || edge.state[i] !== edgeState.met) continue;
    for (const cause of edgeCauses(finder, edge, i)) causes.set(`${cause.table} ${cause.date}`, cause);
  }
  return [...causes.values()];
}
