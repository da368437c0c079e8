/** The second person's answer, acted upon: a yes starts the backfill, a no or no answer in time ends it. */
import { engine } from '../src/core/backfill/steering.ts';
import { type Answerer, type DecideRequest, decideBackfill } from '../src/engine/decide.ts';
import { isRefusal, type Refusal } from '../src/fault.ts';
import type { DecidedView } from '../src/messages/decided-message.ts';
import type { Ports } from '../src/ports.ts';
import { endUnapproved, findApproval, listUnanswered } from '../src/store/approvals.ts';
import { findBackfill } from '../src/store/backfills.ts';
import { endUnstarted } from './end-unstarted.ts';
import { putProgress } from './show-progress.ts';

/** Answers for a second person. A Refusal: it waits as before. May be repeated: the second time changes nothing. */
export async function answerForSecond(
  ports: Ports,
  request: DecideRequest,
  by: Answerer,
): Promise<DecidedView | Refusal> {
  const decided = await decideBackfill(ports, request, by);
  if (isRefusal(decided)) return decided;
  if (decided.kind === 'deny') return deny(ports, decided, by);
  if (decided.kind !== 'settled') await putProgress(ports, decided.id);
  return decided;
}

async function deny(
  ports: Ports,
  { asking, decision }: Extract<Awaited<ReturnType<typeof decideBackfill>>, { kind: 'deny' }>,
  { origin }: Answerer,
): Promise<DecidedView | Refusal> {
  const { id, requestedBy: asked } = asking;
  const { by: actor, reason } = decision;
  const ended = await endUnstarted(ports, asking, {
    write: (query, at) => endUnapproved(query, id, { ...decision, at }),
    entry: { actor, action: 'deny', detail: { asked, reason, ...origin } },
  });
  if (ended) return { kind: 'denied', id };
  const { query } = ports.store;
  const backfill = await findBackfill(query, id);
  return backfill ? { kind: 'settled', backfill, approval: await findApproval(query, id) } : { kind: 'denied', id };
}

/** Ends those that nobody answered in time. */
export async function expireUnanswered(ports: Ports): Promise<void> {
  const { pipeline } = ports.catalogue;
  for (const asking of await listUnanswered(ports.store.query, { pipeline, now: ports.clock.now() })) {
    await endUnstarted(ports, asking, {
      write: (query, at) => endUnapproved(query, asking.id, { kind: 'expired', by: engine, reason: null, at }),
      entry: { actor: engine, action: 'expire', detail: { asked: asking.requestedBy } },
    });
  }
}
