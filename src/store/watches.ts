/**
 * Which tables a channel watches, how they stood at its last digest, and the digests themselves: one per channel and day,
 * whoever makes it.
 */
import type { Digest } from '../core/watch/digest.ts';
import { toJson } from './json.ts';
import type { Query } from './store.ts';

export type Watch = {
  readonly table: string;
  readonly watchedBy: string;
  /** Epoch milliseconds. */
  readonly watchedAt: number;
  /** As `writeKept` writes it; null until the table was read. */
  readonly kept: string | null;
};

type Place = { readonly pipeline: string; readonly channel: string };
/** A table and how it stands, or null where that is not known yet. */
export type KeptText = { readonly table: string; readonly kept: string | null };

/** Begins to watch; what is watched already stays as it is. Returns the tables that were not. */
export async function insertWatches(
  query: Query,
  watch: Place & { by: string; now: number; tables: readonly KeptText[] },
): Promise<string[]> {
  const rows = await query<{ table: string }>(
    `insert into watches (pipeline, channel, table_name, watched_by, watched_at, kept)
     select $1, $2, t, $3, $4::int8, k from jsonb_to_recordset($5::jsonb) as x(t text, k text)
     on conflict do nothing returning table_name as "table"`,
    [
      watch.pipeline,
      watch.channel,
      watch.by,
      watch.now,
      toJson(watch.tables.map(({ table, kept }) => ({ t: table, k: kept }))),
    ],
  );
  return rows.map(({ table }) => table);
}

/** Ends watching. Returns the tables that were watched. */
export async function deleteWatches(query: Query, watch: Place & { tables: readonly string[] }): Promise<string[]> {
  const rows = await query<{ table: string }>(
    `delete from watches where pipeline = $1 and channel = $2 and table_name in (select jsonb_array_elements_text($3::jsonb))
     returning table_name as "table"`,
    [watch.pipeline, watch.channel, toJson(watch.tables)],
  );
  return rows.map(({ table }) => table);
}

/** Channels that watch anything. */
export async function listWatchingChannels(query: Query, pipeline: string): Promise<string[]> {
  const rows = await query<{ channel: string }>(
    `select distinct channel from watches where pipeline = $1 order by channel`,
    [pipeline],
  );
  return rows.map(({ channel }) => channel);
}

/** What a channel watches. */
export async function listWatches(query: Query, { pipeline, channel }: Place): Promise<Watch[]> {
  return query<Watch>(
    `select table_name as "table", watched_by as "watchedBy", watched_at::float8 as "watchedAt", kept
     from watches where pipeline = $1 and channel = $2 order by watched_at, table_name`,
    [pipeline, channel],
  );
}

/** Channels that watched something when the digest of `day` was due (`at`, epoch ms) and have none of that day or later. */
export async function listDueChannels(
  query: Query,
  due: { pipeline: string; day: string; at: number },
): Promise<string[]> {
  const rows = await query<{ channel: string }>(
    `select distinct w.channel from watches w where w.pipeline = $1 and w.watched_at <= $3::int8
       and not exists (select 1 from digests d where d.pipeline = w.pipeline and d.channel = w.channel and d.day >= $2::date)
     order by w.channel`,
    [due.pipeline, due.day, due.at],
  );
  return rows.map(({ channel }) => channel);
}

/** Records that the digest of a day is made; `digest` is null where there was nothing to say. False: it was made before. */
export async function insertDigest(
  query: Query,
  made: Place & { day: string; now: number; digest: Digest | null },
): Promise<boolean> {
  const rows = await query(
    `insert into digests (pipeline, channel, day, made_at, digest) values ($1, $2, $3::date, $4::int8, $5::jsonb)
     on conflict do nothing returning day`,
    [made.pipeline, made.channel, made.day, made.now, made.digest === null ? null : toJson(made.digest)],
  );
  return rows.length === 1;
}

/**
 * Keeps how tables stand, where `was` is what is kept of them; those that are not watched any more are left out. False:
 * something else was kept meanwhile, and the caller's transaction is to be given up.
 */
export async function keepStates(
  query: Query,
  states: Place & { tables: readonly (KeptText & { readonly was: string | null })[] },
): Promise<boolean> {
  const rows = toJson(states.tables.map(({ table, was, kept }) => ({ t: table, w: was, k: kept })));
  const place = [states.pipeline, states.channel, rows];
  const some = `jsonb_to_recordset($3::jsonb) as x(t text, w text, k text) where w.pipeline = $1 and w.channel = $2 and w.table_name = x.t`;
  await query(`update watches w set kept = x.k from ${some} and w.kept is not distinct from x.w`, place);
  const other = await query(`select 1 from watches w, ${some} and w.kept is distinct from x.k`, place);
  return other.length === 0;
}

/** The digest of a day, held until the caller's transaction ends; undefined where none was posted. */
export async function lockDigest(query: Query, of: Place & { day: string }): Promise<Digest | undefined> {
  const [row] = await query<{ digest: Digest | null }>(
    `select digest from digests where pipeline = $1 and channel = $2 and day = $3::date for update`,
    [of.pipeline, of.channel, of.day],
  );
  return row?.digest ?? undefined;
}

/** Replaces what a digest says. */
export async function updateDigest(query: Query, of: Place & { digest: Digest }): Promise<void> {
  await query(`update digests set digest = $4::jsonb where pipeline = $1 and channel = $2 and day = $3::date`, [
    of.pipeline,
    of.channel,
    of.digest.day,
    toJson(of.digest),
  ]);
}

/** The day of a channel's last digest, said or not; undefined before the first. */
export async function findLastDigest(query: Query, { pipeline, channel }: Place): Promise<string | undefined> {
  const [row] = await query<{ day: string | null }>(
    `select max(day)::text as day from digests where pipeline = $1 and channel = $2`,
    [pipeline, channel],
  );
  return row?.day ?? undefined;
}
