/**
 * Compares the catalogue with the columns that the warehouse has, in one statement. The same comparison says in words
 * why a query failed, since every warehouse words that differently.
 */
import type { Catalogue, Table } from '../core/catalogue/catalogue.ts';
import type { Dialect } from './dialect.ts';
import { finalOf } from './facts-query.ts';
import { countIn, textIn } from './rows.ts';
import { createBinder } from './selections.ts';
import type { Run } from './sql.ts';
import type { TableProblem } from './warehouse.ts';

type Kind = 'date' | 'instant' | 'flag' | 'any';
type Wanted = { readonly column: string; readonly kind: Kind };

/** Types that will do, by the beginning of their name, and what to call them. */
function typesOf(dialect: Dialect): Record<Exclude<Kind, 'any'>, { readonly good: RegExp; readonly words: string }> {
  return {
    date: { good: dialect.dates, words: 'a DATE' },
    instant: { good: dialect.instants, words: 'a TIMESTAMP' },
    flag: { good: /^BOOL/i, words: 'a BOOL' },
  };
}

/** What is wrong with the tables; an empty list if nothing is. One statement, none for no tables. */
export async function checkTables(
  run: Run,
  dialect: Dialect,
  tables: readonly Table[],
  schedule: Catalogue['schedule'],
): Promise<TableProblem[]> {
  if (tables.length === 0) return [];
  const binder = createBinder(dialect);
  const selects = tables.map(
    ({ table }, i) =>
      `SELECT ${i} AS t, lower(column_name) AS name, data_type AS type FROM ${dialect.columnsOf(table, binder.bind)}`,
  );
  const { sql, params } = binder.statement(selects.join('\nUNION ALL\n'));
  const columns = tables.map(() => new Map<string, string>());
  for (const row of await run(sql, params)) columns[countIn(row, 't')]?.set(textIn(row, 'name'), textIn(row, 'type'));
  return tables.flatMap((table, i) =>
    compareColumns(typesOf(dialect), table, wantedColumns(table, tables, schedule), columns[i] ?? new Map()).map(
      (problem) => ({
        table: table.alias,
        problem,
      }),
    ),
  );
}

/** The columns that any of our queries reads of a table; some are named by other tables. */
function wantedColumns(table: Table, tables: readonly Table[], schedule: Catalogue['schedule']): Wanted[] {
  const final = finalOf(table, schedule);
  const asReference = tables.flatMap(({ quality: { reference } }) =>
    reference?.table === table.alias ? [reference.column] : [],
  );
  const others = [
    ...table.key,
    ...table.where.map(({ column }) => column),
    ...(final ? [final.column] : []),
    ...table.quality.critical,
    ...(table.quality.entity === undefined ? [] : [table.quality.entity]),
    ...asReference,
  ];
  const flags = [...table.quality.flags, ...(table.quality.ready === undefined ? [] : [table.quality.ready])];
  return [
    { column: table.dateColumn, kind: 'date' },
    ...(table.writtenAt === undefined ? [] : [{ column: table.writtenAt, kind: 'instant' as const }]),
    ...[...new Set(flags)].map((column) => ({ column, kind: 'flag' as const })),
    ...[...new Set(others)].map((column) => ({ column, kind: 'any' as const })),
  ];
}

function compareColumns(
  types: ReturnType<typeof typesOf>,
  table: Table,
  wanted: readonly Wanted[],
  columns: ReadonlyMap<string, string>,
): string[] {
  if (columns.size === 0) return [`table ${table.table} does not exist`];
  const problems = wanted.flatMap(({ column, kind }) => {
    const type = columns.get(column.toLowerCase());
    if (type === undefined) return [`table ${table.table} has no column ${column}`];
    if (kind === 'any' || types[kind].good.test(type)) return [];
    return [`column ${column} of ${table.table} is ${type}, not ${types[kind].words}`];
  });
  return [...new Set(problems)];
}
