/** The inbox: what people asked, stored before it is acknowledged, so that nothing after the acknowledgement is needed. */
import { toJson } from './json.ts';
import type { Query } from './store.ts';

export type StoredRequest = {
  readonly id: string;
  readonly kind: string;
  readonly payload: unknown;
  /** Epoch milliseconds; `doneAt` is null while somebody has to work on it. */
  readonly receivedAt: number;
  readonly doneAt: number | null;
};

/** Stores a request once: `seen` when one of the same key is there already. */
export async function receiveRequest(
  query: Query,
  request: { id: string; key: string; kind: string; payload: unknown; now: number },
): Promise<'new' | 'seen'> {
  const rows = await query(
    `insert into requests (id, key, kind, payload, received_at) values ($1, $2, $3, $4::jsonb, $5::int8)
     on conflict do nothing returning id`,
    [request.id, request.key, request.kind, toJson(request.payload), request.now],
  );
  return rows.length === 1 ? 'new' : 'seen';
}

const columns = `id, kind, payload, received_at::float8 as "receivedAt", done_at::float8 as "doneAt"`;

/** The request of an id. */
export async function findRequest(query: Query, id: string): Promise<StoredRequest | undefined> {
  const [row] = await query<StoredRequest>(`select ${columns} from requests where id = $1`, [id]);
  return row;
}

/** Marks a request as answered. May be repeated. */
export async function finishRequest(query: Query, id: string, now: number): Promise<void> {
  await query(`update requests set done_at = $2::int8 where id = $1 and done_at is null`, [id, now]);
}

/** Requests that nobody has answered and that came before an instant; offers wait for a click and are none of them. */
export async function listOpenRequests(query: Query, before: number): Promise<StoredRequest[]> {
  return query<StoredRequest>(
    `select ${columns} from requests where done_at is null and kind <> 'offer' and received_at <= $1::int8 order by received_at limit 500`,
    [before],
  );
}
