/**
 * Fingerprints of cells in one statement: for tables without a write time, whole rows tell whether somebody wrote. They
 * do not depend on the order of the rows, and a row that is there twice counts twice.
 */
import type { Table } from '../core/catalogue/catalogue.ts';
import type { CalendarDate } from '../core/dates.ts';
import type { Dialect } from './dialect.ts';
import { textIn } from './rows.ts';
import { conditionOf, createBinder, sourceOf } from './selections.ts';
import type { Statement } from './sql.ts';
import type { Fingerprint } from './warehouse.ts';

/** One row per date that has rows: {d, v: fingerprint}. The dates are ascending, and there is at least one. */
export function fingerprintQuery(dialect: Dialect, table: Table, dates: readonly CalendarDate[]): Statement {
  const binder = createBinder(dialect);
  const source = sourceOf(dialect, table, dialect.rowAlias);
  const list = binder.bind(dates.join(','));
  const range = conditionOf(
    table,
    source,
    binder.bindDate(dates[0] ?? ''),
    binder.bindDate(dates.at(-1) ?? ''),
    binder,
  );
  return binder.statement(`WITH asked AS (${dialect.datePairs(list, list)})
SELECT CAST(${source.date} AS STRING) AS d, ${dialect.fingerprint()} AS v
FROM ${source.from}
WHERE ${range} AND ${source.date} IN (SELECT asked.d FROM asked)
GROUP BY ${source.date}
ORDER BY d`);
}

/** Makes fingerprints from the rows of `fingerprintQuery`. */
export function decodeFingerprints(rows: readonly Record<string, unknown>[], table: Table): Fingerprint[] {
  return rows.map((row) => ({ table: table.alias, date: textIn(row, 'd'), value: textIn(row, 'v') }));
}
