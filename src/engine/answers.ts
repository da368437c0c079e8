/** The answers to questions, as values: what the command line prints and messages are made from. */
import { buildCoverage } from '../core/coverage.ts';
import type { CalendarDate } from '../core/dates.ts';
import { planRepair, reportPlan } from '../core/plan.ts';
import type { Coverage, PlanReport, Why } from '../core/reports.ts';
import { buildWhy } from '../core/why.ts';
import type { Ports } from '../ports.ts';
import { assess } from './assess.ts';

/** Coverage of tables over dates. */
export async function answerCoverage(
  ports: Ports,
  tables: readonly string[],
  dates: readonly CalendarDate[],
): Promise<Coverage> {
  const { judging, held } = await assess(ports, tables, dates);
  return buildCoverage(judging, { tables, dates, held });
}

/** Why one cell is as it is. */
export async function answerWhy(ports: Ports, table: string, date: CalendarDate): Promise<Why> {
  const { judging, held } = await assess(ports, [table], [date]);
  return buildWhy(judging, table, date, held);
}

/** What would have to run, in order, to make dates of a table complete. */
export async function answerPlan(ports: Ports, table: string, dates: readonly CalendarDate[]): Promise<PlanReport> {
  const { judging } = await assess(ports, [table], dates);
  return reportPlan(planRepair(judging, table, dates));
}
