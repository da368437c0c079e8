/**
 * Starts a backfill that waited for another one, once that is over. What was asked is read and judged anew: what was
 * missing then may be there by now, and what was ready may be blocked.
 */
import { dateIn } from '../core/dates.ts';
import { readBackfillRequest } from '../core/request/request.ts';
import { Fault, isRefusal, type Refusal, refuse } from '../fault.ts';
import type { Ports } from '../ports.ts';
import { findBackfill } from '../store/backfills.ts';
import { findQueued, type Queued, requeue } from '../store/queue.ts';
import { launchNow, type NotRun } from './launch.ts';
import type { LaunchRequest } from './new-backfill.ts';
import { ringQueued } from './ring.ts';

export type Waited =
  /** It is under way, or it still waits: its message says which. */
  | { readonly kind: 'shown' }
  /** Nothing to do: it waits no more, or the other one is not over. */
  | { readonly kind: 'idle' }
  /** Its pre-flight said no; it is not ended yet. */
  | ({ readonly kind: 'refused'; readonly request: LaunchRequest; readonly queued: Queued } & NotRun)
  /** It cannot be done any more. */
  | { readonly kind: 'impossible'; readonly refusal: Refusal; readonly queued: Queued };

/** Looks whether the time of a waiting backfill has come, and starts it then. May be repeated. */
export async function startWaiting(ports: Ports, id: string): Promise<Waited> {
  const queued = await findQueued(ports.store.query, id);
  if (!queued) return { kind: 'idle' };
  const first = await findBackfill(ports.store.query, queued.waitsFor);
  if (first && first.state !== 'done' && first.state !== 'canceled') return { kind: 'idle' };
  const request = readLaunch(ports, queued.asked);
  if (isRefusal(request)) return { kind: 'impossible', refusal: request, queued };
  const asker = { user: queued.requestedBy, channel: queued.channel, backfill: id };
  const started = await launchNow(ports, request, asker, { kind: 'queued' });
  if (isRefusal(started)) {
    if (started.passing) throw new Fault(started.message, 'later');
    return { kind: 'impossible', refusal: started, queued };
  }
  switch (started.kind) {
    case 'overlap': {
      const next = started.overlap.owners[0]?.backfill;
      if (next === undefined || !(await requeue(ports.store.query, id, next))) return { kind: 'idle' };
      // That one may have ended in between.
      await ringQueued(ports, [id]);
      return { kind: 'shown' };
    }
    case 'refused':
      return { ...started, request, queued };
    case 'launched':
    case 'asks':
      return { kind: 'shown' };
    default:
      return { kind: 'idle' };
  }
}

/** The words of a stored backfill, read as of today. */
export function readLaunch(ports: Ports, asked: string): LaunchRequest | Refusal {
  const { catalogue, clock } = ports;
  const request = readBackfillRequest(asked, { catalogue, today: dateIn(catalogue.timeZone, clock.now()) });
  if (isRefusal(request) || request.verb === 'launch') return request;
  return refuse(`${asked} launches nothing.`, '/backfill help');
}
