/** People who want to be told when a backfill is over that another person launched. */
import type { Query } from './store.ts';

export type Follower = { readonly person: string; readonly channel: string };

/** Adds somebody, once. False where that one follows already. */
export async function addFollower(
  query: Query,
  follower: Follower & { readonly backfill: string; readonly now: number },
): Promise<boolean> {
  const { backfill, person, channel, now } = follower;
  const rows = await query(
    `insert into followers (backfill_id, person, channel, followed_at) values ($1, $2, $3, $4::int8)
     on conflict do nothing returning person`,
    [backfill, person, channel, now],
  );
  return rows.length === 1;
}

/** Takes those who follow a backfill, in the transaction that tells them: each is told once. */
export async function takeFollowers(query: Query, backfill: string): Promise<Follower[]> {
  return query<Follower>(
    `with told as (delete from followers where backfill_id = $1 returning person, channel, followed_at)
     select person, channel from told order by followed_at, person`,
    [backfill],
  );
}
