/**
 * One process at a time in a home. PGlite opens a directory that another process has open, without an error, and loses
 * rows; DuckDB takes a lock of the kernel on its file, which ends with the process even if it is killed. So a small
 * DuckDB file is the lock, taken before anything else is opened.
 */
import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Fault } from './fault.ts';
import { openDuckdb } from './warehouse/duckdb-connection.ts';

export type HomeLock = {
  /** Names the home among all: whoever has the lock is the only process whose name begins with it. */
  readonly name: string;
  release(): Promise<void>;
};

/** Takes the lock. Throws a Fault `never` when another process has it. */
export async function lockHome(home: string): Promise<HomeLock> {
  mkdirSync(home, { recursive: true, mode: 0o700 });
  const lock = await openDuckdb(join(home, 'lock.duckdb')).catch((cause: unknown) => {
    const remedy = 'Stop the other process, or give another home with --home DIR.';
    throw new Fault(`the home ${home} is in use by another process`, 'never', { cause, remedy });
  });
  return { name: nameOf(home), release: () => lock.close() };
}

/** Kept in the home; with the number of the file, so that a copy of a home has another name. */
function nameOf(home: string): string {
  const file = join(home, 'name');
  // One that is empty was written to a full disk.
  if (!existsSync(file) || statSync(file).size === 0) writeFileSync(file, randomBytes(8).toString('hex'));
  return `${readFileSync(file, 'utf8')}-${statSync(file).ino}`;
}
