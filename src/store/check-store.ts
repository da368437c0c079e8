/** Whether the state can be kept where it is: the server, its tables, what we may do there, and its clock. */
import { type Finding, fine, wrong } from '../finding.ts';
import { migrations } from './migrations.ts';
import type { Query } from './store.ts';

const oldestServer = 150_000;
/** Leases and holds are told by the clocks of processes; apart by more than this, one takes what another still has. */
const mostSkew = 5_000;

type Server = {
  readonly version: string;
  readonly number: number;
  readonly replica: boolean;
  readonly durability: string;
  readonly schema: string | null;
  readonly mayCreate: boolean;
  readonly migrated: boolean;
  readonly now: number;
};

/** Asks the server. `now`: milliseconds of this process's clock. Throws a Fault if it does not answer. */
export async function checkStore(query: Query, now: () => number): Promise<Finding[]> {
  const before = now();
  const [server] = await query<Server>(
    `select split_part(current_setting('server_version'), ' ', 1) as version, current_setting('server_version_num')::int4 as number,
       pg_is_in_recovery() as replica, current_setting('synchronous_commit') as durability, current_schema()::text as schema,
       coalesce(has_schema_privilege(current_schema(), 'create'), false) as "mayCreate",
       to_regclass('migrations') is not null as migrated, (extract(epoch from clock_timestamp()) * 1000)::float8 as now`,
  );
  if (server === undefined) return [wrong('store', 'answers nothing')];
  const middle = (before + now()) / 2;
  return [
    ...checkServer(server),
    server.schema === null
      ? wrong('store tables', 'there is no schema for them', 'Create it, or leave search_path out of BACKCOURT_STORE.')
      : await checkTables(query, server),
    checkClock(server.now - middle),
  ];
}

function checkServer({ version, number, replica, durability }: Server): Finding[] {
  const old = `Postgres ${version} answers, and 15 or later is needed`;
  return [
    number < oldestServer
      ? wrong('store', old, 'Upgrade the server, or give another one in BACKCOURT_STORE.')
      : replica
        ? wrong('store', 'is a replica, which takes no writes', 'Give the address of the primary in BACKCOURT_STORE.')
        : fine('store', `Postgres ${version} answers`),
    durability === 'off'
      ? wrong(
          'store durability',
          'synchronous_commit is off: a crash of the server loses what was told as done',
          'Set it on for this database: alter database ... set synchronous_commit = on',
        )
      : fine('store durability', 'what is committed outlives a crash of the server'),
  ];
}

/** Tables that are behind are no fault: the next start of the bot makes them. */
async function checkTables(query: Query, { migrated, mayCreate, schema }: Server): Promise<Finding> {
  const what = 'store tables';
  const grant = `Let it: grant create, usage on schema ${schema} to the user of BACKCOURT_STORE`;
  const done = migrated ? await query<{ number: number }>('select number::int4 as number from migrations') : [];
  const missing = migrations.filter(({ number }) => !done.some((each) => each.number === number)).length;
  const newest = migrations.at(-1)?.number ?? 0;
  const later = done.filter(({ number }) => number > newest).length;
  if (missing > 0 && !mayCreate) return wrong(what, `${missing} steps are to run, and we may not make tables`, grant);
  if (missing > 0) return fine(what, `${missing} of ${migrations.length} steps are to run, which the next start does`);
  const denied = await query<{ name: string }>(
    `select relname::text as name from pg_class where relkind = 'r' and relnamespace = current_schema()::regnamespace
     and not has_table_privilege(oid, 'select, insert') order by 1`,
  );
  if (denied.length > 0)
    return wrong(
      what,
      `we may not write to ${denied.map(({ name }) => name).join(', ')}`,
      'Make its user their owner.',
    );
  return fine(what, `all ${migrations.length} steps have run${later > 0 ? `, and ${later} of a later version` : ''}`);
}

function checkClock(skew: number): Finding {
  const seconds = Math.abs(Math.round(skew / 100) / 10);
  return Math.abs(skew) > mostSkew
    ? wrong('store clock', `is ${seconds} s ${skew > 0 ? 'ahead of' : 'behind'} ours`, 'Have both set by NTP.')
    : fine('store clock', `agrees with ours within ${Math.max(1, Math.ceil(seconds))} s`);
}
