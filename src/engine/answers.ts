/** The answers to questions, as values: what the command line prints and messages are made from. */
import { causeFinder, findCauses } from '../core/causes/causes.ts';
import { coverageSteps, indexOf } from '../core/coverage/coverage.ts';
import type { CauseGroup, Coverage, RuleProposals, Why } from '../core/coverage/coverage-report.ts';
import { buildWhy } from '../core/coverage/why.ts';
import type { CalendarDate } from '../core/dates.ts';
import { type Judging, judgementOf } from '../core/judge/judgement.ts';
import { proposeRules } from '../core/judge/propose-rule.ts';
import { planRepair, reportPlan } from '../core/plan/plan.ts';
import type { PlanReport } from '../core/plan/plan-report.ts';
import type { Ports } from '../ports.ts';
import { assess } from './assess.ts';
import { openForecast } from './forecast.ts';
import { inSteps } from './in-steps.ts';

/** `rulesAsOf`: judge by the rules of that day, as a note of then was made; by today's if absent. */
export type AnswerOptions = { readonly rulesAsOf?: CalendarDate | undefined };

/** Coverage of tables over dates. */
export async function answerCoverage(
  ports: Ports,
  tables: readonly string[],
  dates: readonly CalendarDate[],
  options: AnswerOptions = {},
): Promise<Coverage> {
  const { judging, held } = await assess(ports, tables, dates, options);
  const coverage = await inSteps(ports.clock, coverageSteps(judging, { tables, dates, held }));
  return { ...coverage, ...proposals(judging, coverage.causes, tables), ...rulesOf(options) };
}

/** Why one cell is as it is. */
export async function answerWhy(
  ports: Ports,
  table: string,
  date: CalendarDate,
  options: AnswerOptions = {},
): Promise<Why> {
  const { judging, held } = await assess(ports, [table], [date], options);
  const causes = findCauses(causeFinder(judging), judgementOf(judging, table), indexOf(judging, date));
  const roots = causes.map((cause) => ({ ...cause, dates: [cause.date] }));
  return { ...buildWhy(judging, table, date, held), ...proposals(judging, roots, [table]), ...rulesOf(options) };
}

/** What would have to run, in order, to make dates of a table complete; judged as a backfill is. */
export async function answerPlan(
  ports: Ports,
  table: string,
  dates: readonly CalendarDate[],
  options: AnswerOptions = {},
): Promise<PlanReport> {
  const [{ judging }, forecast] = await Promise.all([
    assess(ports, [table], dates, { ...options, inBackfill: true }),
    openForecast(ports, null),
  ]);
  const repair = planRepair(judging, table, dates);
  return { ...reportPlan(repair, forecast(repair.plan).estimate), ...rulesOf(options) };
}

/** Rules that fit, where minima that cannot be met are among the causes. */
function proposals(
  judging: Judging,
  roots: readonly Pick<CauseGroup, 'table' | 'reason' | 'dates'>[],
  tables: readonly string[],
): Partial<RuleProposals> {
  const unreachable = roots.filter((root) => root.reason === 'threshold_unreachable');
  return unreachable.length === 0 ? {} : proposeRules(judging, unreachable, tables);
}

function rulesOf({ rulesAsOf }: AnswerOptions): { rulesAsOf?: CalendarDate } {
  return rulesAsOf === undefined ? {} : { rulesAsOf };
}
