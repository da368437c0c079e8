/**
 * Stores for tests, with their tables made. PGlite in memory starts from a copy of a fresh database that is kept among
 * the machine's temporary files, since making one takes seconds. Postgres is used where one answers: each caller gets a
 * schema of its own, so that test files may run side by side.
 */
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { PGlite } from '@electric-sql/pglite';
import pg from 'pg';
import { migrate } from '../../src/store/migrate.ts';
import { pgliteParsers, pgliteStore } from '../../src/store/pglite.ts';
import { openPostgres } from '../../src/store/postgres.ts';
import type { Store } from '../../src/store/store.ts';

/** Where the tests look for a Postgres. */
export const postgresUrl = process.env.BACKCOURT_TEST_POSTGRES ?? 'postgres://postgres@127.0.0.1:5432/test';

/** An empty store in memory, migrated unless told otherwise. */
export async function memoryStore(options: { migrated?: boolean } = {}): Promise<Store> {
  const store = pgliteStore(await memoryDatabase());
  if (options.migrated !== false) await migrate(store);
  return store;
}

/** A fresh database in memory, without tables. */
export async function memoryDatabase(): Promise<PGlite> {
  return PGlite.create({ loadDataDir: new Blob([await freshDatabase()]), parsers: pgliteParsers });
}

/** An empty store on Postgres in a new schema that is dropped when it is closed. */
export async function postgresStore(options: { migrated?: boolean; poolSize?: number } = {}): Promise<Store> {
  const schema = await ownSchema();
  const store = await openPostgres(schema.url, { poolSize: options.poolSize ?? 10 });
  if (options.migrated !== false) await migrate(store);
  return {
    ...store,
    close: async () => {
      await store.close();
      await schema.drop();
    },
  };
}

/** A new schema on Postgres, as the address of a store. */
export async function ownSchema(): Promise<{ readonly url: string; drop(): Promise<void> }> {
  const schema = `test_${process.pid}_${++schemas}`;
  await runOnce(`drop schema if exists ${schema} cascade; create schema ${schema}`);
  const url = new URL(postgresUrl);
  url.searchParams.set('options', `-c search_path=${schema}`);
  return { url: url.href, drop: () => runOnce(`drop schema ${schema} cascade`) };
}
let schemas = 0;

/** Whether a Postgres answers; prints which tests are left out if none does. */
export async function postgresAnswers(tests: string): Promise<boolean> {
  try {
    await runOnce('select 1');
    return true;
  } catch (error) {
    console.warn(`${tests}: not run on Postgres, since ${postgresUrl} does not answer (${String(error)})`);
    return false;
  }
}

async function runOnce(sql: string): Promise<void> {
  const client = new pg.Client({ connectionString: postgresUrl, connectionTimeoutMillis: 3000 });
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}

async function freshDatabase(): Promise<Uint8Array<ArrayBuffer>> {
  const manifest = join(dirname(createRequire(import.meta.url).resolve('@electric-sql/pglite')), '..', 'package.json');
  const { version } = JSON.parse(readFileSync(manifest, 'utf8')) as { version: string };
  const kept = join(tmpdir(), `backcourt-pglite-${version}.tar`);
  if (!existsSync(kept)) {
    const db = await PGlite.create();
    const dump = await db.dumpDataDir('none');
    await db.close();
    const draft = `${kept}.${process.pid}`;
    writeFileSync(draft, new Uint8Array(await dump.arrayBuffer()));
    renameSync(draft, kept);
  }
  return new Uint8Array(readFileSync(kept));
}
