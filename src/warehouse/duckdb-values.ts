/**
 * Values on their way into and out of DuckDB. Only text, numbers, truth values and NULL go in, because they are the same
 * over HTTP; what comes out is what JSON could carry: dates, instants and decimals as DuckDB writes them, never a Date.
 */
import {
  BIGINT,
  BOOLEAN,
  DOUBLE,
  DuckDBArrayValue,
  DuckDBDecimalValue,
  DuckDBListValue,
  DuckDBStructValue,
  type DuckDBType,
  type DuckDBValue,
  SQLNULL,
  VARCHAR,
} from '@duckdb/node-api';
import type { SqlValue } from './sql.ts';

/** Parameters as the driver takes them. Whole numbers go as BIGINT: as DOUBLE they would not compare exactly. */
export function bindValues(params: Record<string, SqlValue>): {
  values: Record<string, DuckDBValue>;
  types: Record<string, DuckDBType>;
} {
  const values: Record<string, DuckDBValue> = {};
  const types: Record<string, DuckDBType> = {};
  for (const [name, value] of Object.entries(params)) {
    const whole = typeof value === 'number' && Number.isSafeInteger(value) && !Object.is(value, -0);
    values[name] = whole ? BigInt(value) : value;
    types[name] = whole ? BIGINT : typeOf(value);
  }
  return { values, types };
}

function typeOf(value: SqlValue): DuckDBType {
  if (value === null) return SQLNULL;
  if (typeof value === 'string') return VARCHAR;
  return typeof value === 'number' ? DOUBLE : BOOLEAN;
}

/** A row with plain values. Whole numbers beyond 2^53 stay text, since a rounded count is worse than an odd type. */
export function plainRow(row: Record<string, DuckDBValue>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(row).map(([name, value]) => [name, plainValue(value)]));
}

function plainValue(value: DuckDBValue): unknown {
  if (value === null || typeof value !== 'object') return typeof value === 'bigint' ? plainInteger(value) : value;
  if (value instanceof DuckDBDecimalValue) return value.toDouble();
  if (value instanceof DuckDBListValue || value instanceof DuckDBArrayValue) return value.items.map(plainValue);
  if (value instanceof DuckDBStructValue) return plainRow({ ...value.entries });
  return value.toString();
}

function plainInteger(value: bigint): number | string {
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : value.toString();
}
