/** The tables of the state: what they are, that they come about once, and that an earlier version goes on beside them. */
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { migrate, splitStatements } from '../../src/store/migrate.ts';
import { type Migration, migrations } from '../../src/store/migrations.ts';
import { openPostgres } from '../../src/store/postgres.ts';
import type { Store } from '../../src/store/store.ts';
import { storeContract } from '../contracts/store.ts';
import { dumpSchema } from '../support/dump-schema.ts';
import { emptyHome, type Folder, runBackcourt } from '../support/run-backcourt.ts';
import { memoryStore, ownSchema, postgresAnswers, postgresStore } from '../support/stores.ts';
import { findNarrowing } from './find-narrowing.ts';

const onPostgres = await postgresAnswers('migrations');
if (!onPostgres) console.warn('migrations: only on PGlite');
const stores: [string, (options?: { migrated?: boolean }) => Promise<Store>][] = [['PGlite', memoryStore]];
if (onPostgres) stores.push(['Postgres', postgresStore]);

/** Stands for whatever a later version adds: a column that may be null and one that has a default, in every table. */
async function widen(store: Store): Promise<void> {
  const tables = await store.query<{ name: string }>(
    `select relname::text as name from pg_class where relkind = 'r' and relnamespace = current_schema()::regnamespace`,
  );
  for (const { name } of tables) {
    await store.query(`alter table "${name}" add column later_text text`);
    await store.query(`alter table "${name}" add column later_number int4 not null default 7`);
  }
}

storeContract('PGlite with the tables of a later version', async () => {
  const store = await memoryStore();
  await widen(store);
  return store;
});

describe.each(stores)('the tables on %s', (_name, open) => {
  let store: Store;
  beforeAll(async () => {
    store = await open();
  });
  afterAll(() => store.close());

  it('are those of golden/schema.sql (-u writes it)', async () => {
    await expect(await dumpSchema(store)).toMatchFileSnapshot('golden/schema.sql');
  });

  it('of a later version that only added to them are taken as they are', async () => {
    const fresh = await open();
    await migrate(fresh, [...migrations, later({})]);
    expect(await migrate(fresh)).toEqual([]);
    await fresh.close();
  });

  it('of a later version that took something away are refused, with what to do, and left as they are', async () => {
    const fresh = await open();
    await migrate(fresh, [...migrations, later({ breaking: true })]);
    const before = await dumpSchema(fresh);
    await expect(migrate(fresh)).rejects.toMatchObject({
      name: 'Fault',
      retry: 'never',
      message: `the state was changed by a later version (step 999; this one knows ${migrations.at(-1)?.number})`,
      remedy: expect.stringContaining('Start that version again'),
    });
    expect(await dumpSchema(fresh)).toBe(before);
    await fresh.close();
  });

  it('stay as they were when a step fails', async () => {
    const fresh = await open();
    const before = await dumpSchema(fresh);
    const broken = later({ sql: 'create table half (n int4); select nothing from nowhere' });
    await expect(migrate(fresh, [...migrations, broken])).rejects.toMatchObject({ retry: 'never' });
    expect(await dumpSchema(fresh)).toBe(before);
    await fresh.close();
  });
});

function later(more: Partial<Migration>): Migration {
  return { number: 999, name: 'later', sql: 'create table later (n int4)', ...more };
}

describe('a step', () => {
  it('has a number of its own, and they follow each other', () => {
    expect(migrations.map(({ number }) => number)).toEqual(migrations.map((_, n) => n + 1));
  });

  it('only adds, so that the version before goes on beside it, or says that it is breaking', () => {
    // Those up to 11 came with the first version, so nothing ever ran beside them.
    const since = migrations.filter(({ number, breaking }) => number > 11 && breaking !== true);
    expect(
      since.flatMap(({ number, sql }) => findNarrowing(splitStatements(sql)).map((each) => [number, each])),
    ).toEqual([]);
  });

  it('narrows what there is with any of these, and not with those', () => {
    const narrow = [
      'drop table cells',
      'alter table cells drop column bell',
      'alter table cells rename column bell to ring',
      'alter table cells alter column detail set not null',
      'alter table cells add column size int4 not null',
      'alter table cells add check (bell > 0)',
      'alter table cells add constraint positive check (bell > 0)',
      'create unique index one on cells (bell)',
      'delete from cells',
      'create trigger t before insert on cells for each row execute function f()',
    ];
    const wide = [
      'create table fresh (n int4 not null check (n > 0))',
      'create unique index fresh_one on fresh (n)',
      'create index more on cells (bell)',
      'alter table cells add column size int4',
      "alter table cells add column kind text not null default 'x'",
      'alter table fresh add check (n < 9)',
      'update cells set size = 1',
      'insert into fresh values (1)',
    ];
    expect(findNarrowing(narrow)).toEqual(narrow);
    expect(findNarrowing(wide)).toEqual([]);
  });
});

describe.runIf(onPostgres)('three processes that start together on an empty database', () => {
  const homes: Folder[] = [];
  afterAll(() => {
    for (const home of homes) home.remove();
  });

  it('make the tables once, and all of them work', async () => {
    const schema = await ownSchema();
    for (let n = 0; n < 3; n++) homes.push(await emptyHome());
    for (const { path } of homes) rmSync(join(path, 'backcourt.log'));
    const env = { BACKCOURT_STORE: schema.url };
    const ran = await Promise.all(homes.map(({ path }) => runBackcourt(['status', '--home', path], { env })));
    expect(ran.map(({ code, err }) => [code, err])).toEqual([0, 0, 0].map((code) => [code, expect.any(String)]));
    const logs = homes.map(({ path }) => readFileSync(join(path, 'backcourt.log'), 'utf8'));
    expect(logs.filter((text) => text.includes('The tables of the state were brought up to date'))).toHaveLength(1);
    const store = await openPostgres(schema.url);
    const steps = await store.query<{ number: number }>('select number from migrations order by number');
    expect(steps.map(({ number }) => number)).toEqual(migrations.map(({ number }) => number));
    await store.close();
    await schema.drop();
  }, 120_000);
});
