/**
 * Starts a backfill that was asked for in Slack: judge, plan, pre-flight; then either says why nothing runs, with what
 * would mend it, or has it stored and rung for.
 */
import { findRoles, refuseRequest } from '../src/access/permit.ts';
import type { Asked } from '../src/core/asked.ts';
import { readAnswerName } from '../src/core/backfill/approval.ts';
import { dateIn } from '../src/core/dates.ts';
import { personOf } from '../src/core/origin.ts';
import { helpText } from '../src/core/request/help.ts';
import { type BackfillRequest, type RequestContext, readBackfillRequest } from '../src/core/request/request.ts';
import { writeRequest } from '../src/core/request/write-request.ts';
import { noteDeclined } from '../src/engine/audit.ts';
import { type DecideRequest, renewAnswers } from '../src/engine/decide.ts';
import { followBackfill } from '../src/engine/follow.ts';
import { writeHandover } from '../src/engine/handover.ts';
import { launchBackfill } from '../src/engine/launch.ts';
import type { LaunchRequest } from '../src/engine/new-backfill.ts';
import { steerBackfill } from '../src/engine/steer.ts';
import { findView } from '../src/engine/view.ts';
import { isRefusal, refuse } from '../src/fault.ts';
import { decidedMessage } from '../src/messages/decided-message.ts';
import { handoverMessage } from '../src/messages/handover-message.ts';
import type { Message } from '../src/messages/message.ts';
import { followedMessage, sameMessage } from '../src/messages/overlap-message.ts';
import { helpMessage, noticeMessage, refusalMessage } from '../src/messages/plain-messages.ts';
import { dryRunMessage } from '../src/messages/plan-message.ts';
import { statusMessage } from '../src/messages/status-message.ts';
import { steeredMessage } from '../src/messages/steered-message.ts';
import type { Ports } from '../src/ports.ts';
import { findBackfill, findPlace, listBackfills } from '../src/store/backfills.ts';
import { listUnposted } from '../src/store/unposted.ts';
import { type Answer, alone, answerRequest } from './answer-request.ts';
import { answerForSecond } from './decide-backfill.ts';
import { findLinks } from './find-links.ts';
import { refreshHomes } from './publish-home.ts';
import { sayOverlap, sayRefused } from './say-not-run.ts';
import { putProgress } from './show-progress.ts';

/** Whoever opened theirs last: a launch or an answer changes what waits for others too. */
const homesToRefresh = 20;

/** Reads the stored request again and acts on it. */
export async function startBackfill(ports: Ports, task: { readonly request: string }): Promise<void> {
  await answerRequest(ports, task.request, async (asked) => {
    const request = readBackfillRequest(asked.text, contextOf(ports, asked));
    if (isRefusal(request)) return alone(refusalMessage(request));
    const denied = await refuseRequest(ports, request, asked);
    if (denied) return alone(refusalMessage(denied));
    const answer = await act(ports, request, asked, task.request);
    await refreshHomes(ports, homesToRefresh);
    return answer;
  });
}

async function act(ports: Ports, request: BackfillRequest, asked: Asked, id: string): Promise<Answer | undefined> {
  switch (request.verb) {
    case 'launch':
      return launch(ports, request, asked, id);
    case 'pause':
    case 'resume':
    case 'cancel':
    case 'retry': {
      const steered = await steerBackfill(ports, request, personOf(asked));
      return alone(isRefusal(steered) ? refusalMessage(steered) : steeredMessage(steered));
    }
    case 'approve':
    case 'deny':
      return alone(await decide(ports, request, asked));
    case 'handover': {
      const handover = await writeHandover(ports, request.id);
      return isRefusal(handover) ? alone(refusalMessage(handover)) : handoverMessage(handover);
    }
    case 'follow':
      return alone(await follow(ports, request.id, asked));
    case 'status':
      return alone(await showOne(ports, request.id));
    case 'list':
      return alone(await showLatest(ports));
    case 'help':
      return alone(helpMessage(helpText('/backfill', contextOf(ports, asked), await findRoles(ports, asked))));
  }
}

async function decide(ports: Ports, request: DecideRequest, asked: Asked): Promise<Message> {
  const { channel, offer } = asked;
  const revision = offer === undefined ? undefined : readAnswerName(offer);
  const by = { ...personOf(asked), channel, ...(revision === undefined ? {} : { revision }) };
  const decided = await answerForSecond(ports, request, by);
  if (!isRefusal(decided)) return decidedMessage(decided);
  if (revision !== undefined) {
    await renewAnswers(ports, request.id, revision);
    await putProgress(ports, request.id);
  }
  return refusalMessage(decided);
}

async function launch(ports: Ports, request: LaunchRequest, asked: Asked, id: string): Promise<Answer | undefined> {
  // The same request performed again after a crash is the same backfill: only its message may be owing.
  const backfill = id.slice(0, 12);
  if (await findBackfill(ports.store.query, backfill)) return show(ports, backfill);
  const asker = { ...personOf(asked), channel: asked.channel, backfill };
  const launched = await launchBackfill(ports, request, asker);
  await noteDeclined(ports, request, asker, launched);
  if (isRefusal(launched)) return alone(refusalMessage(launched));
  switch (launched.kind) {
    case 'launched':
      return show(ports, launched.id);
    case 'same':
      return alone(await saySame(ports, launched.id));
    case 'queued':
    case 'asks':
      return show(ports, launched.id);
    case 'overlap':
      return alone(await sayOverlap(ports, request, asked, id, launched.overlap));
    case 'dry_run':
      return dryRunMessage(launched.plan, launched.prepared.preflight, {
        catalogue: ports.catalogue,
        asked: writeRequest(request, '/backfill'),
      });
    case 'refused':
      return sayRefused(ports, request, asked, id, launched);
  }
}

async function show(ports: Ports, backfill: string): Promise<undefined> {
  await putProgress(ports, backfill);
}

async function saySame(ports: Ports, id: string): Promise<Message> {
  const view = await findView(ports.store.query, id);
  if (!view)
    return noticeMessage(`The same backfill is under way already, as ${id}. Nothing was started a second time.`);
  const where = await findPlace(ports.store.query, id);
  const links = await findLinks(ports, [{ backfill: id, by: view.backfill.requestedBy, ...where }]);
  return sameMessage(view, where, links.get(id));
}

async function follow(ports: Ports, id: string, asked: Asked): Promise<Message> {
  const followed = await followBackfill(ports, id, { ...personOf(asked), channel: asked.channel });
  return isRefusal(followed) ? refusalMessage(followed) : followedMessage(followed.kind, followed.view);
}

async function showOne(ports: Ports, id: string): Promise<Message> {
  const view = await findView(ports.store.query, id);
  return view ? statusMessage([view]) : refusalMessage(refuse(`There is no backfill ${id}.`, '/backfill list'));
}

async function showLatest(ports: Ports): Promise<Message> {
  const { query } = ports.store;
  const backfills = await listBackfills(query, { pipeline: ports.catalogue.pipeline, limit: 10 });
  const views = await Promise.all(backfills.map(({ id }) => findView(query, id)));
  const unposted = await listUnposted(query, ports.clock.now());
  return statusMessage(
    views.filter((view) => view !== undefined),
    unposted,
  );
}

function contextOf(ports: Ports, asked: Asked): RequestContext {
  return { catalogue: ports.catalogue, today: dateIn(ports.catalogue.timeZone, asked.at) };
}
