/** Messages that nobody has seen: who waits for an alert cannot tell a quiet night from a broken road to Slack. */
import type { Unposted } from '../messages/unposted-words.ts';
import type { Query } from './store.ts';

/** A message may wait so long before it counts; what was given up counts at once. */
const patience = 5 * 60_000;
/** What was given up is told for a day: nobody can mend it afterwards. */
const told = 24 * 3_600_000;

/** What could not be posted, the oldest first. */
export async function listUnposted(query: Query, now: number): Promise<Unposted[]> {
  return query<Unposted>(
    `select channel, count(*)::int4 as messages, detail, min(coalesce(unsent_since, changed_at))::float8 as since
     from messages
     where (state = 'failed' and coalesce(unsent_since, changed_at) > $2::int8)
        or (state <> 'failed' and sent_revision < revision and coalesce(unsent_since, changed_at) <= $1::int8)
     group by channel, detail order by since, channel limit 20`,
    [now - patience, now - told],
  );
}
