/** What the warehouse says of itself: every table with its columns, from its own metadata and without reading a row. */
import type { TableDescription } from '../core/propose/guess-columns.ts';
import type { Dialect } from './dialect.ts';
import { textIn } from './rows.ts';
import type { Run } from './sql.ts';

/** Tables and views as `dataset.table`, by name, each with its columns in their own order. One statement. */
export async function describeTables(run: Run, dialect: Dialect): Promise<TableDescription[]> {
  const sql = `SELECT table_schema AS s, table_name AS t, column_name AS name, data_type AS type
FROM ${dialect.everyColumn()}
ORDER BY table_schema, table_name, ordinal_position`;
  const tables = new Map<string, { name: string; type: string }[]>();
  for (const row of await run(sql, {})) {
    const table = `${textIn(row, 's')}.${textIn(row, 't')}`;
    const columns = tables.get(table) ?? [];
    tables.set(table, columns);
    columns.push({ name: textIn(row, 'name'), type: textIn(row, 'type') });
  }
  return [...tables].map(([table, columns]) => ({ table, columns }));
}
