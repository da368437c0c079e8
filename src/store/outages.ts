/**
 * What is known of services that fail or ask for patience, so that all processes leave them alone together: failures in a
 * row, how many calls they stand at a time, and the times in which calls were held.
 */
import { failingCells, goOnHolding, holdAfter, type Outage } from '../core/backfill/circuit.ts';
import type { Limits } from '../core/backfill/share.ts';
import { engine } from '../core/backfill/steering.ts';
import { recordAudit } from './audit.ts';
import { toJson } from './json.ts';
import type { Query } from './store.ts';

/** A service of a pipeline with the tables that it fills. `max`: calls at a time. */
export type ServiceName = {
  readonly pipeline: string;
  readonly service: string;
  readonly tables: readonly string[];
  readonly max: number;
};
export type Failure = {
  /** The cell, as one text. */
  readonly cell: string;
  readonly detail: string;
  readonly startedAt: number;
  readonly now: number;
};

const columns = `o.service, o.failures::int4 as failures, o.detail, o.opened_at::float8 as "openedAt", o.held_until::float8 as "heldUntil",
  o.trials::int4 as trials, o.closed_at::float8 as "closedAt"`;

/**
 * Notes a failure that says nothing of the cell. The caller has locked the claims of the pipeline.
 * @returns the outage, if calls are held
 */
export async function noteDown(query: Query, name: ServiceName, failure: Failure): Promise<Outage | null> {
  const streak = await lengthen(query, name, failure.cell);
  const [known] = await query<Outage>(
    `select ${columns} from outages o where o.pipeline = $1 and o.service = $2 and o.closed_at is null`,
    [name.pipeline, name.service],
  );
  if (known) return update(query, name, goOnHolding(known, failure));
  return streak.cells < failingCells ? null : open(query, name, { ...failure, failures: streak.failures });
}

async function lengthen(query: Query, name: ServiceName, cell: string): Promise<{ cells: number; failures: number }> {
  const [row] = await query<{ cells: number; failures: number }>(
    `insert into service_states as s (pipeline, service, streak, failures) values ($1, $2, jsonb_build_array($3::text), 1)
     on conflict (pipeline, service) do update set failures = s.failures + 1,
       streak = case when s.streak @> excluded.streak or jsonb_array_length(s.streak) >= $4::int4 then s.streak else s.streak || excluded.streak end
     returning jsonb_array_length(streak)::int4 as cells, failures::int4 as failures`,
    [name.pipeline, name.service, cell, failingCells],
  );
  return row ?? { cells: 0, failures: 0 };
}

async function open(query: Query, name: ServiceName, failure: Failure & { failures: number }): Promise<Outage> {
  const { service } = name;
  const { failures, detail, now } = failure;
  const heldUntil = now + holdAfter(0);
  await query(
    `insert into outages (pipeline, service, tables, failures, detail, opened_at, held_until)
     values ($1, $2, $3::jsonb, $4::int4, $5, $6::int8, $7::int8)`,
    [name.pipeline, service, toJson(name.tables), failures, detail, now, heldUntil],
  );
  await recordAudit(query, { at: now, actor: engine, action: 'hold', subject: service, detail: { failures, detail } });
  return { service, failures, detail, openedAt: now, heldUntil, trials: 0, closedAt: null };
}

async function update(query: Query, name: ServiceName, outage: Outage): Promise<Outage> {
  await query(
    `update outages set failures = $3::int4, detail = $4, held_until = $5::int8, trials = $6::int4
     where pipeline = $1 and service = $2 and closed_at is null`,
    [name.pipeline, name.service, outage.failures, outage.detail, outage.heldUntil, outage.trials],
  );
  return outage;
}

/** Notes that a service answered about a cell: what is held is let go. Returns the outage that this ended, if any. */
export async function noteUp(query: Query, name: ServiceName, now: number): Promise<Outage | null> {
  const [ended] = await query<Outage>(
    `with calm as (
       update service_states set streak = '[]', failures = 0, slots = case when slots + 1 >= $4::int4 then null else slots + 1 end
       where pipeline = $1 and service = $2 and (failures > 0 or slots is not null))
     update outages o set closed_at = $3::int8 where o.pipeline = $1 and o.service = $2 and o.closed_at is null returning ${columns}`,
    [name.pipeline, name.service, now, name.max],
  );
  if (!ended) return null;
  const { service: subject, failures } = ended;
  await recordAudit(query, { at: now, actor: engine, action: 'release', subject, detail: { failures } });
  return ended;
}

