/** Brings the tables up to date. Several processes may start together: one migrates, the others wait for it. */
import { type Migration, migrations } from './migrations.ts';
import type { Store } from './store.ts';

/** Runs the steps that have not run yet, each once, in one transaction. Returns their numbers. */
export async function migrate(store: Store, steps: readonly Migration[] = migrations): Promise<number[]> {
  return store.transaction(async (query) => {
    await query(`select pg_advisory_xact_lock(7310031)`);
    await query(`create table if not exists migrations (number int4 primary key, name text not null)`);
    const rows = await query<{ number: number }>(`select number::int4 as number from migrations`);
    const done = new Set(rows.map((row) => row.number));
    const ran: number[] = [];
    for (const step of steps.filter(({ number }) => !done.has(number))) {
      for (const statement of splitStatements(step.sql)) await query(statement);
      await query(`insert into migrations (number, name) values ($1, $2)`, [step.number, step.name]);
      ran.push(step.number);
    }
    return ran;
  });
}

/** A prepared statement holds one command. Ours have a semicolon inside only between the $$ of a function's body. */
function splitStatements(sql: string): string[] {
  return (sql.replaceAll(/--[^\n]*/g, '').match(/(?:\$\$.*?\$\$|[^;])+/gs) ?? [])
    .map((statement) => statement.trim())
    .filter((statement) => statement !== '');
}
