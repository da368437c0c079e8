/**
 * Launches a backfill: judge, plan, pre-flight, and then store plan and cells in one transaction that also sees whether
 * another one owns any of them. Nothing is called here; the tasks that ring for the first cells are enqueued after the commit, and if that
 * fails the sweep rings for them.
 */
import { refuseDeed } from '../access/permit.ts';
import { indexOf } from '../core/coverage/coverage.ts';
import type { Held } from '../core/coverage/explain.ts';
import type { Judging } from '../core/judge/judgement.ts';
import { judgementOf, reasonAt } from '../core/judge/judgement.ts';
import { type Beside, prepareBeside, type Taken } from '../core/plan/beside.ts';
import type { Overlap } from '../core/plan/overlap.ts';
import { type Repair, reportPlan } from '../core/plan/plan.ts';
import type { PlanReport } from '../core/plan/plan-report.ts';
import type { Prepared } from '../core/plan/preflight.ts';
import { Fault, type Refusal, refuse } from '../fault.ts';
import type { Ports } from '../ports.ts';
import { findSame } from '../store/backfills.ts';
import { askSecond, type How, needsSecond } from './ask-second.ts';
import { assess } from './assess.ts';
import { refuseExpired } from './expired.ts';
import { openForecast } from './forecast.ts';
import { type Asker, type LaunchRequest, requestKeyOf } from './new-backfill.ts';
import { describeOverlap, loadOwned } from './overlap.ts';
import { queueBackfill } from './queue-backfill.ts';
import { storeBackfill } from './store-backfill.ts';

/** What would have run, and what would mend the dates that cannot. */
export type NotRun = { readonly prepared: Prepared; readonly plan: PlanReport; readonly repair: PlanReport | null };

export type Launched =
  /** Nothing ran, since nothing may. */
  | ({ readonly kind: 'refused' } & NotRun)
  /** Nothing ran, since nothing should. */
  | ({ readonly kind: 'dry_run' } & NotRun)
  /** It runs, or there was nothing to do and it is done. */
  | { readonly kind: 'launched'; readonly id: string; readonly prepared: Prepared }
  /** The same request is under way already (B9). */
  | { readonly kind: 'same'; readonly id: string }
  /** Nothing ran, since another backfill owns some of it. */
  | { readonly kind: 'overlap'; readonly overlap: Overlap }
  /** Nothing ran yet, since a second person has to approve it. */
  | { readonly kind: 'asks'; readonly id: string }
  /** It waits until another backfill is over. */
  | { readonly kind: 'queued'; readonly id: string; readonly after: string };

/** Launches, or says why not. A Refusal: understood, and cannot be done at all. */
export async function launchBackfill(ports: Ports, request: LaunchRequest, asker: Asker): Promise<Launched | Refusal> {
  if (request.options.dryRun) return launchNow(ports, request, asker);
  const key = requestKeyOf(ports, request);
  const same = await findSame(ports.store.query, ports.catalogue.pipeline, key);
  if (same !== undefined) return { kind: 'same', id: same };
  const { after } = request.options;
  const queued = after === null ? undefined : await queueBackfill(ports, { ...request, after }, asker, key);
  return queued ?? launchNow(ports, request, asker);
}

/** What becomes of one that waits; `gone`: it waits no more. `changed`: another plan than was approved is shown now. */
export type Started = Launched | { readonly kind: 'gone' } | { readonly kind: 'changed' };

/** Launches without a look at `--after`. One that is stored already has the id of the asker. */
export async function launchNow(ports: Ports, request: LaunchRequest, asker: Asker): Promise<Launched | Refusal>;
export async function launchNow(
  ports: Ports,
  request: LaunchRequest,
  asker: Asker,
  how: How,
): Promise<Started | Refusal>;
export async function launchNow(
  ports: Ports,
  request: LaunchRequest,
  asker: Asker,
  how: How = { kind: 'new' },
): Promise<Started | Refusal> {
  const { pipeline } = ports.catalogue;
  const { judging } = await assess(ports, [request.table], request.when.dates, { inBackfill: true });
  const refusal = refuseNotDue(judging, request);
  if (refusal) return refusal;
  const forecast = await openForecast(ports, request.options.concurrency);
  // Another launch may store its cells between the look and the transaction; then there is one more look.
  for (let looks = 0; looks < mostLooks; looks++) {
    const owned = await loadOwned(ports);
    const beside = look(judging, request, owned);
    const taken = listTaken(beside, request);
    if (taken.length > 0) {
      // The owner may be this very request, stored since it was looked for (B9).
      const same =
        how.kind === 'new' ? await findSame(ports.store.query, pipeline, requestKeyOf(ports, request)) : undefined;
      if (same !== undefined) return { kind: 'same', id: same };
      return { kind: 'overlap', overlap: await describeOverlap(ports, taken, owned, beside.rest.plan.cells) };
    }
    const prepared = request.options.rest ? beside.rest : beside.whole;
    const denied =
      (await refuseTables(ports, request, asker, prepared)) ?? (await refuseExpired(ports, prepared.plan.cells));
    if (denied) return denied;
    if (prepared.refused || request.options.dryRun) {
      const report = (repair: Repair) => reportPlan(repair, forecast(repair.plan).estimate);
      const repair = prepared.repair && report(prepared.repair);
      const why = prepared.refused ? [] : needsSecond(ports, asker, prepared);
      const plan = { ...report(prepared.planned), ...(why.length > 0 ? { secondPerson: why } : {}) };
      return { kind: prepared.refused ? 'refused' : 'dry_run', prepared, plan, repair };
    }
    const asked = await askSecond(ports, request, asker, prepared, how);
    if (asked) return asked;
    const what = { judging, request, asker, prepared, forecast: forecast(prepared.plan) };
    const stored = await storeBackfill(ports, what, how);
    if (stored.kind !== 'overlap') return stored;
  }
  throw new Fault('other launches of the same dates came in between; ask again', 'later');
}

const mostLooks = 5;

/** Whoever may fill a table may not therefore fill what it needs. At a terminal the home itself is the permission. */
async function refuseTables(
  ports: Ports,
  { options }: LaunchRequest,
  { user, channel }: Asker,
  { plan }: Prepared,
): Promise<Refusal | null> {
  const tables = [...new Set(plan.cells.map(({ table }) => table))];
  if (channel === null || options.dryRun || tables.length === 0) return null;
  return refuseDeed(ports, { action: 'launch', tables }, { user, channel });
}

function look(judging: Judging, { table, when, options }: LaunchRequest, owned: Held): Beside {
  const failedBefore = new Set(judging.failed.keys());
  return prepareBeside(judging, { target: table, dates: when.dates, options, failedBefore }, owned);
}

/** What stands in the way: cells that others own, unless the rest may run and there is any. */
function listTaken({ taken, rest, left }: Beside, { options }: LaunchRequest): readonly Taken[] {
  if (!options.rest) return taken;
  if (rest.plan.cells.length > 0 || rest.preflight.blocked.length > 0) return [];
  return taken.length > 0 ? taken : left;
}

function refuseNotDue(judging: Judging, request: LaunchRequest): Refusal | undefined {
  const cell = judgementOf(judging, request.table);
  const due = request.when.dates.filter((date) => reasonAt(cell, indexOf(judging, date)) !== 'not_due');
  if (due.length > 0) return undefined;
  return refuse(`${request.table}, ${request.when.said}: not due yet; the games of these dates are not finished.`);
}
