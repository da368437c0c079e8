/**
 * Checks that Bolt leaves out: it refuses a signed request from the past but not one dated in the future (which could be
 * kept and replayed), it serves whatever workspace has the app, and people of another one who share a channel.
 */
import type { IncomingMessage, RequestListener } from 'node:http';
import type { App } from '@slack/bolt';
import { z } from 'zod';
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

/**
 * Acknowledges and drops what people of another workspace do in a channel that is shared with theirs: "everybody" in a
 * pipeline file means everybody here.
 */
export function refuseForeigners(app: App, ports: Pick<Ports, 'log'>): void {
  app.use(async (args) => {
    const { home, here } = readTeams(args.body);
    if (home === undefined || here === undefined || home === here) return args.next();
    ports.log.warn({ team: home }, 'request of a guest from another workspace refused');
    if ('ack' in args && typeof args.ack === 'function') await args.ack();
  });
}

/** The workspace that somebody belongs to, and the one that the request is of, where it names them. */
function readTeams(body: object): { readonly home: string | undefined; readonly here: string | undefined } {
  const read = teamsSchema.safeParse(body);
  if (!read.success) return { home: undefined, here: undefined };
  const { user, event, team, team_id: id } = read.data;
  return { home: user?.team_id ?? event?.user_team, here: team?.id ?? id };
}

const teamsSchema = z.object({
  team_id: z.string().optional(),
  team: z.object({ id: z.string() }).nullish(),
  user: z.object({ team_id: z.string().optional() }).optional(),
  event: z.object({ user_team: z.string().optional() }).optional(),
});
