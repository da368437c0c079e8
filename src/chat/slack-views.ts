/** Forms and Home tabs on Slack's Web API. A form that was closed meanwhile is no failure: somebody has changed their mind. */
import { type ViewsOpenResponse, WebAPIPlatformError, type WebClient } from '@slack/web-api';
import type { View } from '../messages/view.ts';
import { readFailure } from './slack-errors.ts';
import type { ViewAt, ViewResult, Views } from './views.ts';

const goneErrors = new Set([
  'not_found',
  'hash_conflict',
  'expired_trigger_id',
  'exchanged_trigger_id',
  'trigger_expired',
  'trigger_exchanged',
  'view_not_found',
]);

/** The port on a client that neither retries nor queues (`slackClient`). */
export function slackViews(client: WebClient): Views {
  return {
    open: (view, trigger) => attempt(() => client.views.open({ trigger_id: trigger, view: shape(view) })),
    update: (view, at) => attempt(() => client.views.update({ ...address(at), view: shape(view) })),
    publish: (view, user) => attempt(() => client.views.publish({ user_id: user, view: shape(view) })),
  };
}

function address(at: ViewAt) {
  if ('externalId' in at) return { external_id: at.externalId };
  return { view_id: at.id, ...(at.hash === undefined ? {} : { hash: at.hash }) };
}

function shape(view: View) {
  return { ...view, blocks: [...view.blocks] };
}

async function attempt(call: () => Promise<Pick<ViewsOpenResponse, 'view'>>): Promise<ViewResult> {
  try {
    const { view } = await call();
    return { kind: 'ok', id: view?.id ?? '', hash: view?.hash ?? '' };
  } catch (error) {
    if (error instanceof WebAPIPlatformError && goneErrors.has(error.data.error)) {
      return { kind: 'gone', detail: error.data.error };
    }
    const failure = readFailure(error, 'update');
    const detail = failure.kind === 'ok' ? '' : failure.detail;
    return { kind: failure.kind === 'later' ? 'later' : 'refused', detail };
  }
}
