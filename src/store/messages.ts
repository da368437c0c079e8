/**
 * The outbox: one row per message with what it should say now. The newest content wins, so a message that changes a
 * hundred times while Slack is away is sent once; what was posted where is kept, so that it is edited and not repeated.
 */
import type { Message } from '../messages/message.ts';
import { toJson } from './json.ts';
import type { Query } from './store.ts';

export type OutboundMessage = {
  readonly key: string;
  readonly channel: string;
  /** Key of the message in whose thread this one stands, and its ts once it is posted. Null when that one never will be. */
  readonly threadOf: string | null;
  readonly threadTs: string | null;
  readonly content: Message;
  readonly revision: number;
  readonly sentRevision: number;
  readonly postedChannel: string | null;
  readonly ts: string | null;
  readonly state: 'pending' | 'sent' | 'failed';
  /** An answer was lost: it may be posted already. */
  readonly ambiguous: boolean;
  readonly attempts: number;
  /** Epoch milliseconds. */
  readonly notBefore: number | null;
};

type Put = {
  readonly key: string;
  readonly channel: string;
  readonly threadOf: string | null;
  /** A thread that people began; for an answer where it was asked. */
  readonly thread?: string | null;
  readonly content: Message;
  readonly now: number;
};

/** Stores what a message should say. `changed` is false when it says so already. */
export async function putMessage(query: Query, put: Put): Promise<{ changed: boolean; revision: number }> {
  const rows = await query<{ revision: number }>(
    `insert into messages as m (key, channel, thread_of, thread_ts, content, revision, changed_at)
     values ($1, $2, $3, $4, $5::jsonb, 1, $6::int8)
     on conflict (key) do update set content = excluded.content, revision = m.revision + 1, changed_at = excluded.changed_at,
       state = case when m.state = 'failed' then m.state else 'pending' end
     where m.content <> excluded.content
     returning revision::int4 as revision`,
    [put.key, put.channel, put.threadOf, put.thread ?? null, toJson(put.content), put.now],
  );
  return { changed: rows.length === 1, revision: rows[0]?.revision ?? 0 };
}

/** Who brings a message to Slack, and until when nobody else does (epoch milliseconds). */
export type Sender = { readonly key: string; readonly token: string; readonly now: number; readonly until: number };

/**
 * Makes somebody the only sender of a message, so that two processes that are rung for it do not both post it.
 * @returns the message; undefined where it shows its newest content, may not be sent now, or another one sends it
 */
export async function claimMessage(query: Query, sender: Sender): Promise<OutboundMessage | undefined> {
  const claimed = await query(
    `update messages set sender = $2, sender_until = $4::int8
     where key = $1 and (sender is null or sender_until <= $3::int8) and sent_revision < revision and state <> 'failed' returning key`,
    [sender.key, sender.token, sender.now, sender.until],
  );
  return claimed.length === 1 ? loadMessage(query, sender.key) : undefined;
}

/** Takes the turn anew. Returns false where another one sends the message by now. */
export async function renewTurn(query: Query, sender: Sender): Promise<boolean> {
  const rows = await query(`update messages set sender_until = $3::int8 where key = $1 and sender = $2 returning key`, [
    sender.key,
    sender.token,
    sender.until,
  ]);
  return rows.length === 1;
}

/** Lets others send a message that is not to be sent yet. */
export async function releaseMessage(query: Query, { key, token }: Pick<Sender, 'key' | 'token'>): Promise<void> {
  await query(`update messages set sender = null, sender_until = null where key = $1 and sender = $2`, [key, token]);
}

/** Ends the turns of senders that are gone. @param senders an SQL `like` pattern of their tokens */
export async function releaseMessages(query: Query, senders: string): Promise<void> {
  await query(`update messages set sender = null, sender_until = null where sender like $1`, [senders]);
}

