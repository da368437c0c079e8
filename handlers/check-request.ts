/**
 * Two checks that Bolt leaves out: it refuses a signed request from the past but not one dated in the future (which could
 * be kept and replayed), and it serves whatever workspace has the app.
 */
import type { IncomingMessage, RequestListener } from 'node:http';
import type { App } from '@slack/bolt';
import type { Ports } from '../src/ports.ts';

const toleranceMs = 5 * 60_000;

/** Answers 401 to requests whose time stamp is not within five minutes of `now`, and passes the others on. */
export function refuseWrongTime(listener: RequestListener, now: () => number): RequestListener {
  return (request, response) => {
    if (isTimely(request, now())) return listener(request, response);
    request.resume();
    response.writeHead(401).end();
  };
}

/** Requests without a stamp (health checks, task routes) are none of Slack's; Bolt refuses those that claim to be. */
function isTimely(request: IncomingMessage, now: number): boolean {
  const stamp = request.headers['x-slack-request-timestamp'];
  if (stamp === undefined) return true;
  const at = Number(stamp) * 1000;
  return Number.isFinite(at) && Math.abs(now - at) <= toleranceMs;
}

/** Acknowledges and drops what comes from another workspace, as in a channel that is shared with one. */
export function refuseOtherTeams(app: App, ports: Pick<Ports, 'log'>, team: string): void {
  app.use(async (args) => {
    const from = args.context.teamId;
    if (from === undefined || from === team) return args.next();
    ports.log.warn({ team: from }, 'request of another workspace refused');
    if ('ack' in args && typeof args.ack === 'function') await args.ack();
  });
}
