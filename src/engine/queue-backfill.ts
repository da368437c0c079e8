/** `--after <id>`: a launch that is kept until another backfill is over, and judged only then. */
import type { Backfill } from '../core/backfill/backfill.ts';
import type { Person } from '../core/origin.ts';
import type { BackfillRequest } from '../core/request/request.ts';
import { writeRequest } from '../core/request/write-request.ts';
import { type Refusal, refuse } from '../fault.ts';
import type { Ports } from '../ports.ts';
import { recordAudit } from '../store/audit.ts';
import { findBackfill } from '../store/backfills.ts';
import { insertQueued } from '../store/queue.ts';
import { ringQueued } from './ring.ts';

type Request = Extract<BackfillRequest, { verb: 'launch' }> & { readonly after: string };
type Asker = Person & { readonly channel: string | null; readonly backfill?: string };
type Kept = { readonly kind: 'queued'; readonly id: string; readonly after: string };

/** Keeps a launch for later; undefined where the other backfill is over already, so that it may start at once. */
export async function queueBackfill(
  ports: Ports,
  request: Request,
  asker: Asker,
  requestKey: string,
): Promise<Kept | { readonly kind: 'same'; readonly id: string } | Refusal | undefined> {
  const { after } = request;
  const first = await findBackfill(ports.store.query, after);
  if (first?.pipeline !== ports.catalogue.pipeline) return refuse(`There is no backfill ${after}.`, '/backfill list');
  if (first.state === 'done' || first.state === 'canceled') return undefined;
  const backfill = makeQueued(ports, request, asker);
  const created = { backfill, requestKey, asked: writeRequest(request, '/backfill') };
  const { id, createdAt: at } = backfill;
  const inserted = await ports.store.transaction(async (query) => {
    const result = await insertQueued(query, created);
    if (result.kind === 'created') {
      const { table: target, when, options } = request;
      const detail = { target, when: when.said, options, reason: options.reason, after, ...asker.origin };
      await recordAudit(query, { at, actor: asker.user, action: 'launch', subject: id, detail });
    }
    return result;
  });
  if (inserted.kind === 'same') return inserted;
  // The other one may have ended since it was looked at.
  await ringQueued(ports, [id]);
  return { kind: 'queued', id, after };
}

function makeQueued(ports: Ports, request: Request, asker: Asker): Backfill {
  return {
    id: asker.backfill ?? ports.ids.next(),
    pipeline: ports.catalogue.pipeline,
    target: request.table,
    from: request.when.from,
    to: request.when.to,
    options: request.options,
    state: 'preflight',
    result: null,
    round: 1,
    steered: null,
    requestedBy: asker.user,
    channel: asker.channel,
    waitsFor: request.after,
    createdAt: ports.clock.now(),
    startedAt: null,
    finishedAt: null,
    preflight: { ready: [], blocked: [], warnings: [], skipped: [] },
    quality: null,
    qualityBefore: null,
    coverageBefore: null,
    coverageAfter: null,
    unblocked: null,
    forecast: null,
  };
}