/** Lets a cell try now what a backfill waits for: a person says that it is mended. */
export async function tryNow(query: Query, backfill: string, now: number): Promise<void> {
  await query(
    `update outages o set held_until = least(o.held_until, $2::int8) from backfills b
     where b.id = $1 and o.pipeline = b.pipeline and o.closed_at is null and exists (
       select from cells c where c.backfill_id = b.id and o.tables @> to_jsonb(c.table_name) and c.finished_at is null)`,
    [backfill, now],
  );
}

/** Notes that a service asked to be left alone until an instant; `narrow`: and to be asked half as much at a time. */
export async function noteBusy(
  query: Query,
  name: ServiceName,
  asked: { readonly now: number; readonly until: number; readonly narrow: boolean },
): Promise<void> {
  // Calls that are under way all hear the same: the first of them narrows, the others only repeat it.
  await query(
    `insert into service_states as s (pipeline, service, wait_until, slots)
     values ($1, $2, $4::int8, case when $5 then greatest(1, $6::int4 / 2) end)
     on conflict (pipeline, service) do update set wait_until = greatest(s.wait_until, excluded.wait_until),
       slots = case when $5 and coalesce(s.wait_until, 0) <= $3::int8 then greatest(1, coalesce(s.slots, $6::int4) / 2) else s.slots end`,
    [name.pipeline, name.service, asked.now, asked.until, asked.narrow, name.max],
  );
}

/** What holds a service: until when nothing is called, and how many calls it may have at a time (null: its usual limit). */
export type Hold = { readonly service: string; readonly until: number; readonly slots: number | null };

/** Services that are not to be called as usual. While an outage lasts, one call at a time tries. */
export async function listHolds(query: Query, pipeline: string): Promise<Hold[]> {
  return query<Hold>(
    `select s.service, greatest(coalesce(s.wait_until, 0), coalesce(o.held_until, 0))::float8 as until,
       (case when o.id is not null then 1 else s.slots end)::int4 as slots
     from service_states s left join outages o on o.pipeline = s.pipeline and o.service = s.service and o.closed_at is null
     where s.pipeline = $1 and (s.wait_until is not null or s.slots is not null or o.id is not null)`,
    [pipeline],
  );
}

/** Services of which something is to be taken back once they answer well. */
export async function listTroubled(query: Query, pipeline: string): Promise<string[]> {
  const rows = await query<{ service: string }>(
    `select service from service_states where pipeline = $1 and (failures > 0 or slots is not null)
     union select service from outages where pipeline = $1 and closed_at is null`,
    [pipeline],
  );
  return rows.map(({ service }) => service);
}

/** The limits as they are while services are held. */
export function narrowLimits(limits: Limits, holds: readonly Hold[]): Limits {
  const slots = new Map(holds.flatMap((hold) => (hold.slots === null ? [] : [[hold.service, hold.slots]])));
  if (slots.size === 0) return limits;
  return new Map(
    [...limits].map(([table, limit]) => [
      table,
      { ...limit, max: Math.min(limit.max, slots.get(limit.service) ?? limit.max) },
    ]),
  );
}

/** The outages that a backfill met, oldest first: those during which it had cells of the service that were not final. */
export async function listOutages(query: Query, backfill: string): Promise<Outage[]> {
  return query<Outage>(
    `select ${columns} from outages o join backfills b on b.pipeline = o.pipeline
     where b.id = $1 and (o.closed_at is null or o.closed_at >= b.created_at) and exists (
       select from cells c where c.backfill_id = b.id and o.tables @> to_jsonb(c.table_name)
         and (c.finished_at is null or c.finished_at >= o.opened_at))
     order by o.id`,
    [backfill],
  );
}

/** Backfills that are under way and wait for a service. */
export async function listWaitingFor(
  query: Query,
  { pipeline, tables }: Pick<ServiceName, 'pipeline' | 'tables'>,
): Promise<string[]> {
  const rows = await query<{ id: string }>(
    `select b.id from backfills b where b.pipeline = $1 and b.state in ('running','paused') and exists (
       select from cells c where c.backfill_id = b.id and $2::jsonb @> to_jsonb(c.table_name) and c.finished_at is null)
     order by b.created_at, b.id`,
    [pipeline, toJson(tables)],
  );
  return rows.map(({ id }) => id);
}
