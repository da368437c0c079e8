/**
 * The few places in which the SQL of warehouses differs. Everything else is written once, in the words that DuckDB and
 * GoogleSQL share. Names come from the catalogue and are quoted; values are parameters.
 */
import type { SqlValue } from './sql.ts';

export type Dialect = {
  /** Puts a column or alias in quotes. */
  quote(name: string): string;
  /** The quoted name of `[project.][dataset.]table`. */
  tableName(name: string): string;
  /** How a parameter is written in a statement. */
  param(name: string): string;
  /** A DATE from a parameter that holds one; the parameters of dates are named `d...`, all others `p...`. */
  dateParam(param: string): string;
  /** Whether a column of any type holds a value, given as what stands for it. */
  equals(column: string, value: string | number | boolean, bind: (value: SqlValue) => string): string;
  /** A column as a DATE. It stays the bare column where the warehouse finds partitions by it. */
  asDate(column: string): string;
  /** The latest instant of a column in a group, in whole epoch milliseconds. */
  lastInstant(column: string): string;
  /** One value made of several columns, equal only if all of them are. */
  tuple(columns: readonly string[]): string;
  /** A value of any type, arrays included, in a form whose distinct values can be counted. */
  comparable(column: string): string;
  /** Whether a column of any type holds the number 0; text and truth values never do. */
  isZero(column: string): string;
  /** A SELECT of two DATE columns `d` and `s` from two parameters that hold as many dates, joined by commas. */
  datePairs(dates: string, starts: string): string;
  /** The alias that `fingerprint` wants for its table; no column may have this name. */
  readonly rowAlias: string;
  /** An aggregate that is the same for the same rows in any order, as text. */
  fingerprint(): string;
  /** What follows FROM to read `column_name` and `data_type` of a table's columns; no rows if it is absent. */
  columnsOf(name: string, bind: (value: SqlValue) => string): string;
  /** What follows FROM to read `table_schema`, `table_name`, `column_name`, `data_type`, `ordinal_position` of them all. */
  everyColumn(): string;
  /** Names of types that will do as a date and as an instant, by their beginning. */
  readonly dates: RegExp;
  readonly instants: RegExp;
};

/** DuckDB. It has no projects: the first of three parts of a name is dropped. */
export const duckdbDialect: Dialect = {
  quote: quoteDouble,
  tableName: (name) => {
    const { schema, table } = duckdbName(name);
    return `${quoteDouble(schema)}.${quoteDouble(table)}`;
  },
  param: (name) => `$${name}`,
  dateParam: (param) => `CAST(${param} AS DATE)`,
  equals: (column, value, bind) => `${column} = ${bind(value)}`,
  // In somebody's file it may be a TIMESTAMP or text; on a DATE the cast costs nothing.
  asDate: (column) => `CAST(${column} AS DATE)`,
  // The session is in UTC, so a TIMESTAMP is read as UTC and text may carry an offset.
  lastInstant: (column) => `epoch_ms(MAX(CAST(${column} AS TIMESTAMPTZ)))`,
  tuple: (columns) => `row(${columns.join(', ')})`,
  comparable: (column) => column,
  // The cast is tried of every type, since a statement is bound before any value is seen.
  isZero: (column) => `CASE WHEN ${isNumber(column)} THEN TRY_CAST(${column} AS DOUBLE) = 0 ELSE FALSE END`,
  datePairs: (dates, starts) => `SELECT ${unnestDates(dates)} AS d, ${unnestDates(starts)} AS s`,
  rowAlias: 'the row',
  fingerprint: () => `CAST(COUNT(*) AS STRING) || ':' || CAST(SUM(hash("the row")) AS STRING)`,
  columnsOf: (name, bind) => {
    const { schema, table } = duckdbName(name.toLowerCase());
    return `information_schema.columns WHERE table_catalog = current_database()
  AND lower(table_schema) = ${bind(schema)} AND lower(table_name) = ${bind(table)}`;
  },
  everyColumn: () => 'information_schema.columns WHERE table_catalog = current_database()',
  // Text is read as the date or instant that it holds.
  dates: /^(DATE|TIMESTAMP|VARCHAR)/i,
  instants: /^(DATE|TIMESTAMP|VARCHAR)/i,
};

