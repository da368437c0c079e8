/**
 * What all queries on catalogue tables have in common: parameters, the condition that selects a table's rows, and the
 * count of distinct keys.
 */
import type { Table } from '../core/catalogue/catalogue.ts';
import type { Dialect } from './dialect.ts';
import type { SqlValue, Statement } from './sql.ts';

/** Collects the parameters of one statement. */
export type Binder = {
  readonly dialect: Dialect;
  /** Adds a value and gives the text that stands for it. */
  bind(value: SqlValue): string;
  /** Adds a date and gives an expression of type DATE. */
  bindDate(date: string): string;
  /** The statement with what was bound so far. */
  statement(sql: string): Statement;
};

/** A binder without parameters yet. */
export function createBinder(dialect: Dialect): Binder {
  const params: Record<string, SqlValue> = {};
  const add = (kind: 'p' | 'd', value: SqlValue): string => {
    const name = `${kind}${Object.keys(params).length}`;
    params[name] = value;
    return dialect.param(name);
  };
  return {
    dialect,
    bind: (value) => add('p', value),
    bindDate: (date) => dialect.dateParam(add('d', date)),
    statement: (sql) => ({ sql, params }),
  };
}

/** A table in a query: where it comes from, its date, and its columns, which need its alias to be unambiguous. */
export type Source = {
  readonly from: string;
  readonly date: string;
  column(name: string): string;
};

/** A table under an alias of the query. */
export function sourceOf(dialect: Dialect, table: Table, alias: string): Source {
  const column = (name: string) => `${dialect.quote(alias)}.${dialect.quote(name)}`;
  return {
    from: `${dialect.tableName(table.table)} AS ${dialect.quote(alias)}`,
    date: dialect.asDate(column(table.dateColumn)),
    column,
  };
}

/** The rows of a table that count, on dates from `first` to `last` (DATE expressions): no query goes without a range. */
export function conditionOf(table: Table, source: Source, first: string, last: string, binder: Binder): string {
  const filters = table.where.map(({ column, values }) => isOneOf(source.column(column), values, binder));
  return [`${source.date} BETWEEN ${first} AND ${last}`, ...filters].join(' AND ');
}

/** Compares value by value, since the values of a list may be of several types. */
export function isOneOf(column: string, values: readonly (string | number | boolean)[], binder: Binder): string {
  return `(${values.map((value) => binder.dialect.equals(column, value, binder.bind)).join(' OR ')})`;
}

/**
 * Counts distinct keys, of the rows where `only` holds if it is given. A key with a NULL in it is no key: such a row is
 * counted among the rows and not here, and so is remarked.
 */
export function countKeys(dialect: Dialect, table: Table, source: Source, only?: string): string {
  const columns = table.key.map((name) => source.column(name));
  const whole = columns.length === 1 ? [] : columns.map((column) => `${column} IS NOT NULL`);
  const key = columns.length === 1 ? columns.join() : dialect.tuple(columns);
  const conditions = only === undefined ? whole : [...whole, only];
  if (conditions.length === 0) return `COUNT(DISTINCT ${key})`;
  return `COUNT(DISTINCT CASE WHEN ${conditions.join(' AND ')} THEN ${key} END)`;
}
