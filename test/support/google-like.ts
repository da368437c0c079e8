/** A dialect like GoogleSQL: for the text of statements only, since nothing here runs it. */
import { type Dialect, duckdbDialect } from '../../src/warehouse/dialect.ts';

export const googleLike: Dialect = {
  ...duckdbDialect,
  quote: (name) => `\`${name}\``,
  tableName: (name) => `\`${name}\``,
  param: (name) => `@${name}`,
  asDate: (column) => column,
  lastInstant: (column) => `UNIX_MILLIS(MAX(${column}))`,
  tuple: (columns) => `TO_JSON_STRING(STRUCT(${columns.join(', ')}))`,
  comparable: (column) => `TO_JSON_STRING(${column})`,
  isZero: (column) => `TO_JSON_STRING(${column}) IN ('0', '-0', '0.0', '-0.0')`,
  datePairs: (dates, starts) => `SELECT d, s FROM PAIRS(${dates}, ${starts})`,
};
