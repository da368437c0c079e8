/**
 * Launches a backfill: judge, plan, pre-flight, and then store plan and cells in one transaction that also refuses
 * overlap. Nothing is called here; the tasks that ring for the first cells are enqueued after the commit, and if that
 * fails the sweep rings for them.
 */
import { createHash } from 'node:crypto';
import type { Backfill } from '../core/backfill.ts';
import { indexOf } from '../core/coverage.ts';
import type { Judging } from '../core/judgement.ts';
import { judgementOf, reasonAt } from '../core/judgement.ts';
import { readsOf, reportPlan } from '../core/plan.ts';
import { type Prepared, prepareBackfill } from '../core/preflight.ts';
import type { PlanReport } from '../core/reports.ts';
import type { BackfillRequest } from '../core/request/request.ts';
import { type Refusal, refuse } from '../fault.ts';
import type { Ports } from '../ports.ts';
import { recordAudit } from '../store/audit.ts';
import { insertBackfill } from '../store/backfills.ts';
import { answerQuality } from './answer-quality.ts';
import { assess } from './assess.ts';
import { ringCells } from './ring.ts';

export type LaunchRequest = Extract<BackfillRequest, { verb: 'launch' }>;
/**
 * Who asks, and where the answer goes; `channel` is null on the command line. `backfill`: the id to give it, where the
 * same request may be performed again.
 */
export type Asker = { readonly user: string; readonly channel: string | null; readonly backfill?: string };

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
  | { readonly kind: 'same'; readonly id: string };

/** Launches, or says why not. A Refusal: understood, and cannot be done at all. */
export async function launchBackfill(ports: Ports, request: LaunchRequest, asker: Asker): Promise<Launched | Refusal> {
  const { judging, held } = await assess(ports, [request.table], request.when.dates);
  const refusal = refuseNotDue(judging, request);
  if (refusal) return refusal;
  const failedBefore = new Set(judging.failed.keys());
  const prepared = prepareBackfill(judging, {
    target: request.table,
    dates: request.when.dates,
    options: request.options,
    failedBefore,
    held,
  });
  if (prepared.refused || request.options.dryRun) {
    const plan = reportPlan({ plan: prepared.plan, blocked: prepared.repair?.blocked ?? [] });
    const repair = prepared.repair && reportPlan(prepared.repair);
    return { kind: prepared.refused ? 'refused' : 'dry_run', prepared, plan, repair };
  }
  return storeBackfill(ports, judging, request, asker, prepared);
}

function refuseNotDue(judging: Judging, request: LaunchRequest): Refusal | undefined {
  const cell = judgementOf(judging, request.table);
  const due = request.when.dates.filter((date) => reasonAt(cell, indexOf(judging, date)) !== 'not_due');
  if (due.length > 0) return undefined;
  return refuse(`${request.table}, ${request.when.said}: not due yet; the games of these dates are not finished.`);
}

async function storeBackfill(
  ports: Ports,
  judging: Judging,
  request: LaunchRequest,
  asker: Asker,
  prepared: Prepared,
): Promise<Launched | Refusal> {
  const id = asker.backfill ?? ports.ids.next();
  const now = ports.clock.now();
  const empty = prepared.plan.cells.length === 0;
  const backfill: Backfill = {
    id,
    pipeline: ports.catalogue.pipeline,
    target: request.table,
    from: request.when.from,
    to: request.when.to,
    options: request.options,
    state: empty ? 'finishing' : 'running',
    result: null,
    requestedBy: asker.user,
    channel: asker.channel,
    createdAt: now,
    startedAt: now,
    finishedAt: null,
    preflight: prepared.preflight,
    quality: null,
    qualityBefore: empty ? null : await answerQuality(ports, request.table, request.when.dates),
  };
  const requestKey = hash([ports.catalogue.pipeline, request.table, request.when.dates, request.options]);
  const reads = prepared.plan.cells.map((cell) =>
    readsOf(judging, cell).map(({ table, from, to }) => ({ table, from, to })),
  );
  const inserted = await ports.store.transaction(async (query) => {
    const result = await insertBackfill(query, { backfill, requestKey, plan: prepared.plan, reads });
    if (result.kind === 'created') {
      const detail = {
        target: request.table,
        when: request.when.said,
        options: request.options,
        cells: prepared.plan.cells.length,
      };
      await recordAudit(query, { at: now, actor: asker.user, action: 'launch', subject: id, detail });
    }
    return result;
  });
  if (inserted.kind === 'same') return { kind: 'same', id: inserted.id };
  if (inserted.kind === 'overlap') return refuseOverlap(request, inserted.cells);
  if (empty)
    await ports.tasks.enqueue([{ name: `finish-${id}`, task: { v: 1, kind: 'finish-backfill', backfill: id } }]);
  else await ringCells(ports);
  return { kind: 'launched', id, prepared };
}

function hash(parts: unknown): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex');
}

type Owned = { readonly table: string; readonly date: string; readonly backfill: string; readonly requestedBy: string };

function refuseOverlap(request: LaunchRequest, cells: readonly Owned[]): Refusal {
  const first = cells[0];
  const dates = cells.slice(0, 5).map((cell) => `${cell.table} ${cell.date}`);
  const more = cells.length > 5 ? ` and ${cells.length - 5} more` : '';
  const refusal = refuse(
    `${request.table}, ${request.when.said}: backfill ${first?.backfill} is working on ${dates.join(', ')}${more}. Nothing was started.`,
    `/backfill status ${first?.backfill}`,
  );
  return first ? { ...refusal, owner: first.requestedBy } : refusal;
}
