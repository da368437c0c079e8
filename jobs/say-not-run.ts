/** Why nothing runs, and the roads on, each behind a button and as a command to type. */
import type { Asked } from '../src/core/asked.ts';
import { type Overlap, type Roads, roadsOf } from '../src/core/plan/overlap.ts';
import { writeRequest } from '../src/core/request/write-request.ts';
import type { NotRun } from '../src/engine/launch.ts';
import type { LaunchRequest } from '../src/engine/new-backfill.ts';
import type { Message } from '../src/messages/message.ts';
import { overlapMessage, type RoadOffers } from '../src/messages/overlap-message.ts';
import { typeDates } from '../src/messages/phrases.ts';
import { preflightMessage } from '../src/messages/preflight-message.ts';
import type { Ports } from '../src/ports.ts';
import { offer } from './answer-request.ts';
import { findLinks } from './find-links.ts';

/**
 * Dates are blocked: by what, and what would mend it.
 * @param id the first part of the offers' ids
 * @param mention whom to call, where nobody waits for the answer
 */
export async function sayRefused(
  ports: Ports,
  request: LaunchRequest,
  asked: Asked,
  id: string,
  launched: NotRun,
  mention?: string,
): Promise<Message> {
  const { preflight } = launched.prepared;
  const { repair } = launched;
  const words = `${request.table} ${typeDates(request.when.dates)}${request.options.rest ? ' --rest' : ''}`;
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
    readyEstimate: launched.plan.estimate,
    repair,
    offers,
    ...(mention === undefined ? {} : { mention }),
  });
}

/** Another backfill owns dates of it: whose that is, how far, and the roads on. */
export async function sayOverlap(
  ports: Ports,
  request: LaunchRequest,
  asked: Asked,
  id: string,
  overlap: Overlap,
): Promise<Message> {
  const roads = roadsOf(request, overlap);
  const links = await findLinks(
    ports,
    overlap.owners.map(({ backfill, by, channel, ts }) => ({ backfill, by, channel, ts })),
  );
  const offers = await offerRoads(ports, asked, id, roads);
  return overlapMessage({ overlap, roads, asked: writeRequest(request, '/backfill'), links, offers });
}

async function offerRoads(ports: Ports, asked: Asked, id: string, roads: Roads): Promise<RoadOffers> {
  const offers: { -readonly [road in keyof RoadOffers]: string } = {};
  for (const road of ['rest', 'after', 'follow'] as const) {
    const typed = roads[road];
    if (typed !== null) offers[road] = await offer(ports, id, road, asked, typed.replace(/^\/backfill /, ''));
  }
  return offers;
}
