/** The answers to questions, as values: what the command line prints and messages are made from. */
import { buildCoverage, indexOf } from '../core/coverage.ts';
import type { CalendarDate } from '../core/dates.ts';
import { judgementOf, statusAt } from '../core/judgement.ts';
import { planRepair, reportPlan } from '../core/plan.ts';
import { totalQuality } from '../core/quality.ts';
import type { Coverage, PlanReport, Quality, Why } from '../core/reports.ts';
import { buildWhy } from '../core/why.ts';
import { Fault } from '../fault.ts';
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

/** Flags, duplicates, NULLs and missing entities of a table's dates. */
export async function answerQuality(ports: Ports, alias: string, dates: readonly CalendarDate[]): Promise<Quality> {
  const table = ports.catalogue.tables.get(alias);
  if (!table) throw new Fault(`there is no table ${alias}`, 'never');
  const [found, { judging }] = await Promise.all([
    ports.warehouse.readQuality(table, dates, ports.catalogue),
    assess(ports, [alias], dates),
  ]);
  const judgement = judgementOf(judging, alias);
  // Nobody is missing on a date that can have no rows.
  const isExpected = (date: CalendarDate) => statusAt(judgement, indexOf(judging, date)) !== 'not_expected';
  return totalQuality(
    alias,
    found.map((date) => (isExpected(date.date) ? date : { ...date, missing: [] })),
  );
}
