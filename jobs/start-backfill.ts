/**
 * Starts a backfill that was asked for in Slack: judge, plan, pre-flight; then either says why nothing runs, with what
 * would mend it, or has it stored and rung for.
 */
import type { Asked } from '../src/core/asked.ts';
import { dateIn } from '../src/core/dates.ts';
import { helpText } from '../src/core/request/help.ts';
import { type BackfillRequest, readBackfillRequest } from '../src/core/request/request.ts';
import { writeRequest } from '../src/core/request/write-request.ts';
import { type LaunchRequest, launchBackfill, type NotRun } from '../src/engine/launch.ts';
import { findView } from '../src/engine/view.ts';
import { isRefusal, refuse } from '../src/fault.ts';
import type { Message } from '../src/messages/message.ts';
import { typeDates } from '../src/messages/phrases.ts';
import { helpMessage, noticeMessage, refusalMessage } from '../src/messages/plain-messages.ts';
import { dryRunMessage } from '../src/messages/plan-message.ts';
import { preflightMessage } from '../src/messages/preflight-message.ts';
import { statusMessage } from '../src/messages/status-message.ts';
import type { Ports } from '../src/ports.ts';
import { findBackfill, listBackfills } from '../src/store/backfills.ts';
import { type Answer, alone, answerRequest, offer } from './answer-request.ts';
import { putProgress } from './show-progress.ts';

/** Reads the stored request again and acts on it. */
export async function startBackfill(ports: Ports, task: { readonly request: string }): Promise<void> {
  await answerRequest(ports, task.request, async (asked) => {
    const context = { catalogue: ports.catalogue, today: dateIn(ports.catalogue.timeZone, asked.at) };
    const request = readBackfillRequest(asked.text, context);
    if (isRefusal(request)) return alone(refusalMessage(request));
    if (request.verb === 'help') return alone(helpMessage(helpText('/backfill', context)));
    return request.verb === 'launch'
      ? launch(ports, request, asked, task.request)
      : alone(await status(ports, request));
  });
}

async function launch(ports: Ports, request: LaunchRequest, asked: Asked, id: string): Promise<Answer | undefined> {
  // The same request performed again after a crash is the same backfill: only its message may be owing.
  const backfill = id.slice(0, 12);
  if (await findBackfill(ports.store.query, backfill)) return show(ports, backfill);
  const launched = await launchBackfill(ports, request, { user: asked.user, channel: asked.channel, backfill });
  if (isRefusal(launched)) return alone(refusalMessage(launched));
  switch (launched.kind) {
    case 'launched':
      return show(ports, launched.id);
    case 'same':
      return alone(
        noticeMessage(`The same backfill is under way already, as ${launched.id}. Nothing was started a second time.`),
      );
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

/** Nothing ran: why, and the two roads on, each behind a button. */
async function sayRefused(
  ports: Ports,
  request: LaunchRequest,
  asked: Asked,
  id: string,
  launched: NotRun,
): Promise<Message> {
  const { preflight } = launched.prepared;
  const { repair } = launched;
  const words = `${request.table} ${typeDates(request.when.dates)}`;
  const offers = {
    ...(preflight.ready.length > 0 ? { ready: await offer(ports, id, 'ready', asked, `${words} --ready-only`) } : {}),
    ...(repair && repair.cells > 0
      ? {
          repair: await offer(
            ports,
            id,
            'repair',
            asked,
            `${words} --with-upstream${repair.blocked.length > 0 ? ' --ready-only' : ''}`,
          ),
        }
      : {}),
  };
  return preflightMessage({
    catalogue: ports.catalogue,
    preflight,
    asked: writeRequest(request, '/backfill'),
    repair,
    offers,
  });
}

async function status(
  ports: Ports,
  request: Exclude<BackfillRequest, LaunchRequest | { verb: 'help' }>,
): Promise<Message> {
  const { query } = ports.store;
  if (request.verb === 'status') {
    const view = await findView(query, request.id);
    return view
      ? statusMessage([view])
      : refusalMessage(refuse(`There is no backfill ${request.id}.`, '/backfill list'));
  }
  const backfills = await listBackfills(query, { pipeline: ports.catalogue.pipeline, limit: 10 });
  const views = await Promise.all(backfills.map(({ id }) => findView(query, id)));
  return statusMessage(views.filter((view) => view !== undefined));
}
