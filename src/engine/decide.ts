/**
 * What a second person says to a backfill that waits for it. A yes is for the plan that was shown: everything is judged
 * and planned anew, and where another plan comes of it the yes does not count, and that one is shown instead.
 */
import { refuseDeed } from '../access/permit.ts';
import { judgeAccess } from '../core/access/access.ts';
import { refuseDenied } from '../core/access/say-denied.ts';
import type { Approval, Decision } from '../core/backfill/approval.ts';
import type { Backfill } from '../core/backfill/backfill.ts';
import type { Person } from '../core/origin.ts';
import type { DecideVerb } from '../core/request/request-kinds.ts';
import { isRefusal, type Refusal, refuse } from '../fault.ts';
import type { Ports } from '../ports.ts';
import { type Asking, findApproval, findAsking, showAnew } from '../store/approvals.ts';
import { findBackfill } from '../store/backfills.ts';
import { launchNow } from './launch.ts';
import { readLaunch } from './start-waiting.ts';

export type DecideRequest = { readonly verb: DecideVerb; readonly id: string; readonly reason: string | null };

/** Who answers; `channel` is null at a terminal. `revision`: of the plan whose button was pressed. */
export type Answerer = Person & { readonly channel: string | null; readonly revision?: number };

export type Decided =
  /** It runs. */
  | { readonly kind: 'approved'; readonly id: string; readonly by: string }
  /** It is to be ended with this decision. */
  | { readonly kind: 'deny'; readonly asking: Asking; readonly decision: Decision & { readonly kind: 'denied' } }
  /** The yes was for another plan than would run now; this one is shown, and waits for its own. */
  | { readonly kind: 'changed'; readonly id: string }
  /** Somebody was faster, or it was canceled: nothing was changed. */
  | { readonly kind: 'settled'; readonly backfill: Backfill; readonly approval: Approval | undefined };

/** Answers for a second person, or says why not; a Refusal leaves the backfill waiting as it did. May be repeated. */
export async function decideBackfill(ports: Ports, request: DecideRequest, by: Answerer): Promise<Decided | Refusal> {
  const { query } = ports.store;
  const backfill = await findBackfill(query, request.id);
  if (backfill?.pipeline !== ports.catalogue.pipeline)
    return refuse(`There is no backfill ${request.id}.`, '/backfill list');
  const [asking, approval] = [await findAsking(query, backfill.id), await findApproval(query, backfill.id)];
  if (!asking || !approval) return settle(backfill, approval);
  const refusal = await refuseAnswer(ports, request, by, asking, approval);
  if (refusal) return refusal;
  const decision = { by: by.user, reason: request.reason, at: ports.clock.now() };
  if (request.verb === 'deny') return { kind: 'deny', asking, decision: { kind: 'denied', ...decision } };
  return approve(ports, asking, approval, { kind: 'approved', ...decision }, by);
}

function settle(backfill: Backfill, approval: Approval | undefined): Decided | Refusal {
  const { id, state } = backfill;
  if (approval === undefined)
    return refuse(
      `Backfill ${id} does not wait for an approval: it is ${state.replace('_', ' ')}.`,
      `/backfill status ${id}`,
    );
  return { kind: 'settled', backfill, approval };
}

async function refuseAnswer(
  ports: Ports,
  { verb, id }: DecideRequest,
  { user, channel, revision }: Answerer,
  { requestedBy }: Asking,
  approval: Approval,
): Promise<Refusal | null> {
  if (revision !== undefined && revision !== approval.revision)
    return refuse(
      `This button belongs to an earlier plan of backfill ${id}. Its message shows the plan as it is now, with buttons of its own. Nothing was changed.`,
      `/backfill status ${id}`,
    );
  const deed = { action: verb, tables: approval.plan.steps.map(({ table }) => table), requestedBy };
  if (channel !== null) return refuseDeed(ports, deed, { user, channel });
  if (verb === 'approve' && ports.isShared === true)
    return refuse(
      `A terminal cannot tell people apart, so nobody can approve there. Nothing was changed. Approve it in the chat: /backfill approve ${id}`,
    );
  const own = judgeAccess(undefined, deed, { user, channel: '' }, new Map());
  return own && refuseDenied(own);
}

async function approve(
  ports: Ports,
  asking: Asking,
  { fingerprint }: Approval,
  decision: Decision,
  { origin }: Answerer,
): Promise<Decided | Refusal> {
  const { id, requestedBy: user, channel } = asking;
  const launch = readLaunch(ports, asking.asked);
  if (isRefusal(launch)) return keepWaiting(launch, id);
  const how = { kind: 'approved' as const, fingerprint, decision, ...(origin ? { origin } : {}) };
  const started = await launchNow(ports, launch, { user, channel, backfill: id }, how);
  if (isRefusal(started)) return keepWaiting(started, id);
  switch (started.kind) {
    case 'launched':
      return { kind: 'approved', id, by: decision.by };
    case 'changed':
      return { kind: 'changed', id };
    case 'overlap': {
      const owner = started.overlap.owners[0]?.backfill ?? 'another one';
      const why = `backfill ${owner} is working on some of its dates`;
      return keepWaiting(refuse(`${why}. Approve it again when that is over`, `/backfill follow ${owner}`), id);
    }
    case 'refused': {
      const { length } = started.prepared.preflight.blocked;
      const why = `${length} of its dates ${length === 1 ? 'is' : 'are'} blocked by now`;
      return keepWaiting(refuse(why, `${asking.asked} --dry-run`), id);
    }
    default: {
      const now = await findBackfill(ports.store.query, id);
      return now
        ? settle(now, await findApproval(ports.store.query, id))
        : refuse(`There is no backfill ${id}.`, '/backfill list');
    }
  }
}

function keepWaiting(refusal: Refusal, id: string): Refusal {
  return { ...refusal, message: `Backfill ${id} was not started, and waits as before: ${lower(refusal.message)}` };
}

function lower(text: string): string {
  return /^[A-Z][a-z]/.test(text) ? `${text.charAt(0).toLowerCase()}${text.slice(1)}` : text;
}

/** Gives a backfill that goes on waiting new buttons, where one of those that it has was pressed: a button counts once. */
export async function renewAnswers(ports: Ports, id: string, pressed: number): Promise<void> {
  await ports.store.transaction(async (query) => {
    const [backfill, approval] = [await findBackfill(query, id), await findApproval(query, id)];
    if (!backfill || approval?.revision !== pressed) return;
    const { fingerprint, expiresAt, plan, why, may } = approval;
    const question = { fingerprint, expiresAt, shown: { plan, why, may }, now: ports.clock.now() };
    await showAnew(query, backfill, fingerprint, question, null);
  });
}
