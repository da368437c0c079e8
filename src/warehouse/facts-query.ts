/**
 * The facts of many tables over a range of dates in one statement: one grouped SELECT per table, put together with
 * UNION ALL. A warehouse that bills a minimum per query is asked once, however many tables and dates there are.
 */
import type { Catalogue, Table } from '../core/catalogue/catalogue.ts';
import { type CalendarDate, toDay } from '../core/dates.ts';
import { emptyTableFacts, type TableFacts } from '../core/facts.ts';
import type { Dialect } from './dialect.ts';
import { countIn, instantIn, textIn } from './rows.ts';
import { type Binder, conditionOf, countKeys, createBinder, isOneOf, sourceOf } from './selections.ts';
import type { Statement } from './sql.ts';

export type DateBounds = { readonly from: CalendarDate; readonly to: CalendarDate };
type Schedule = Catalogue['schedule'];

/**
 * One statement for all tables. Its rows are {t: index of the table, d: date, n: rows, e: distinct keys, w: last write
 * in epoch ms, f: distinct keys that are finished}; dates without rows are absent, rows without a date are ignored.
 */
export function factsQuery(
  dialect: Dialect,
  tables: readonly Table[],
  range: DateBounds,
  schedule: Schedule,
): Statement {
  const binder = createBinder(dialect);
  const first = binder.bindDate(range.from);
  const last = binder.bindDate(range.to);
  const selects = tables.map((table, i) => selectFacts(dialect, table, i, { first, last }, schedule, binder));
  return binder.statement(selects.join('\nUNION ALL\n'));
}

function selectFacts(
  dialect: Dialect,
  table: Table,
  index: number,
  range: { first: string; last: string },
  schedule: Schedule,
  binder: Binder,
): string {
  const source = sourceOf(dialect, table, 'src');
  const written = table.writtenAt === undefined ? none : dialect.lastInstant(source.column(table.writtenAt));
  const final = finalOf(table, schedule);
  const finals = final
    ? countKeys(dialect, table, source, isOneOf(source.column(final.column), final.values, binder))
    : none;
  return `SELECT ${index} AS t, CAST(${source.date} AS STRING) AS d, COUNT(*) AS n,
  ${countKeys(dialect, table, source)} AS e, ${written} AS w, ${finals} AS f
FROM ${source.from}
WHERE ${conditionOf(table, source, range.first, range.last, binder)}
GROUP BY ${source.date}`;
}

const none = 'CAST(NULL AS INT64)';

/** How the schedule tells a finished game; only for the schedule table itself. */
export function finalOf(table: Table, schedule: Schedule) {
  return schedule?.table === table.alias ? schedule.final : undefined;
}

/** Puts the rows of `factsQuery` into one column of numbers per table and figure. */
export function decodeFacts(
  rows: readonly Record<string, unknown>[],
  tables: readonly Table[],
  range: DateBounds,
  schedule: Schedule,
): Map<string, TableFacts> {
  const first = toDay(range.from);
  const days = toDay(range.to) - first + 1;
  const read = tables.map((table) => emptyTableFacts(days, finalOf(table, schedule) !== undefined));
  for (const row of rows) {
    const facts = read[countIn(row, 't')];
    const i = toDay(textIn(row, 'd')) - first;
    if (facts === undefined) continue;
    facts.rows[i] = countIn(row, 'n');
    facts.entities[i] = countIn(row, 'e');
    facts.writtenAt[i] = instantIn(row, 'w');
    if (facts.finals) facts.finals[i] = countIn(row, 'f');
  }
  return new Map(tables.map((table, i) => [table.alias, read[i] ?? emptyTableFacts(days)]));
}
