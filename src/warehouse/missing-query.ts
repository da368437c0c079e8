/**
 * Who is missing, by name: the entities of a reference table that have no row. On the same date for tables that follow
 * games, over the season so far for tables that have everybody on every date. All tables that are asked about go into
 * one statement.
 */
import type { Catalogue, Table } from '../core/catalogue/catalogue.ts';
import { addDays, type CalendarDate } from '../core/dates.ts';
import type { Dialect } from './dialect.ts';
import { countIn, textIn, textsIn } from './rows.ts';
import { type Binder, conditionOf, createBinder, sourceOf } from './selections.ts';
import type { Statement } from './sql.ts';
import type { Missing, TableDates } from './warehouse.ts';

/** Days that are looked back for reference entities where there are no seasons, the date itself included. */
const daysBack = 30;

/** The column of a table that is compared with the column of another one. */
type Reference = { readonly entity: string; readonly table: Table; readonly column: string };

/** What a table's entities are compared with, if the catalogue says so. */
export function referenceOf(table: Table, catalogue: Catalogue): Reference | undefined {
  const { reference } = table.quality;
  const entity = table.quality.entity ?? (table.key.length === 1 ? table.key[0] : undefined);
  const other = reference === undefined ? undefined : catalogue.tables.get(reference.table);
  if (reference === undefined || other === undefined || entity === undefined) return undefined;
  return { entity, table: other, column: reference.column };
}

/**
 * One statement for all that is asked; the dates of each are ascending, and there is at least one. Its rows are {t:
 * index of what was asked, d, missing: names, in order}; dates on which nobody is missing are absent.
 */
export function missingQuery(dialect: Dialect, asked: readonly TableDates[], catalogue: Catalogue): Statement {
  const binder = createBinder(dialect);
  const parts = asked.flatMap(({ table, dates }, i) => [
    selectAsked(dialect, table, dates, catalogue, binder, `${i}`),
    ...selectMissing(dialect, table, dates, catalogue, binder, `${i}`),
  ]);
  const selects = asked.map((_, i) => `SELECT ${i} AS t, CAST(d AS STRING) AS d, names AS missing FROM missing${i}`);
  return binder.statement(`WITH ${parts.join(',\n')}\n${selects.join('\nUNION ALL\n')}`);
}

/** Puts the rows of `missingQuery` together. */
export function decodeMissing(rows: readonly Record<string, unknown>[], asked: readonly TableDates[]): Missing[] {
  return rows.map((row) => ({
    table: asked[countIn(row, 't')]?.table.alias ?? '',
    date: textIn(row, 'd'),
    names: textsIn(row, 'missing'),
  }));
}

/** The table `asked<suffix>` of a statement: the dates {d}, and for each the first one whose entities count {s}. */
export function selectAsked(
  dialect: Dialect,
  table: Table,
  dates: readonly CalendarDate[],
  catalogue: Catalogue,
  binder: Binder,
  suffix = '',
): string {
  const starts = dates.map((date) => referenceStart(table, date, catalogue));
  return `asked${suffix} AS (${dialect.datePairs(binder.bind(dates.join(',')), binder.bind(starts.join(',')))})`;
}

/**
 * The table `missing<suffix>` {d, names}, with those that it is made from: everybody who was first seen between a date's
 * start and the date, without those who have a row. First appearances are found once per start, since all dates of a
 * season share it. Empty for a table without a reference.
 */
export function selectMissing(
  dialect: Dialect,
  table: Table,
  dates: readonly CalendarDate[],
  catalogue: Catalogue,
  binder: Binder,
  n = '',
): string[] {
  const reference = referenceOf(table, catalogue);
  if (reference === undefined) return [];
  const starts = dates.map((date) => referenceStart(table, date, catalogue));
  const [first, last] = [binder.bindDate(dates[0] ?? ''), binder.bindDate(dates.at(-1) ?? '')];
  const referenceFirst = binder.bindDate(starts.sort()[0] ?? '');
  const src = sourceOf(dialect, table, 'src');
  const ref = sourceOf(dialect, reference.table, 'ref');
  const name = ref.column(reference.column);
  return [
    `present${n} AS (SELECT DISTINCT ${src.date} AS d, CAST(${src.column(reference.entity)} AS STRING) AS name
FROM ${src.from} WHERE ${conditionOf(table, src, first, last, binder)})`,
    `seen${n} AS (SELECT DISTINCT ${ref.date} AS d, CAST(${name} AS STRING) AS name
FROM ${ref.from} WHERE ${conditionOf(reference.table, ref, referenceFirst, last, binder)}
  AND ${name} IS NOT NULL)`,
    `starts${n} AS (SELECT s, MAX(d) AS last FROM asked${n} GROUP BY s)`,
    `known${n} AS (SELECT starts${n}.s, seen${n}.name, MIN(seen${n}.d) AS since
FROM starts${n} JOIN seen${n} ON seen${n}.d BETWEEN starts${n}.s AND starts${n}.last GROUP BY starts${n}.s, seen${n}.name)`,
    `missing${n} AS (SELECT asked${n}.d, ARRAY_AGG(known${n}.name ORDER BY known${n}.name) AS names
FROM asked${n} JOIN known${n} ON known${n}.s = asked${n}.s AND known${n}.since <= asked${n}.d
LEFT JOIN present${n} ON present${n}.d = asked${n}.d AND present${n}.name = known${n}.name
WHERE present${n}.name IS NULL GROUP BY asked${n}.d)`,
  ];
}

/** The first date whose reference entities count for a date; a day after it where none do, outside all seasons. */
function referenceStart(table: Table, date: CalendarDate, catalogue: Catalogue): CalendarDate {
  if (table.dates === 'games') return date;
  if (catalogue.seasons.length === 0) return addDays(date, 1 - daysBack);
  const season = catalogue.seasons.findLast(({ starts, ends }) => starts <= date && (ends ?? date) >= date);
  return season?.starts ?? addDays(date, 1);
}
