/**
 * The quality of one table on some dates in one statement. Which entities are missing is asked of another table: on the
 * same date for tables that follow games, over the season so far for tables that have everybody on every date.
 */
import type { Catalogue, Table } from '../core/catalogue.ts';
import { addDays, type CalendarDate } from '../core/dates.ts';
import type { QualityDate } from '../core/reports.ts';
import type { Dialect } from './dialect.ts';
import { countIn, textIn, textsIn } from './rows.ts';
import { type Binder, conditionOf, countKeys, createBinder, sourceOf } from './selections.ts';
import type { Statement } from './sql.ts';

/** Days that are looked back for reference entities where there are no seasons, the date itself included. */
const daysBack = 30;

/** The column of a table that is compared with the column of another one. */
type Reference = { readonly entity: string; readonly table: Table; readonly column: string };

/** The first and last date asked, and the first one of the reference, as DATE expressions. */
type Bounds = { readonly first: string; readonly last: string; readonly referenceFirst: string };

/**
 * One row per date (the dates are ascending, and there is at least one): {d, n: rows, e: distinct keys, f0..: true rows
 * of each flag, n0..: NULLs of each critical column, missing: names, in order}.
 */
export function qualityQuery(
  dialect: Dialect,
  table: Table,
  dates: readonly CalendarDate[],
  catalogue: Catalogue,
): Statement {
  const binder = createBinder(dialect);
  const reference = referenceOf(table, catalogue);
  const starts = dates.map((date) => referenceStart(table, date, catalogue));
  const first = binder.bindDate(dates[0] ?? '');
  const last = binder.bindDate(dates.at(-1) ?? '');
  const parts = [
    `asked AS (${dialect.datePairs(binder.bind(dates.join(',')), binder.bind(starts.join(',')))})`,
    `stats AS (${selectStats(dialect, table, { first, last }, binder)})`,
  ];
  if (reference !== undefined) {
    const bounds = { first, last, referenceFirst: binder.bindDate([...starts].sort()[0] ?? '') };
    parts.push(...selectMissing(dialect, table, reference, bounds, binder));
  }
  const names = ['n', 'e', ...figuresOf(table).map(({ name }) => name)].map((name) => `stats.${name}`);
  if (reference !== undefined) names.push('missing.names AS missing');
  return binder.statement(`WITH ${parts.join(',\n')}
SELECT CAST(asked.d AS STRING) AS d, ${names.join(', ')}
FROM asked
LEFT JOIN stats ON stats.d = asked.d${reference === undefined ? '' : '\nLEFT JOIN missing ON missing.d = asked.d'}
ORDER BY asked.d`);
}

/** The flags and critical columns of a table, each with the name of its count in the result. */
function figuresOf(table: Table): { name: string; column: string; kind: 'flag' | 'null' }[] {
  return [
    ...table.quality.flags.map((column, i) => ({ name: `f${i}`, column, kind: 'flag' as const })),
    ...table.quality.critical.map((column, i) => ({ name: `n${i}`, column, kind: 'null' as const })),
  ];
}

function selectStats(
  dialect: Dialect,
  table: Table,
  range: { readonly first: string; readonly last: string },
  binder: Binder,
): string {
  const source = sourceOf(dialect, table, 'src');
  const counts = figuresOf(table).map(({ name, column, kind }) => {
    const value = source.column(column);
    return `COUNTIF(${kind === 'flag' ? `CAST(${value} AS BOOL)` : `${value} IS NULL`}) AS ${name}`;
  });
  return `SELECT ${source.date} AS d, ${['COUNT(*) AS n', `${countKeys(dialect, table, source)} AS e`, ...counts].join(', ')}
FROM ${source.from}
WHERE ${conditionOf(table, source, range.first, range.last, binder)}
GROUP BY ${source.date}`;
}

/**
 * Everybody who was first seen between a date's start and the date, without those who have a row. First appearances are
 * found once per start, since all dates of a season share it.
 */
function selectMissing(dialect: Dialect, table: Table, reference: Reference, bounds: Bounds, binder: Binder): string[] {
  const src = sourceOf(dialect, table, 'src');
  const ref = sourceOf(dialect, reference.table, 'ref');
  const name = ref.column(reference.column);
  return [
    `present AS (SELECT DISTINCT ${src.date} AS d, CAST(${src.column(reference.entity)} AS STRING) AS name
FROM ${src.from} WHERE ${conditionOf(table, src, bounds.first, bounds.last, binder)})`,
    `seen AS (SELECT DISTINCT ${ref.date} AS d, CAST(${name} AS STRING) AS name
FROM ${ref.from} WHERE ${conditionOf(reference.table, ref, bounds.referenceFirst, bounds.last, binder)}
  AND ${name} IS NOT NULL)`,
    'starts AS (SELECT s, MAX(d) AS last FROM asked GROUP BY s)',
    `known AS (SELECT starts.s, seen.name, MIN(seen.d) AS since
FROM starts JOIN seen ON seen.d BETWEEN starts.s AND starts.last GROUP BY starts.s, seen.name)`,
    `missing AS (SELECT asked.d, ARRAY_AGG(known.name ORDER BY known.name) AS names
FROM asked JOIN known ON known.s = asked.s AND known.since <= asked.d
LEFT JOIN present ON present.d = asked.d AND present.name = known.name
WHERE present.name IS NULL GROUP BY asked.d)`,
  ];
}

/** What a table's entities are compared with, if the catalogue says so. */
export function referenceOf(table: Table, catalogue: Catalogue): Reference | undefined {
  const { reference } = table.quality;
  const entity = table.quality.entity ?? (table.key.length === 1 ? table.key[0] : undefined);
  const other = reference === undefined ? undefined : catalogue.tables.get(reference.table);
  if (reference === undefined || other === undefined || entity === undefined) return undefined;
  return { entity, table: other, column: reference.column };
}

/** The first date whose reference entities count for a date; a day after it where none do, outside all seasons. */
function referenceStart(table: Table, date: CalendarDate, catalogue: Catalogue): CalendarDate {
  if (table.dates === 'games') return date;
  if (catalogue.seasons.length === 0) return addDays(date, 1 - daysBack);
  const season = catalogue.seasons.findLast(({ starts, ends }) => starts <= date && (ends ?? date) >= date);
  return season?.starts ?? addDays(date, 1);
}

/** Makes the report from the rows of `qualityQuery`. Repeated keys of a table that may repeat are no duplicates. */
export function decodeQuality(rows: readonly Record<string, unknown>[], table: Table): QualityDate[] {
  return rows.map((row) => {
    const counts = (kind: 'flag' | 'null') =>
      Object.fromEntries(
        figuresOf(table)
          .filter((figure) => figure.kind === kind)
          .map(({ name, column }) => [column, countIn(row, name)]),
      );
    const [n, e] = [countIn(row, 'n'), countIn(row, 'e')];
    return {
      date: textIn(row, 'd'),
      rows: n,
      entities: e,
      duplicates: table.mayRepeat ? 0 : n - e,
      flags: counts('flag'),
      nulls: counts('null'),
      missing: textsIn(row, 'missing'),
    };
  });
}
