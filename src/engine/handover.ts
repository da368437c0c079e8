/** A hand-over note: from the store, and from one look at how its cells stand now. */
import type { Backfill, BackfillView } from '../core/backfill/backfill.ts';
import type { BackfillRollUp } from '../core/backfill/backfill-report.ts';
import { buildHandover, type Handover } from '../core/backfill/handover.ts';
import type { Retry } from '../core/backfill/retry.ts';
import { coverageSteps } from '../core/coverage/coverage.ts';
import type { Coverage } from '../core/coverage/coverage-report.ts';
import { type CalendarDate, daysBetween } from '../core/dates.ts';
import { isRefusal, type Refusal, refuse } from '../fault.ts';
import { listNext } from '../messages/handover-next.ts';
import type { Ports } from '../ports.ts';
import { listAudit } from '../store/audit.ts';
import { listSpent } from '../store/durations.ts';
import { answerPlan } from './answers.ts';
import { assess } from './assess.ts';
import { inSteps } from './in-steps.ts';
import { askedDates, rollUpBackfill } from './roll-up-backfill.ts';
import { planRetry } from './steer.ts';
import { findView } from './view.ts';

/** Writes the note of a backfill. A Refusal: there is none of this id. Throws a Fault if nothing can be read. */
export async function writeHandover(ports: Ports, id: string): Promise<Handover | Refusal> {
  const view = await findView(ports.store.query, id);
  if (view?.backfill.pipeline !== ports.catalogue.pipeline)
    return refuse(`There is no backfill ${id}.`, '/backfill list');
  const asOf = ports.clock.now();
  const dates = datesOf(view);
  const [audit, runs, looked] = await Promise.all([
    listAudit(ports.store.query, id),
    listSpent(ports.store.query, id),
    lookNow(ports, view, dates),
  ]);
  const handover = buildHandover({ view, asOf, audit, runs, dates, now: null, look: null, ...looked });
  if (looked === null) return handover;
  return { ...handover, next: listNext(handover, await findWays(ports, view.backfill, handover)) };
}

/** The dates that were asked; all in between for one that was not judged yet, since it still waits for another one. */
function datesOf({ backfill, cells }: BackfillView): CalendarDate[] {
  const asked = askedDates(backfill, cells);
  return asked.length === 0 ? daysBetween(backfill.from, backfill.to) : asked;
}

/** Null where the target has left the pipeline: there is nothing to look at. */
async function lookNow(
  ports: Ports,
  { backfill, cells }: BackfillView,
  dates: readonly CalendarDate[],
): Promise<{ now: BackfillRollUp; look: Coverage } | null> {
  const known = cells.filter(({ table }) => ports.catalogue.tables.has(table));
  if (!ports.catalogue.tables.has(backfill.target)) return null;
  const tables = [...new Set([backfill.target, ...known.map(({ table }) => table)])];
  const all = [...new Set([...dates, ...known.map(({ date }) => date)])].sort();
  const { judging, held } = await assess(ports, tables, all);
  const look = await inSteps(ports.clock, coverageSteps(judging, { tables, dates: all, held }));
  return { now: await rollUpBackfill(ports, judging, backfill, known), look };
}

/** What a retry would take, and what would mend the target's dates that nobody fills at the moment. */
async function findWays(ports: Ports, backfill: Backfill, { target, remains }: Handover) {
  const none: Retry = { again: [], stay: [] };
  const retry = await planRetry(ports, backfill);
  const open = remains.filter(({ table, heldBy }) => table === target && heldBy === null).flatMap(({ dates }) => dates);
  const plan = open.length === 0 ? null : await answerPlan(ports, target, open.sort());
  return { retry: isRefusal(retry) ? none : retry, plan };
}
