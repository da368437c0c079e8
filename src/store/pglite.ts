/**
 * The state store embedded in this process. PGlite is a Postgres in WebAssembly with one session, on this thread, so
 * statements wait for each other and must stay small. It does not lock its directory: whoever opens it holds the home.
 */
import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import type { PGlite } from '@electric-sql/pglite';
import { Fault } from '../fault.ts';
import { type Driver, guardDriver, readInt8 } from './postgres-guard.ts';
import type { Store } from './store.ts';

const text = (value: string) => value;
/** Parsers for PGlite: int8 as number, dates and times as text. */
export const pgliteParsers = { 20: readInt8, 1082: text, 1083: text, 1114: text, 1184: text, 1266: text };

/**
 * Opens the database in a directory, or one in memory that is gone when it is closed. The directory must be held by
 * this process alone. A new one takes some seconds; throws a Fault `never` if it cannot be opened.
 */
export async function openPglite(dir: string | undefined): Promise<Store> {
  if (dir !== undefined && !existsSync(join(dir, 'PG_VERSION'))) await createDirectory(dir);
  const { PGlite } = await import('@electric-sql/pglite');
  try {
    return pgliteStore(await PGlite.create({ ...(dir === undefined ? {} : { dataDir: dir }), parsers: pgliteParsers }));
  } catch (error) {
    throw new Fault(`the state in ${dir ?? 'memory'} cannot be opened`, 'never', {
      cause: error,
      remedy: 'If another process uses it, end that one; else move the directory away to start anew.',
    });
  }
}

/** The store of an open PGlite, which must have been made with `pgliteParsers`. */
export function pgliteStore(db: PGlite): Store {
  const driver: Driver = {
    run: async (sql, params) => (await db.query<Record<string, unknown>>(sql, params)).rows,
    transaction: (work) =>
      db.transaction((tx) => work(async (sql, params) => (await tx.query<Record<string, unknown>>(sql, params)).rows)),
    close: () => db.close(),
  };
  return guardDriver(driver);
}

const program = `
  const { PGlite } = await import(process.argv[1]);
  await (await PGlite.create(process.argv[2])).close();
`;

/**
 * Makes the directory in a process of its own, since that takes 800 MB and blocks its thread for seconds; beside its
 * place, so that one that was interrupted is never taken for whole.
 */
async function createDirectory(dir: string): Promise<void> {
  const draft = `${dir}.new`;
  rmSync(draft, { recursive: true, force: true });
  mkdirSync(dirname(dir), { recursive: true, mode: 0o700 });
  try {
    const library = import.meta.resolve('@electric-sql/pglite');
    await promisify(execFile)(process.execPath, ['--input-type=module', '-e', program, library, draft]);
    renameSync(draft, dir);
  } catch (error) {
    throw new Fault(`the state in ${dir} cannot be created`, 'never', {
      cause: error,
      remedy: 'Check that the directory can be written, is empty, and has 100 MB free.',
    });
  }
}
