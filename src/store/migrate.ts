/**
 * Brings the tables up to date. Several processes may start together: one migrates, the others wait for it. While a new
 * version comes, the one before goes on beside it, and it may have to come back: so steps only add, and one that does
 * not says so (`breaking`), and keeps out every program that does not know it.
 */
import { Fault } from '../fault.ts';
import { type Migration, migrations } from './migrations.ts';
import type { Query, Store } from './store.ts';

type Done = { readonly number: number; readonly breaking: boolean };

/**
 * Runs the steps that have not run yet, each once, in one transaction. Returns their numbers. Throws a Fault `never` if
 * a later version changed the tables so that this one does not understand them.
 */
export async function migrate(store: Store, steps: readonly Migration[] = migrations): Promise<number[]> {
  return store.transaction(async (query) => {
    // Another process may be at it for longer than a statement may take otherwise.
    await query(`set local statement_timeout = '10min'`);
    await query(`set local lock_timeout = '10min'`);
    await query(`select pg_advisory_xact_lock(7310031)`);
    // From here on nobody is waited for, since everybody waits behind whoever waits for a table.
    await query(`set local lock_timeout = '10s'`);
    const done = await prepare(query);
    refuseNewer(done, steps);
    const missing = steps.filter(({ number }) => !done.some((each) => each.number === number));
    for (const step of missing) {
      for (const statement of splitStatements(step.sql)) await query(statement);
      const row = [step.number, step.name, step.breaking === true];
      await query(`insert into migrations (number, name, breaking) values ($1, $2, $3)`, row);
    }
    return missing.map(({ number }) => number);
  });
}

/** What has run, once the table that tells it is there. */
async function prepare(query: Query): Promise<Done[]> {
  await query(`create table if not exists migrations (number int4 primary key, name text not null)`);
  const columns = await query(
    `select from pg_attribute where attrelid = 'migrations'::regclass and attname = 'breaking' and not attisdropped`,
  );
  if (columns.length === 0) await query(`alter table migrations add column breaking boolean not null default false`);
  return query<Done>(`select number::int4 as number, breaking from migrations`);
}

function refuseNewer(done: readonly Done[], steps: readonly Migration[]): void {
  const newest = Math.max(0, ...steps.map(({ number }) => number));
  const strange = done.find(({ number, breaking }) => breaking && number > newest);
  if (strange === undefined) return;
  throw new Fault(
    `the state was changed by a later version (step ${strange.number}; this one knows ${newest})`,
    'never',
    { remedy: 'Start that version again, or restore the backup that was made before it came.' },
  );
}

/** A prepared statement holds one command. Ours have a semicolon inside only between the $$ of a function's body. */
export function splitStatements(sql: string): string[] {
  return (sql.replaceAll(/--[^\n]*/g, '').match(/(?:\$\$.*?\$\$|[^;])+/gs) ?? [])
    .map((statement) => statement.trim())
    .filter((statement) => statement !== '');
}
