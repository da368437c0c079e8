/**
 * Starts a backfill that waited for another one. Nobody waits for the answer any more, so where it cannot run its thread
 * says why and calls whoever asked.
 */
import type { Asked } from '../src/core/asked.ts';
import { engine } from '../src/core/backfill/steering.ts';
import type { Preflight } from '../src/core/plan/plan-report.ts';
import { ringQueued } from '../src/engine/ring.ts';
import { startWaiting } from '../src/engine/start-waiting.ts';
import { findView } from '../src/engine/view.ts';
import type { Message } from '../src/messages/message.ts';
import { refusedLaterMessage } from '../src/messages/overlap-message.ts';
import type { Ports } from '../src/ports.ts';
import { recordAudit } from '../src/store/audit.ts';
import { listQueuedAfter, type Queued, refuseQueued } from '../src/store/queue.ts';
import { sayRefused } from './say-not-run.ts';
import { put, putProgress, putView, ring, rootKey } from './show-progress.ts';
import { tellFollowers } from './tell-followers.ts';

/** Does nothing while the other one is not over, or when this one waits no more. May be repeated. */
export async function startQueued(ports: Ports, task: { readonly backfill: string }): Promise<void> {
  const { backfill } = task;
  const waited = await startWaiting(ports, backfill);
  switch (waited.kind) {
    case 'idle':
      return;
    case 'shown':
      return putProgress(ports, backfill);
    case 'refused': {
      const { queued, request } = waited;
      const now = { ...request, options: { ...request.options, after: null } };
      const said = await sayRefused(ports, now, askedBy(ports, queued), backfill, waited, queued.requestedBy);
      return endRefused(ports, queued, waited.prepared.preflight, 'dates are blocked', said);
    }
    case 'impossible': {
      const { queued, refusal } = waited;
      return endRefused(ports, queued, nothing, refusal.message, refusedLaterMessage(refusal, queued.requestedBy));
    }
  }
}

const nothing: Preflight = { ready: [], blocked: [], warnings: [], skipped: [] };

/** What a click on an offer of its message would ask is asked by whoever clicks. */
function askedBy(ports: Ports, { requestedBy, channel, asked }: Queued): Asked {
  const who = { user: requestedBy, userName: requestedBy, channel: channel ?? '', thread: null };
  return { command: '/backfill', text: asked, ...who, at: ports.clock.now() };
}

/** The end and its messages in one transaction; those that waited for this one are rung for after it. */
async function endRefused(
  ports: Ports,
  { id, channel }: Queued,
  preflight: Preflight,
  why: string,
  content: Message,
): Promise<void> {
  const bells = await ports.store.transaction(async (query) => {
    const now = ports.clock.now();
    if (!(await refuseQueued(query, { id, preflight, now }))) return [];
    await recordAudit(query, { at: now, actor: engine, action: 'refused', subject: id, detail: { why } });
    const view = await findView(query, id);
    if (!view) return [];
    const told = await tellFollowers(ports, query, view);
    if (channel === null) return told;
    const shown = await putView(ports, query, view);
    const said = await put(ports, query, { key: `backfill:${id}:refused`, channel, threadOf: rootKey(id), content });
    return [...shown, ...(said ? [said] : []), ...told];
  });
  ports.log.info({ backfill: id, why }, 'backfill refused when its turn came');
  await ring(ports, bells);
  await ringQueued(ports, await listQueuedAfter(ports.store.query, id));
}
