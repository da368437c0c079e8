/** What of a plan takes a second person's yes, and what that person is shown. */
import type { Plan } from '../backfill/backfill.ts';
import type { CalendarDate } from '../dates.ts';
import type { Preflight } from '../plan/plan-report.ts';
import type { Status } from '../verdict.ts';
import { type Access, accessTo } from './access.ts';
import type { ShownPlan, WhySecond } from './shown-plan.ts';

const withoutRows: readonly Status[] = ['missing', 'blocked', 'not_expected'];

/** The plan as a second person sees it. */
export function showPlan(plan: Plan, preflight: Pick<Preflight, 'overridden'>): ShownPlan {
  const tables = new Map<string, { dates: CalendarDate[]; overwritten: CalendarDate[] }>();
  for (const { table, date, status } of plan.cells) {
    const step = tables.get(table) ?? { dates: [], overwritten: [] };
    tables.set(table, step);
    step.dates.push(date);
    if (!withoutRows.includes(status)) step.overwritten.push(date);
  }
  return {
    steps: [...tables].map(([table, { dates, overwritten }]) => ({
      table,
      dates: dates.sort(),
      overwritten: overwritten.sort(),
    })),
    overridden: (preflight.overridden ?? []).map(({ date }) => date).sort(),
  };
}

/** Why a second person is needed for it; empty where none is. */
export function needSecond(access: Access | undefined, plan: ShownPlan): WhySecond[] {
  if (access === undefined) return [];
  const kept = plan.steps.map(({ table }) => table).filter((table) => accessTo(access, table).protected);
  const rewritten = plan.steps.reduce((sum, step) => sum + step.overwritten.length, 0);
  const own = plan.steps.map(({ table, overwritten }): WhySecond[] =>
    passes(table, overwritten.length, accessTo(access, table).overwritesAbove),
  );
  return [
    ...(kept.length > 0 ? [{ kind: 'protected' as const, tables: kept }] : []),
    ...passes(null, rewritten, access.overwritesAbove),
    ...own.flat(),
    ...(access.overrides && plan.overridden.length > 0
      ? [{ kind: 'skip-preflight' as const, dates: plan.overridden.length }]
      : []),
  ];
}

function passes(table: string | null, dates: number, above: number | null): WhySecond[] {
  return above !== null && dates > above ? [{ kind: 'overwrites', table, dates, above }] : [];
}
