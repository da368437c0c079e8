/**
 * The ways to run DuckDB's SQL: in this process, or in the one that holds the file (duckdb-remote.ts). Two instances on
 * one file in one process are blind to each other's rows, so a file has one instance however often it is opened; and a
 * connection shares its transaction with all its users, so each unit of work gets a connection of its own.
 */
import { realpathSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import { Fault } from '../fault.ts';
import { bindValues, plainRow } from './duckdb-values.ts';
import type { Run, Sql, SqlValue } from './sql.ts';

export { connectDuckdb } from './duckdb-remote.ts';
export type { Run, Sql, SqlValue } from './sql.ts';

/** A DuckDB that this process holds. */
export type DuckdbHome = Sql & {
  /** Gives `work` a connection that nobody else uses; for transactions (BEGIN and COMMIT inside the same work). */
  withConnection<T>(work: (connection: { readonly run: Run }) => Promise<T>): Promise<T>;
};

type Shared = {
  readonly instance: DuckDBInstance;
  /** Whether it is a file, attached under a name of ours. */
  readonly attached: boolean;
  readonly readOnly: boolean;
  readonly busy: Set<Promise<unknown>>;
  users: number;
  closing: Promise<void> | undefined;
};

/** The instances of this process, by the true name of their file. */
const opened = new Map<string, Promise<Shared>>();
let memories = 0;

/**
 * Opens a DuckDB file, or one in memory if there is no name. A file that is open in this process is shared, and closed
 * by its last user after the work under way. Throws a Fault (`never`) that names the file and says what to do if
 * another process holds it, or if it is no DuckDB file.
 */
export async function openDuckdb(
  file: string | undefined,
  options: { readonly readOnly?: boolean } = {},
): Promise<DuckdbHome> {
  const readOnly = options.readOnly === true;
  memories += 1;
  const name = file === undefined ? `:memory:${memories}` : trueName(file);
  const shared = await shareInstance(name, file, readOnly);
  const release = () => releaseInstance(name, shared);
  if (readOnly || !shared.readOnly) return homeOf(shared, release);
  await release();
  throw new Fault(`The warehouse file ${file} is open for reading only in this process`, 'never');
}

/** One file may have several names, and DuckDB's lock does not hold within a process. */
function trueName(file: string): string {
  const path = resolve(file);
  for (const [known, rest] of [
    [path, ''],
    [dirname(path), basename(path)],
  ] as const) {
    try {
      return join(realpathSync(known), rest);
    } catch {
      // Not there yet: try its folder.
    }
  }
  return path;
}

/** Counts a new user of the file's instance; the first one opens it, and one that is being closed is waited for. */
async function shareInstance(name: string, file: string | undefined, readOnly: boolean): Promise<Shared> {
  for (;;) {
    const shared = await (opened.get(name) ?? openInstance(name, file, readOnly));
    if (shared.closing === undefined) {
      shared.users += 1;
      return shared;
    }
    await shared.closing;
  }
}

function openInstance(name: string, file: string | undefined, readOnly: boolean): Promise<Shared> {
  const opening = createInstance(file, readOnly).catch((error: unknown) => {
    opened.delete(name);
    throw openFault(file ?? 'in memory', error);
  });
  opened.set(name, opening);
  return opening;
}

async function createInstance(file: string | undefined, readOnly: boolean): Promise<Shared> {
  const instance = await DuckDBInstance.create(':memory:', {
    default_null_order: 'nulls_first_on_asc_last_on_desc', // as BigQuery has it
    autoinstall_known_extensions: 'false', // nothing is fetched from the network behind our back
  });
  const shared = {
    instance,
    attached: file !== undefined,
    readOnly,
    busy: new Set<Promise<unknown>>(),
    users: 0,
    closing: undefined,
  };
  if (file === undefined) return shared;
  try {
    await attachFile(instance, file, readOnly);
    return shared;
  } catch (error) {
    instance.closeSync();
    throw error;
  }
}

/**
 * Opened by its own name a file is a catalog of that name, and then a file shop.duckdb with a schema shop cannot be
 * read: "shop.orders" could be either. Under a name of ours nothing is ambiguous.
 */
const attachedName = 'backcourt_file';

async function attachFile(instance: DuckDBInstance, file: string, readOnly: boolean): Promise<void> {
  const connection = await instance.connect();
  try {
    await connection.run(`ATTACH '${file.replaceAll("'", "''")}' AS ${attachedName}${readOnly ? ' (READ_ONLY)' : ''}`);
  } finally {
    connection.closeSync();
  }
}

/** Counts a user less; the last one waits for the work under way and closes the file. */
async function releaseInstance(name: string, shared: Shared): Promise<void> {
  shared.users -= 1;
  if (shared.users > 0) return;
  shared.closing = Promise.allSettled(shared.busy).then(() => {
    shared.instance.closeSync();
    opened.delete(name);
  });
  await shared.closing;
}

function homeOf(shared: Shared, release: () => Promise<void>): DuckdbHome {
  let closed: Promise<void> | undefined;
  const withConnection = async <T>(work: (connection: { readonly run: Run }) => Promise<T>): Promise<T> => {
    if (closed !== undefined) throw new Fault('The warehouse is closed', 'never');
    const task = useConnection(shared, work);
    shared.busy.add(task);
    return await task.finally(() => shared.busy.delete(task));
  };
  return {
    withConnection,
    run: (sql, params) => withConnection(({ run }) => run(sql, params)),
    close: () => {
      closed ??= release();
      return closed;
    },
  };
}

async function useConnection<T>(
  { instance, attached }: Shared,
  work: (connection: { readonly run: Run }) => Promise<T>,
): Promise<T> {
  const connection = await instance.connect();
  try {
    // Else instants are shown, and cast to dates, in the machine's zone.
    await connection.run("SET TimeZone = 'UTC'");
    if (attached) await connection.run(`USE ${attachedName}`);
    return await work({ run: (sql, params) => runOn(connection, sql, params) });
  } finally {
    connection.closeSync();
  }
}

async function runOn(
  connection: DuckDBConnection,
  sql: string,
  params: Record<string, SqlValue>,
): Promise<Record<string, unknown>[]> {
  try {
    const { values, types } = bindValues(params);
    const reader = await connection.runAndReadAll(sql, values, types);
    return reader.getRowObjects().map(plainRow);
  } catch (error) {
    throw runFault(error);
  }
}

function openFault(file: string, cause: unknown): Fault {
  const text = textOf(cause);
  if (/could not set lock|conflicting lock|used by another process/i.test(text)) {
    const holder = /PID (\d+)/.exec(text)?.[1];
    return new Fault(`The warehouse file ${file} is held by another process${holder ? ` (${holder})` : ''}`, 'never', {
      cause,
      remedy: 'Stop that process, or if it serves its warehouse set BACKCOURT_WAREHOUSE=duckdb:http://127.0.0.1:PORT.',
    });
  }
  return new Fault(`The warehouse file ${file} cannot be opened: ${firstLine(text)}`, 'never', {
    cause,
    remedy: 'Check that its folder exists, that you may read and write it, and that it is a DuckDB database.',
  });
}

/** A query whose words are wrong stays wrong; a conflict between writers or a disk that fails may pass. */
const permanent =
  /^(Catalog|Binder|Parser|Conversion|Invalid Input|Not implemented|Constraint|Out of Range|Permission) Error|bind parameter/i;

function runFault(cause: unknown): Fault {
  const text = firstLine(textOf(cause).replace(/^Failed to extract statements: /, ''));
  return new Fault(text, permanent.test(text) ? 'never' : 'later', { cause });
}

function textOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function firstLine(text: string): string {
  return text.split('\n', 1)[0] ?? text;
}
