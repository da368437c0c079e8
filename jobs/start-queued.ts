/**
 * Starts a backfill that waited for another one. Nobody waits for the answer any more, so where it cannot run its thread
 * says why and calls whoever asked.
 */
import type { Asked } from '../src/core/asked.ts';
import { engine } from '../src/core/backfill/steering.ts';
import type { Preflight } from '../src/core/plan/plan-report.ts';
import { startWaiting } from '../src/engine/start-waiting.ts';
import type { Message } from '../src/messages/message.ts';
import { refusedLaterMessage } from '../src/messages/overlap-message.ts';
import type { Ports } from '../src/ports.ts';
import { type Queued, refuseQueued } from '../src/store/queue.ts';
import { endUnstarted } from './end-unstarted.ts';
import { sayRefused } from './say-not-run.ts';
import { putProgress } from './show-progress.ts';

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

/** Its thread says why. */
async function endRefused(
  ports: Ports,
  { id, channel }: Queued,
  preflight: Preflight,
  why: string,
  say: Message,
): Promise<void> {
  await endUnstarted(
    ports,
    { id, channel },
    {
      write: (query, now) => refuseQueued(query, { id, preflight, now }),
      entry: { actor: engine, action: 'refused', detail: { why } },
      say,
    },
  );
}