/** A message and where its thread is. Throws if there is none of this key. */
export async function loadMessage(query: Query, key: string): Promise<OutboundMessage> {
  const [row] = await query<OutboundMessage>(
    `select m.key, m.channel, case when p.state = 'failed' then null else m.thread_of end as "threadOf", coalesce(m.thread_ts, p.ts) as "threadTs", m.content,
       m.revision::int4 as revision, m.sent_revision::int4 as "sentRevision", m.posted_channel as "postedChannel", m.ts, m.state,
       m.ambiguous, m.attempts::int4 as attempts, m.not_before::float8 as "notBefore"
     from messages m left join messages p on p.key = m.thread_of where m.key = $1`,
    [key],
  );
  if (!row) throw new Error(`there is no message ${key}`);
  return row;
}

/**
 * Notes that a revision is shown, and ends the sender's turn. Never goes back behind a later one.
 * @returns whether the message has changed meanwhile, so that it is to be sent again
 */
export async function recordSent(
  query: Query,
  sent: { key: string; token: string; revision: number; channel: string; ts: string },
): Promise<boolean> {
  const rows = await query<{ changed: boolean }>(
    `update messages set sent_revision = greatest(sent_revision, $2::int4), posted_channel = $3, ts = $4, ambiguous = false, sender = null,
       sender_until = null, attempts = 0, not_before = null, unsent_since = null, detail = null, state = case when $2::int4 >= revision then 'sent' else state end
     where key = $1 and sender = $5 returning $2::int4 < revision as changed`,
    [sent.key, sent.revision, sent.channel, sent.ts, sent.token],
  );
  return rows[0]?.changed ?? false;
}

/**
 * Notes before a first post that it may be there afterwards, so that whoever finds it unsent after a crash looks for it
 * before posting again; and takes the note back when it surely is not there.
 * @returns false where another one sends it by now
 */
export async function notePosting(query: Query, sender: Sender, ambiguous: boolean): Promise<boolean> {
  const rows = await query(
    `update messages set ambiguous = $3, sender_until = $4::int8 where key = $1 and sender = $2 returning key`,
    [sender.key, sender.token, ambiguous, sender.until],
  );
  return rows.length === 1;
}

/** Notes that sending did not work, and whether and when to try again; ends the sender's turn. */
export async function recordUnsent(
  query: Query,
  unsent: { key: string; token: string; notBefore: number; detail: string; final: boolean; ambiguous: boolean },
): Promise<void> {
  await query(
    `update messages set attempts = attempts + 1, not_before = $2::int8, unsent_since = coalesce(unsent_since, changed_at), detail = $3, ambiguous = ambiguous or $4,
       sender = null, sender_until = null, state = case when $5 then 'failed' else 'pending' end
     where key = $1 and sender = $6`,
    [unsent.key, unsent.notBefore, unsent.detail, unsent.ambiguous, unsent.final, unsent.token],
  );
}

/** The posted message is gone: it is to be posted anew. Ends the sender's turn. */
export async function loseMessage(query: Query, { key, token }: Pick<Sender, 'key' | 'token'>): Promise<void> {
  await query(
    `update messages set ts = null, posted_channel = null, sent_revision = 0, state = 'pending', sender = null, sender_until = null
     where key = $1 and sender = $2`,
    [key, token],
  );
}

/** Messages that say less than they should and may be tried. */
export async function listUnsent(query: Query, now: number): Promise<{ key: string; revision: number }[]> {
  return query(
    `select key, revision::int4 as revision from messages
     where sent_revision < revision and state <> 'failed' and (not_before is null or not_before <= $1::int8)
       and (sender_until is null or sender_until <= $1::int8)
     order by changed_at limit 500`,
    [now],
  );
}

/** Whether there is a message of this key. */
export async function isStored(query: Query, key: string): Promise<boolean> {
  return (await query(`select 1 from messages where key = $1`, [key])).length === 1;
}

/** The backfill whose own message stands there: whoever writes in its thread means it. */
export async function findBackfillAt(
  query: Query,
  at: { readonly channel: string; readonly ts: string },
): Promise<string | undefined> {
  const [row] = await query<{ id: string }>(
    `select b.id from messages m join backfills b on m.key = 'backfill:' || b.id || ':root'
     where m.ts = $2 and coalesce(m.posted_channel, m.channel) = $1`,
    [at.channel, at.ts],
  );
  return row?.id;
}
