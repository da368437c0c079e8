/** The review of a form: the same judging and planning as a launch, shown where the form stands, and nothing is run. */
import type { ModalView } from '@slack/web-api';
import { refuseRequest } from '../src/access/permit.ts';
import { type Asked, readAsked } from '../src/core/asked.ts';
import { dateIn } from '../src/core/dates.ts';
import { personOf } from '../src/core/origin.ts';
import { readBackfillRequest } from '../src/core/request/request.ts';
import { writeRequest } from '../src/core/request/write-request.ts';
import { launchBackfill } from '../src/engine/launch.ts';
import type { LaunchRequest } from '../src/engine/new-backfill.ts';
import { Fault, isRefusal } from '../src/fault.ts';
import { faultMessage, refusalMessage } from '../src/messages/plain-messages.ts';
import { preflightMessage } from '../src/messages/preflight-message.ts';
import { cannotView, reviewView } from '../src/messages/review-view.ts';
import type { Ports } from '../src/ports.ts';
import { findRequest } from '../src/store/requests.ts';
import { sayOverlap } from './say-not-run.ts';

/** So long Slack may take to show the view that our acknowledgement asked for, and somebody may wait for its content. */
const patience = 60_000;

/** Fills the waiting review. If it was closed, nobody needs it any more. */
export async function reviewForm(ports: Ports, task: { readonly request: string }): Promise<void> {
  const found = await findRequest(ports.store.query, task.request);
  const asked = found?.kind === 'offer' ? readAsked(found.payload) : undefined;
  if (!asked || !ports.views) return;
  const view = await reviewOrSay(ports, asked, task.request);
  const shown = await ports.views.update(view, { externalId: task.request });
  if (shown.kind === 'ok') return;
  ports.log.info({ result: shown, request: task.request }, 'review was not shown');
  if (shown.kind !== 'refused' && isRecent(ports, asked)) throw new Fault('the review is not open yet', 'later');
}

function isRecent({ clock }: Ports, { at }: Asked): boolean {
  return clock.now() - at < patience;
}

async function reviewOrSay(ports: Ports, asked: Asked, id: string): Promise<ModalView> {
  try {
    return await review(ports, asked, id);
  } catch (error) {
    if (error instanceof Fault && error.retry === 'later' && isRecent(ports, asked)) throw error;
    const errorId = ports.ids.next();
    ports.log.error({ err: error, id: errorId, request: id }, 'review could not be made');
    return cannotView(faultMessage(errorId), id);
  }
}

async function review(ports: Ports, asked: Asked, id: string): Promise<ModalView> {
  const { catalogue } = ports;
  const request = readBackfillRequest(asked.text, { catalogue, today: dateIn(catalogue.timeZone, asked.at) });
  const denied = isRefusal(request) ? request : await refuseRequest(ports, request, asked);
  if (denied) return cannotView(refusalMessage(denied), id);
  if (isRefusal(request) || request.verb !== 'launch')
    throw new Fault('a form holds a launch and nothing else', 'never');
  return reviewLaunch(ports, request, asked, id);
}

async function reviewLaunch(ports: Ports, request: LaunchRequest, asked: Asked, id: string): Promise<ModalView> {
  const { catalogue } = ports;
  const dry: LaunchRequest = { ...request, options: { ...request.options, dryRun: true } };
  const launched = await launchBackfill(ports, dry, { ...personOf(asked), channel: asked.channel, backfill: id });
  if (isRefusal(launched)) return cannotView(refusalMessage(launched), id);
  const words = writeRequest(request, '/backfill');
  switch (launched.kind) {
    case 'overlap':
      return cannotView(await sayOverlap(ports, request, asked, id, launched.overlap), id);
    case 'refused': {
      const { prepared, plan, repair } = launched;
      const { preflight } = prepared;
      const said = preflightMessage({ catalogue, preflight, asked: words, readyEstimate: plan.estimate, repair });
      return cannotView(said, id);
    }
    case 'dry_run': {
      const { prepared, plan } = launched;
      const { preflight } = prepared;
      const { cells } = prepared.plan;
      return reviewView({ plan, preflight, cells, dates: request.when.dates, asked: words, catalogue }, id);
    }
    default:
      throw new Fault('a dry run launched something', 'never');
  }
}
