/**
 * A launch as rows: the backfill with its plan, in one transaction that also sees whether another one owns any of its
 * cells, and whether the second person's yes is still for this plan.
 */
import type { Backfill, Forecast } from '../core/backfill/backfill.ts';
import { chooseSample, closeSample } from '../core/backfill/sample.ts';
import type { Judging } from '../core/judge/judgement.ts';
import { readsOf } from '../core/plan/plan.ts';
import type { Prepared } from '../core/plan/preflight.ts';
import type { Ports } from '../ports.ts';
import { startApproved } from '../store/approvals.ts';
import { type AuditEntry, recordAudit } from '../store/audit.ts';
import { insertBackfill, type NewBackfill } from '../store/backfills.ts';
import { startQueued } from '../store/queue.ts';
import type { Query } from '../store/store.ts';
import { answerQuality } from './answer-quality.ts';
import type { How } from './ask-second.ts';
import { type Asker, type LaunchRequest, launchDetail, makeBackfill, requestKeyOf } from './new-backfill.ts';
import { ringCells, ringForEnd } from './ring.ts';
import { rollUpBackfill } from './roll-up-backfill.ts';

export type Launch = {
  readonly judging: Judging;
  readonly request: LaunchRequest;
  readonly asker: Asker;
  readonly prepared: Prepared;
  readonly forecast: Forecast;
};

export type Stored =
  | { readonly kind: 'launched'; readonly id: string; readonly prepared: Prepared }
  | { readonly kind: 'same'; readonly id: string }
  | { readonly kind: 'overlap' }
  | { readonly kind: 'gone' };

/** Stores it and rings for what may start. `gone`: it was to start now, and somebody was faster with something else. */
export async function storeBackfill(ports: Ports, launch: Launch, how: How): Promise<Stored> {
  const { request, prepared } = launch;
  const { plan } = prepared;
  const backfill = await describe(ports, launch);
  const { id } = backfill;
  const reads = plan.cells.map((cell) =>
    readsOf(launch.judging, cell).map(({ table, from, to }) => ({ table, from, to })),
  );
  const size = request.options.sample;
  const sample = size === null ? null : closeSample(plan, chooseSample(plan, size, id));
  const created = { backfill, requestKey: requestKeyOf(ports, request), plan, reads, sample };
  const inserted = await ports.store.transaction(async (query) => {
    const result = await write(query, created, how);
    if (result.kind === 'created') await recordAudit(query, entryOf(launch, backfill, how));
    return result;
  });
  if (inserted.kind !== 'created') return inserted;
  if (plan.cells.length === 0) await ringForEnd(ports, id);
  else await ringCells(ports);
  return { kind: 'launched', id, prepared };
}

async function describe(ports: Ports, { judging, request, asker, prepared, forecast }: Launch): Promise<Backfill> {
  const { plan, preflight } = prepared;
  const empty = plan.cells.length === 0;
  const scope = { target: request.table, preflight };
  return makeBackfill(ports, request, asker, {
    state: empty ? 'finishing' : 'running',
    startedAt: ports.clock.now(),
    preflight,
    qualityBefore: empty ? null : await answerQuality(ports, request.table, request.when.dates),
    coverageBefore: empty ? null : await rollUpBackfill(ports, judging, scope, plan.cells),
    forecast,
  });
}

async function write(query: Query, created: NewBackfill, how: How) {
  if (how.kind === 'new') return insertBackfill(query, created);
  return how.kind === 'queued' ? startQueued(query, created) : startApproved(query, created, how);
}

function entryOf({ request, asker, prepared }: Launch, { id: subject, createdAt: at }: Backfill, how: How): AuditEntry {
  const cells = prepared.plan.cells.length;
  if (how.kind !== 'approved') {
    const action = how.kind === 'new' ? 'launch' : 'start';
    return { at, actor: asker.user, action, subject, detail: { ...launchDetail(request, asker), cells } };
  }
  const { by, reason } = how.decision;
  const { fingerprint: plan } = how;
  const detail = { asked: asker.user, plan, cells, reason, ...how.origin };
  return { at, actor: by, action: 'approve', subject, detail };
}
