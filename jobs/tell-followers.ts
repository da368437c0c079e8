/** Tells those who follow a backfill that it is over: once, in its thread, or where they asked if it has none. */
import type { BackfillView } from '../src/core/backfill/backfill.ts';
import { overMessage } from '../src/messages/overlap-message.ts';
import type { Ports } from '../src/ports.ts';
import { type Follower, takeFollowers } from '../src/store/followers.ts';
import type { Query } from '../src/store/store.ts';
import { type Bell, put, rootKey } from './show-progress.ts';

/** Puts what they are told, in the transaction that ends the backfill. Returns what is to be rung for. */
export async function tellFollowers(ports: Ports, query: Query, view: BackfillView): Promise<Bell[]> {
  const { id, round, channel } = view.backfill;
  const followers = await takeFollowers(query, id);
  const bells: (Bell | undefined)[] = [];
  for (const [place, people] of groupByPlace(followers, channel)) {
    const key = `backfill:${id}:over:${round}:${place}`;
    const content = overMessage(view, people);
    bells.push(
      await put(ports, query, { key, channel: place, threadOf: channel === null ? null : rootKey(id), content }),
    );
  }
  return bells.filter((bell) => bell !== undefined);
}

function groupByPlace(followers: readonly Follower[], thread: string | null): Map<string, string[]> {
  const places = new Map<string, string[]>();
  for (const { person, channel } of followers) {
    const place = thread ?? channel;
    places.set(place, [...(places.get(place) ?? []), person]);
  }
  return places;
}
