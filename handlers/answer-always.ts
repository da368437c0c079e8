/**
 * Whatever is signed by Slack is answered. Bolt leaves a payload without a listener, or of a kind that it does not know,
 * until Slack's three seconds are over, and answers one that its code stumbles over with a 500: a person then reads that
 * the app is broken, where it was an old form or a button of a version that is gone.
 */
import type { App, ReceiverEvent } from '@slack/bolt';
import type { Ports } from '../src/ports.ts';

/**
 * Acknowledges, once all listeners are through, what none of them acknowledged. Before Bolt starts.
 * An event that failed is not acknowledged: Slack delivers those again, and only those.
 */
export function answerAlways(app: Pick<App, 'processEvent'>, { log }: Pick<Ports, 'log'>): void {
  const process = app.processEvent.bind(app);
  app.processEvent = async (event) => {
    let acknowledged = false;
    const ack: ReceiverEvent['ack'] = async (response) => {
      acknowledged = true;
      await event.ack(response);
    };
    try {
      await process({ ...event, ack });
    } catch (error) {
      if (event.body.type === 'event_callback') throw error;
      log.error({ err: error, payload: describePayload(event.body) }, 'payload could not be worked on');
    }
    if (acknowledged) return;
    log.warn({ payload: describePayload(event.body) }, 'payload that nothing is registered for');
    await ack();
  };
}

/** What of a payload says its kind; its words may be anybody's and stay out of the log. */
function describePayload(body: ReceiverEvent['body']): Readonly<Record<string, string>> {
  const { view } = body;
  const callback = body.callback_id ?? (typeof view === 'object' && view !== null ? view.callback_id : undefined);
  return { type: String(body.type).slice(0, 60), callback: String(callback).slice(0, 60) };
}