/**
 * GoogleSQL, as BigQuery speaks it.
 * @param place the project of tables that name none, and the location whose metadata is read
 */
export function googleSql(place: { readonly project: string; readonly location: string }): Dialect {
  const full = (name: string) => (name.split('.').length > 2 ? name : `${place.project}.${name}`);
  return {
    quote: quoteBackticks,
    tableName: (name) => quoteBackticks(full(name)),
    param: (name) => `@${name}`,
    // Typed as a DATE where it is bound: only a bare column beside it finds its partitions.
    dateParam: (param) => param,
    // Nothing is compared across types here.
    equals: (column, value, bind) => `CAST(${column} AS STRING) = ${bind(String(value))}`,
    asDate: (column) => column,
    lastInstant: (column) => `UNIX_MILLIS(MAX(CAST(${column} AS TIMESTAMP)))`,
    tuple: (columns) => `TO_JSON_STRING(STRUCT(${columns.join(', ')}))`,
    comparable: (column) => `TO_JSON_STRING(${column})`,
    isZero: (column) => `TO_JSON_STRING(${column}) IN ('0', '-0', '0.0', '-0.0')`,
    datePairs: (dates, starts) =>
      `SELECT CAST(d AS DATE) AS d, CAST(s AS DATE) AS s FROM UNNEST(SPLIT(${dates}, ',')) AS d WITH OFFSET AS i
JOIN UNNEST(SPLIT(${starts}, ',')) AS s WITH OFFSET AS j ON i = j`,
    rowAlias: 'the row',
    // As NUMERIC, since a sum of INT64 stops at its end.
    fingerprint: () =>
      "CAST(COUNT(*) AS STRING) || ':' || CAST(SUM(CAST(FARM_FINGERPRINT(TO_JSON_STRING(`the row`)) AS NUMERIC)) AS STRING)",
    columnsOf: (name, bind) => {
      const whole = full(name);
      // A project may have dots in it, and neither a dataset nor a table can.
      const cut = whole.lastIndexOf('.');
      const [dataset, table] = [whole.slice(0, cut), whole.slice(cut + 1)];
      return `${quoteBackticks(dataset)}.INFORMATION_SCHEMA.COLUMNS WHERE table_name = ${bind(table)}`;
    },
    everyColumn: () => `${quoteBackticks(`region-${place.location.toLowerCase()}`)}.INFORMATION_SCHEMA.COLUMNS`,
    dates: /^DATE$/,
    instants: /^(TIMESTAMP|DATETIME|DATE|STRING)$/,
  };
}

function quoteBackticks(name: string): string {
  return `\`${name.replace(/[\\`]/g, (sign) => `\\${sign}`)}\``;
}

/** The schema and table of `[project.][dataset.]table` in DuckDB. */
function duckdbName(name: string): { schema: string; table: string } {
  const parts = name.split('.');
  return { schema: parts.at(-2) ?? 'main', table: parts.at(-1) ?? name };
}

const numbers = 'TINYINT SMALLINT INTEGER BIGINT HUGEINT UTINYINT USMALLINT UINTEGER UBIGINT UHUGEINT FLOAT DOUBLE';

function isNumber(column: string): string {
  const types = numbers.split(' ').map((type) => `'${type}'`);
  return `(typeof(${column}) IN (${types.join(', ')}) OR typeof(${column}) LIKE 'DECIMAL%')`;
}

function unnestDates(param: string): string {
  return `unnest(CAST(string_split(${param}, ',') AS DATE[]))`;
}

function quoteDouble(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}
