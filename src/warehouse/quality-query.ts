/**
 * The quality of one table on some dates in one statement. A share means little alone, so the dates around are read with
 * them, and so is what the schedule holds: on a date that can have no rows nobody is missing, and rows follow the games.
 */
import type { Catalogue, Table } from '../core/catalogue/catalogue.ts';
import { addDays, type CalendarDate, toDay } from '../core/dates.ts';
import { emptyTableFacts, type TableFacts } from '../core/facts.ts';
import type { QualityFacts } from '../core/quality/quality.ts';
import type { QualityDate } from '../core/quality/quality-report.ts';
import { daysAround } from '../core/quality/remarks.ts';
import type { Dialect } from './dialect.ts';
import { type DateBounds, finalOf } from './facts-query.ts';
import { referenceOf, selectAsked, selectMissing } from './missing-query.ts';
import { countIn, textIn, textsIn } from './rows.ts';
import { type Binder, conditionOf, countKeys, createBinder, isOneOf, sourceOf } from './selections.ts';
import type { Statement } from './sql.ts';

/** What is asked: the dates are ascending, and there is at least one; `schedule` is the table to count games in. */
export type QualityQuestion = {
  readonly table: Table;
  readonly dates: readonly CalendarDate[];
  readonly catalogue: Catalogue;
  readonly schedule: Table | undefined;
};

type Range = { readonly first: string; readonly last: string };

/** The schedule's table, where it says on which dates a table can have rows. */
export function scheduleOf(table: Table, catalogue: Catalogue): Table | undefined {
  const follows = table.dates === 'games' || table.dates === 'season';
  return follows && catalogue.schedule ? catalogue.tables.get(catalogue.schedule.table) : undefined;
}

/** The dates asked, and those around them that they are compared with. */
export function rangeAround(dates: readonly CalendarDate[]): DateBounds {
  return { from: addDays(dates[0] ?? '', -daysAround), to: addDays(dates.at(-1) ?? '', daysAround) };
}

/**
 * One row per date that was asked, has rows, or has games: {d, a: whether it was asked, n: rows, e: distinct keys, f0..:
 * true rows of each flag, for each critical column n0..: NULLs, v0..: distinct values, z0..: zeros; missing: names, in
 * order; g: games, o: those that are over}.
 */
export function qualityQuery(dialect: Dialect, question: QualityQuestion): Statement {
  const { table, dates, catalogue, schedule } = question;
  const binder = createBinder(dialect);
  const around = rangeAround(dates);
  const range = { first: binder.bindDate(around.from), last: binder.bindDate(around.to) };
  const named = referenceOf(table, catalogue) !== undefined;
  const parts = [
    selectAsked(dialect, table, dates, catalogue, binder),
    `stats AS (${selectStats(dialect, table, range, binder)})`,
    ...selectMissing(dialect, table, dates, catalogue, binder),
    ...(schedule ? [`games AS (${selectGames(dialect, schedule, catalogue, range, binder)})`] : []),
  ];
  const sources = ['asked', 'stats', ...(schedule ? ['games'] : [])];
  parts.push(`days AS (${sources.map((source) => `SELECT d FROM ${source}`).join(' UNION DISTINCT ')})`);
  const names = ['n', 'e', ...figuresOf(table).map(({ name }) => name)].map((name) => `stats.${name}`);
  if (named) names.push('missing.names AS missing');
  if (schedule) names.push('games.g', 'games.o');
  const joined = [...sources, ...(named ? ['missing'] : [])];
  return binder.statement(`WITH ${parts.join(',\n')}
SELECT CAST(days.d AS STRING) AS d, asked.d IS NOT NULL AS a, ${names.join(', ')}
FROM days
${joined.map((source) => `LEFT JOIN ${source} ON ${source}.d = days.d`).join('\n')}
ORDER BY days.d`);
}

type Figure = { readonly name: string; readonly column: string; readonly kind: 'flag' | 'null' | 'distinct' | 'zero' };

/** The figures of a table's flags and critical columns, each with its name in the result. */
function figuresOf(table: Table): Figure[] {
  return [
    ...table.quality.flags.map((column, i) => ({ name: `f${i}`, column, kind: 'flag' as const })),
    ...table.quality.critical.flatMap((column, i) => [
      { name: `n${i}`, column, kind: 'null' as const },
      { name: `v${i}`, column, kind: 'distinct' as const },
      { name: `z${i}`, column, kind: 'zero' as const },
    ]),
  ];
}

