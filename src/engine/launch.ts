/**
 * Launches a backfill: judge, plan, pre-flight, and then store plan and cells in one transaction that also sees whether
 * another one owns any of them. Nothing is called here; the tasks that ring for the first cells are enqueued after the commit, and if that
 * fails the sweep rings for them.
 */
import { createHash } from 'node:crypto';
import { refuseDeed } from '../access/permit.ts';
import { needSecond, showPlan } from '../core/access/second-person.ts';
import type { Backfill, Forecast } from '../core/backfill/backfill.ts';
import { chooseSample, closeSample } from '../core/backfill/sample.ts';
import { indexOf } from '../core/coverage/coverage.ts';
import type { Held } from '../core/coverage/explain.ts';
import type { Judging } from '../core/judge/judgement.ts';
import { judgementOf, reasonAt } from '../core/judge/judgement.ts';
import type { Person } from '../core/origin.ts';
import { type Beside, prepareBeside, type Taken } from '../core/plan/beside.ts';
import type { Overlap } from '../core/plan/overlap.ts';
import { type Repair, readsOf, reportPlan } from '../core/plan/plan.ts';
import type { PlanReport } from '../core/plan/plan-report.ts';
import type { Prepared } from '../core/plan/preflight.ts';
import type { BackfillRequest } from '../core/request/request.ts';
import { Fault, type Refusal, refuse } from '../fault.ts';
import type { Ports } from '../ports.ts';
import { recordAudit } from '../store/audit.ts';
import { findSame, insertBackfill } from '../store/backfills.ts';
import { startQueued } from '../store/queue.ts';
import { answerQuality } from './answer-quality.ts';
import { assess } from './assess.ts';
import { openForecast } from './forecast.ts';
import { describeOverlap, loadOwned } from './overlap.ts';
import { queueBackfill } from './queue-backfill.ts';
import { ringCells, ringForEnd } from './ring.ts';
import { rollUpBackfill } from './roll-up-backfill.ts';

export type LaunchRequest = Extract<BackfillRequest, { verb: 'launch' }>;
/**
 * Who asks, and where the answer goes; `channel` is null on the command line. `backfill`: the id to give it, where the
 * same request may be performed again.
 */
export type Asker = Person & { readonly channel: string | null; readonly backfill?: string };

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

/** What becomes of one that waits, once its time has come; `gone`: it waits no more. */
export type Started = Launched | { readonly kind: 'gone' };

/** Launches without a look at `--after`. `waiting`: it is stored already, under the id of the asker. */
export async function launchNow(
  ports: Ports,
  request: LaunchRequest,
  asker: Asker,
  waiting: { readonly waiting: true },
): Promise<Started | Refusal>;
export async function launchNow(ports: Ports, request: LaunchRequest, asker: Asker): Promise<Launched | Refusal>;
export async function launchNow(
  ports: Ports,
  request: LaunchRequest,
  asker: Asker,
  how: { readonly waiting: boolean } = { waiting: false },
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
      const same = how.waiting ? undefined : await findSame(ports.store.query, pipeline, requestKeyOf(ports, request));
      if (same !== undefined) return { kind: 'same', id: same };
      return { kind: 'overlap', overlap: await describeOverlap(ports, taken, owned, beside.rest.plan.cells) };
    }
    const prepared = request.options.rest ? beside.rest : beside.whole;
    const denied = await refuseTables(ports, request, asker, prepared);
    if (denied) return denied;
    if (prepared.refused || request.options.dryRun) {
      const report = (repair: Repair) => reportPlan(repair, forecast(repair.plan).estimate);
      const repair = prepared.repair && report(prepared.repair);
      return { kind: prepared.refused ? 'refused' : 'dry_run', prepared, plan: report(prepared.planned), repair };
    }
    const stored = await storeBackfill(ports, judging, request, asker, prepared, forecast(prepared.plan), how.waiting);
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
  { plan, preflight }: Prepared,
): Promise<Refusal | null> {
  if (channel === null || options.dryRun) return null;
  const tables = [...new Set(plan.cells.map(({ table }) => table))];
  const denied = tables.length > 0 && (await refuseDeed(ports, { action: 'launch', tables }, { user, channel }));
  if (denied) return denied;
  const why = needSecond(ports.catalogue.access, showPlan(plan, preflight));
  return why.length === 0
    ? null
    : refuse('This needs a second person, and nobody can be asked yet. Nothing was started.');
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

type Stored = Extract<Started, { kind: 'launched' | 'same' | 'gone' }> | { readonly kind: 'overlap' };

async function storeBackfill(
  ports: Ports,
  judging: Judging,
  request: LaunchRequest,
  asker: Asker,
  prepared: Prepared,
  forecast: Forecast,
  waiting: boolean,
): Promise<Stored> {
  const id = asker.backfill ?? ports.ids.next();
  const now = ports.clock.now();
  const empty = prepared.plan.cells.length === 0;
  const scope = { target: request.table, preflight: prepared.preflight };
  const backfill: Backfill = {
    id,
    pipeline: ports.catalogue.pipeline,
    target: request.table,
    from: request.when.from,
    to: request.when.to,
    options: request.options,
    state: empty ? 'finishing' : 'running',
    result: null,
    round: 1,
    steered: null,
    requestedBy: asker.user,
    channel: asker.channel,
    waitsFor: null,
    createdAt: now,
    startedAt: now,
    finishedAt: null,
    preflight: prepared.preflight,
    quality: null,
    qualityBefore: empty ? null : await answerQuality(ports, request.table, request.when.dates),
    coverageBefore: empty ? null : await rollUpBackfill(ports, judging, scope, prepared.plan.cells),
    coverageAfter: null,
    unblocked: null,
    forecast,
  };
  const requestKey = requestKeyOf(ports, request);
  const reads = prepared.plan.cells.map((cell) =>
    readsOf(judging, cell).map(({ table, from, to }) => ({ table, from, to })),
  );
  const { plan } = prepared;
  const size = request.options.sample;
  const sample = size === null ? null : closeSample(plan, chooseSample(plan, size, id));
  const inserted = await ports.store.transaction(async (query) => {
    const created = { backfill, requestKey, plan, reads, sample };
    const result = await (waiting ? startQueued(query, created) : insertBackfill(query, created));
    if (result.kind === 'created') {
      const detail = {
        target: request.table,
        when: request.when.said,
        options: request.options,
        reason: request.options.reason,
        cells: prepared.plan.cells.length,
        ...asker.origin,
      };
      await recordAudit(query, {
        at: now,
        actor: asker.user,
        action: waiting ? 'start' : 'launch',
        subject: id,
        detail,
      });
    }
    return result;
  });
  if (inserted.kind !== 'created') return inserted;
  if (empty) await ringForEnd(ports, id);
  else await ringCells(ports);
  return { kind: 'launched', id, prepared };
}

/** Equal for equal requests, whoever asks. */
export function requestKeyOf({ catalogue }: Pick<Ports, 'catalogue'>, { table, when, options }: LaunchRequest): string {
  const parts = [catalogue.pipeline, table, when.dates, options];
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex');
}
