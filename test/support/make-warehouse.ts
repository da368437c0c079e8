/** Makes DuckDB files that hold the tables of a catalogue, with as many rows per date as a test says. */
import type { Catalogue, Table } from '../../src/core/catalogue/catalogue.ts';
import { openDuckdb, type Run } from '../../src/warehouse/duckdb-connection.ts';

/** Rows per table (alias) and date; every row has a key of its own. */
export type Counts = Readonly<Record<string, Readonly<Record<string, number>>>>;

/** Creates every table of the catalogue in a DuckDB file, and fills those that have counts. */
export async function makeWarehouse(file: string, catalogue: Catalogue, counts: Counts): Promise<void> {
  await withWarehouse(file, (run) => fillWarehouse(run, catalogue, counts));
}

/** The same in a DuckDB that is open. */
export async function fillWarehouse(run: Run, catalogue: Catalogue, counts: Counts): Promise<void> {
  for (const table of catalogue.tables.values()) {
    await createTable(run, table);
    for (const [date, rows] of Object.entries(counts[table.alias] ?? {})) await addRows(run, table, date, rows);
  }
}

/** Opens a DuckDB file for some statements, and closes it again, since one process may hold it at a time. */
export async function withWarehouse<T>(file: string, work: (run: Run) => Promise<T>): Promise<T> {
  const duckdb = await openDuckdb(file);
  try {
    return await duckdb.withConnection(({ run }) => work(run));
  } finally {
    await duckdb.close();
  }
}

/** Inserts rows of one date, written at `written` (an instant as SQL reads it) where the table tells it. */
export async function addRows(
  run: Run,
  table: Table,
  date: string,
  rows: number,
  written = '2025-01-01 00:00:00',
): Promise<void> {
  const keys = table.key.map((column, n) => `${n === 0 ? "'k' || i" : "'x'"} AS ${column}`);
  const stamp = table.writtenAt === undefined ? [] : [`TIMESTAMP '${written}' AS ${table.writtenAt}`];
  const columns = [`DATE '${date}' AS ${table.dateColumn}`, ...keys, ...stamp];
  await run(`INSERT INTO ${table.table} BY NAME SELECT ${columns.join(', ')} FROM range(${rows}) AS all_rows(i)`, {});
}

async function createTable(run: Run, table: Table): Promise<void> {
  const columns = [
    `${table.dateColumn} DATE`,
    ...table.key.map((column) => `${column} VARCHAR`),
    ...(table.writtenAt === undefined ? [] : [`${table.writtenAt} TIMESTAMP`]),
  ];
  const [schema = 'main'] = table.table.split('.');
  await run(`CREATE SCHEMA IF NOT EXISTS ${schema}`, {});
  await run(`CREATE TABLE ${table.table} (${columns.join(', ')})`, {});
}