function selectStats(dialect: Dialect, table: Table, range: Range, binder: Binder): string {
  const source = sourceOf(dialect, table, 'src');
  const counts = figuresOf(table).map(
    ({ name, column, kind }) => `${selectFigure(dialect, source.column(column), kind)} AS ${name}`,
  );
  return `SELECT ${source.date} AS d, ${['COUNT(*) AS n', `${countKeys(dialect, table, source)} AS e`, ...counts].join(', ')}
FROM ${source.from}
WHERE ${conditionOf(table, source, range.first, range.last, binder)}
GROUP BY ${source.date}`;
}

function selectFigure(dialect: Dialect, value: string, kind: Figure['kind']): string {
  switch (kind) {
    case 'flag':
      return `COUNTIF(CAST(${value} AS BOOL))`;
    case 'null':
      return `COUNTIF(${value} IS NULL)`;
    case 'distinct':
      return `COUNT(DISTINCT CASE WHEN ${value} IS NOT NULL THEN ${dialect.comparable(value)} END)`;
    case 'zero':
      return `COUNTIF(${dialect.isZero(value)})`;
  }
}

function selectGames(dialect: Dialect, schedule: Table, catalogue: Catalogue, range: Range, binder: Binder): string {
  const source = sourceOf(dialect, schedule, 'src');
  const final = finalOf(schedule, catalogue.schedule);
  const over = final && isOneOf(source.column(final.column), final.values, binder);
  return `SELECT ${source.date} AS d, ${countKeys(dialect, schedule, source)} AS g, ${countKeys(dialect, schedule, source, over)} AS o
FROM ${source.from}
WHERE ${conditionOf(schedule, source, range.first, range.last, binder)}
GROUP BY ${source.date}`;
}

/** Puts the rows of `qualityQuery` together: the dates asked, those around them that have rows, and the schedule. */
export function decodeQuality(rows: readonly Record<string, unknown>[], question: QualityQuestion): QualityFacts {
  const { table, dates, schedule } = question;
  const asked = rows.filter((row) => row.a === true);
  const around = rows.filter((row) => row.a !== true && countIn(row, 'n') > 0);
  const { from, to } = rangeAround(dates);
  const days = toDay(to) - toDay(from) + 1;
  const tables = new Map<string, TableFacts>();
  if (schedule) tables.set(schedule.alias, decodeGames(rows, from, days));
  return {
    dates: asked.map((row) => decodeDate(row, table)),
    around: around.map((row) => decodeDate(row, table)),
    schedule: { from, days, tables, unread: new Map() },
  };
}

/** Where the catalogue does not say how a finished game looks, all of them count as over. */
function decodeGames(rows: readonly Record<string, unknown>[], from: CalendarDate, days: number): TableFacts {
  const facts = { ...emptyTableFacts(days), finals: new Int32Array(days) };
  for (const row of rows) {
    const i = toDay(textIn(row, 'd')) - toDay(from);
    facts.entities[i] = countIn(row, 'g');
    facts.finals[i] = countIn(row, 'o');
  }
  return facts;
}

/** Repeated keys of a table that may repeat are no duplicates. */
function decodeDate(row: Record<string, unknown>, table: Table): QualityDate {
  const counts = (kind: Figure['kind']) =>
    Object.fromEntries(
      figuresOf(table)
        .filter((figure) => figure.kind === kind)
        .map(({ name, column }) => [column, countIn(row, name)]),
    );
  const [rows, entities] = [countIn(row, 'n'), countIn(row, 'e')];
  const [distinct, zeros] = [counts('distinct'), counts('zero')];
  return {
    date: textIn(row, 'd'),
    rows,
    entities,
    duplicates: table.mayRepeat ? 0 : rows - entities,
    flags: counts('flag'),
    nulls: counts('null'),
    missing: textsIn(row, 'missing'),
    distribution: Object.fromEntries(
      table.quality.critical.map((column) => [column, { distinct: distinct[column] ?? 0, zeros: zeros[column] ?? 0 }]),
    ),
  };
}
