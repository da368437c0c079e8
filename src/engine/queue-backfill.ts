/** `--after <id>`: a launch that is kept until another backfill is over, and judged only then. */
import { writeRequest } from '../core/request/write-request.ts';
import { type Refusal, refuse } from '../fault.ts';
import type { Ports } from '../ports.ts';
import { recordAudit } from '../store/audit.ts';
import { findBackfill } from '../store/backfills.ts';
import { insertQueued } from '../store/queue.ts';
import { type Asker, type LaunchRequest, launchDetail, makeBackfill } from './new-backfill.ts';
import { ringQueued } from './ring.ts';

type Request = LaunchRequest & { readonly after: string };
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
  const backfill = makeBackfill(ports, request, asker, { state: 'preflight', waitsFor: after });
  const created = { backfill, requestKey, asked: writeRequest(request, '/backfill') };
  const { id, createdAt: at } = backfill;
  const inserted = await ports.store.transaction(async (query) => {
    const result = await insertQueued(query, created);
    if (result.kind === 'created') {
      const detail = { ...launchDetail(request, asker), after };
      await recordAudit(query, { at, actor: asker.user, action: 'launch', subject: id, detail });
    }
    return result;
  });
  if (inserted.kind === 'same') return inserted;
  // The other one may have ended since it was looked at.
  await ringQueued(ports, [id]);
  return { kind: 'queued', id, after };
}
