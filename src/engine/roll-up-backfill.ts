/**
 * How complete the tables of a backfill are on the dates that were asked, for before against after. Added up by the full
 * figures, as a coverage answer does, though a backfill itself is judged by lower ones.
 */
import type { Backfill } from '../core/backfill/backfill.ts';
import type { BackfillRollUp } from '../core/backfill/backfill-report.ts';
import { coverageSteps } from '../core/coverage/coverage.ts';
import type { CalendarDate } from '../core/dates.ts';
import { judgeSteps } from '../core/judge/judge.ts';
import type { Judging } from '../core/judge/judgement.ts';
import type { Ports } from '../ports.ts';
import { inSteps } from './in-steps.ts';

type Cell = { readonly table: string; readonly date: CalendarDate };

/** The target's dates that were asked, ascending: those to run, and those left alone. */
export function askedDates(
  { target, preflight }: Pick<Backfill, 'target' | 'preflight'>,
  cells: readonly Cell[],
): CalendarDate[] {
  const all = [...preflight.ready, ...preflight.blocked, ...preflight.skipped, ...cells];
  return [...new Set(all.filter((cell) => cell.table === target).map((cell) => cell.date))].sort();
}

/** Adds up the target and the tables of the cells. The judging must cover the target over the asked dates. */
export async function rollUpBackfill(
  ports: Pick<Ports, 'catalogue' | 'clock'>,
  judging: Judging,
  backfill: Pick<Backfill, 'target' | 'preflight'>,
  cells: readonly Cell[],
): Promise<BackfillRollUp> {
  const touched = new Set([backfill.target, ...cells.map((cell) => cell.table)]);
  const tables = [...ports.catalogue.tables.keys()].filter((alias) => touched.has(alias));
  const full = await judgeFully(ports, judging);
  const coverage = await inSteps(ports.clock, coverageSteps(full, { tables, dates: askedDates(backfill, cells) }));
  const lines = coverage.tables.map(({ table, calendar, expected, reachable, complete }) => {
    const share = expected === 0 ? null : complete / expected;
    return { name: table, calendar, expected, reachable, complete, share, target: null };
  });
  return { ...coverage.rollUp, tables: lines };
}

/** The same facts by the catalogue as it stands. */
async function judgeFully(
  { catalogue, clock }: Pick<Ports, 'catalogue' | 'clock'>,
  judging: Judging,
): Promise<Judging> {
  if (judging.catalogue === catalogue) return judging;
  const { facts, now, failed, accepted, missing } = judging;
  return inSteps(clock, judgeSteps(catalogue, facts, { now, failed, accepted, missing }));
}
