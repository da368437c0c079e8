/** Where the backfills that hold cells are talked about, so that an answer can lead there. */
import type { HeldBy } from '../src/core/verdict.ts';
import type { Links } from '../src/messages/running-words.ts';
import type { Ports } from '../src/ports.ts';

/** Each one asks Slack once. */
const mostLinks = 5;

/** The addresses of the root messages that are posted, by backfill. What Slack does not tell is left out. */
export async function findLinks(ports: Ports, held: readonly (HeldBy | undefined)[]): Promise<Links> {
  const posted = new Map<string, { channel: string; ts: string }>();
  for (const holder of held) {
    if (!holder || holder.channel === null || holder.ts === null || posted.size >= mostLinks) continue;
    posted.set(holder.backfill, { channel: holder.channel, ts: holder.ts });
  }
  const links = await Promise.all(
    [...posted].map(async ([backfill, at]) => [backfill, await ports.chat.link(at)] as const),
  );
  return new Map(links.flatMap(([backfill, link]) => (link === undefined ? [] : [[backfill, link] as const])));
}
