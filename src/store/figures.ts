/** How much is under way, waits or is stuck, as figures for whoever watches the process. */
import type { Query } from './store.ts';

export type Figures = {
  /** Cells of backfills that are not over, by state. */
  readonly cells: Readonly<Record<string, number>>;
  /** Backfills that are not over, by state. */
  readonly backfills: Readonly<Record<string, number>>;
  /** Milliseconds since the oldest bell that nobody has followed yet; 0 where there is none. */
  readonly lag: number;
  /** Attempts whose lease ran out and that nobody has taken over yet. */
  readonly expiredLeases: number;
  readonly unsent: { readonly messages: number; readonly oldestMs: number };
  /** Messages that were given up in the last day. */
  readonly givenUp: number;
  /** Services whose calls are held. */
  readonly heldServices: number;
};

const day = 24 * 3_600_000;

/** Reads all figures in one statement, over what is open only. `now`: epoch milliseconds. */
export async function readFigures(query: Query, pipeline: string, now: number): Promise<Figures> {
  const [row] = await query<Row>(
    `with open as (select id, state from backfills where pipeline = $1 and state not in ('done','canceled'))
     select
       coalesce((select jsonb_object_agg(state, n) from (select c.state, count(*)::int4 as n from cells c
         where c.backfill_id in (select id from open) group by c.state) x), '{}') as cells,
       coalesce((select jsonb_object_agg(state, n) from (select state, count(*)::int4 as n from open group by state) x), '{}') as backfills,
       (select min(rung_at)::float8 from cells where pipeline = $1 and rung and rung_at > 0) as rung,
       (select count(*)::int4 from attempts where pipeline = $1 and live and lease_until < $2::int8) as expired,
       (select count(*)::int4 from messages where sent_revision < revision and state <> 'failed') as unsent,
       (select min(coalesce(unsent_since, changed_at))::float8 from messages where sent_revision < revision and state <> 'failed') as since,
       (select count(*)::int4 from messages where state = 'failed' and changed_at > $3::int8) as failed,
       (select count(*)::int4 from outages where pipeline = $1 and closed_at is null) as held`,
    [pipeline, now, now - day],
  );
  const age = (since: number | null | undefined) => (since ? Math.max(0, now - since) : 0);
  return {
    cells: row?.cells ?? {},
    backfills: row?.backfills ?? {},
    lag: age(row?.rung),
    expiredLeases: row?.expired ?? 0,
    unsent: { messages: row?.unsent ?? 0, oldestMs: age(row?.since) },
    givenUp: row?.failed ?? 0,
    heldServices: row?.held ?? 0,
  };
}

type Row = {
  readonly cells: Record<string, number>;
  readonly backfills: Record<string, number>;
  readonly rung: number | null;
  readonly expired: number;
  readonly unsent: number;
  readonly since: number | null;
  readonly failed: number;
  readonly held: number;
};
