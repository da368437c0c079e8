/** Who has opened the Home tab, and the direct messages in which they are answered: to them it is shown anew. */
import { toJson } from './json.ts';
import type { Query } from './store.ts';

export type HomeOwner = { readonly user: string; readonly channel: string };

/** Kept among the requests, as one that nobody has to work on. The latest counts. */
export async function rememberHome(query: Query, home: HomeOwner & { readonly now: number }): Promise<void> {
  const { user, channel, now } = home;
  await query(
    `insert into requests (id, key, kind, payload, received_at, done_at) values ($1, $1, 'home', $2::jsonb, $3::int8, $3::int8)
     on conflict (id) do update set payload = excluded.payload, received_at = excluded.received_at, done_at = excluded.done_at`,
    [`home:${user}`, toJson({ user, channel }), now],
  );
}

/** The Home tab of a person; undefined where they never opened it. */
export async function findHome(query: Query, user: string): Promise<HomeOwner | undefined> {
  const [row] = await query<{ payload: HomeOwner }>(`select payload from requests where id = $1 and kind = 'home'`, [
    `home:${user}`,
  ]);
  return row?.payload;
}

/** The homes that were opened last, the latest first. */
export async function listHomes(query: Query, limit: number): Promise<HomeOwner[]> {
  const rows = await query<{ payload: HomeOwner }>(
    `select payload from requests where kind = 'home' order by received_at desc, id limit $1::int4`,
    [limit],
  );
  return rows.map(({ payload }) => payload);
}
