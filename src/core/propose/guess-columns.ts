/**
 * What a table's columns are for, guessed from their names and types. People name these columns alike everywhere, but
 * nothing holds them to it: so keys come as candidates, likeliest first, for whoever can count rows to choose among.
 */

export type ColumnDescription = { readonly name: string; readonly type: string };
/** A table as the warehouse describes it; `table` is `dataset.table`, types are in the warehouse's own words. */
export type TableDescription = { readonly table: string; readonly columns: readonly ColumnDescription[] };

/** A table that could stand in a pipeline file. */
export type TableGuess = {
  readonly table: string;
  readonly dateColumn: string;
  /** Other columns that could have been meant. */
  readonly otherDates: readonly string[];
  readonly writtenAt?: string;
  /** Sets of columns that may identify a row within a date, likeliest first; empty if no column will do. */
  readonly keys: readonly (readonly string[])[];
};
/** A table that cannot, and why. */
export type LeftOut = { readonly table: string; readonly why: string };

/** Tells the two apart. */
export function isLeftOut(guess: TableGuess | LeftOut): guess is LeftOut {
  return 'why' in guess;
}

/** What makes a column the partition date, in words. */
export const dateColumnWords =
  'a DATE column, or a TIMESTAMP column with a name such as date, day, dt, event_date or event_time';

const isDateType = (type: string) => /^DATE$/i.test(type);
const isInstantType = (type: string) => /^(TIMESTAMP|DATETIME)/i.test(type) && !isNested(type);
const isTextType = (type: string) => /^(VARCHAR|STRING|TEXT|CHAR|UUID|ENUM)/i.test(type) && !isNested(type);
const isIntegerType = (type: string) => /^U?(BIG|HUGE|SMALL|TINY)?INT(EGER|64)?$/i.test(type);
const isNested = (type: string) => /\[\d*\]$/.test(type);

/** Names as a pipeline file can hold them; with a second dot nobody knows what is dataset and what is table. */
const tableName = /^[A-Za-z_][A-Za-z0-9_-]*\.[A-Za-z_][A-Za-z0-9_]*$/;
const columnName = /^[A-Za-z_][A-Za-z0-9_]*$/;

/** Dates of something else than the row: a day of birth partitions nothing, nor does the end of a validity. */
const otherMatter = /birth|expir|valid_|deadline|signup|hired?_|(^|_)(from|to|start|end|until|due)_(date|day|dt)$/i;
const dateNames: readonly RegExp[] = [
  /^(date|day|dt|ds|partition_date|event_date|event_day)$/i,
  /(^(date|day)_|_(date|day|dt)$)/i,
];
const instantNames: readonly RegExp[] = [
  ...dateNames,
  /^(event|occurred|happened|recorded)_?(at|time|ts|timestamp)$/i,
  /^(ts|timestamp|time)$/i,
];
/** The last write counts, so a column that every write sets comes before one that only the first one does. */
const writtenNames = ['updated', 'modified', 'processed', 'written', 'loaded', 'ingested', 'inserted', 'created'];

/** Guesses what the columns of a table are for. */
export function guessColumns({ table, columns }: TableDescription): TableGuess | LeftOut {
  if (!tableName.test(table)) return { table, why: 'a pipeline file cannot hold its name' };
  const known = columns.filter((column) => columnName.test(column.name));
  const [date, ...others] = findDates(known);
  if (date === undefined) return { table, why: 'no column looks like the date that its rows belong to' };
  const written = findWritten(known.filter((column) => column.name !== date));
  return {
    table,
    dateColumn: date,
    otherDates: others,
    ...(written === undefined ? {} : { writtenAt: written }),
    keys: listKeys(known.filter((column) => column.name !== date && !isWrittenName(column.name))),
  };
}

/** Columns that may be the partition date, likeliest first. */
function findDates(columns: readonly ColumnDescription[]): string[] {
  const usable = columns.filter(({ name }) => !otherMatter.test(name));
  const ranked = usable.flatMap(({ name, type }) => {
    if (isDateType(type)) return [{ name, rank: rankOf(dateNames, name) ?? dateNames.length }];
    const rank = isInstantType(type) && !isWrittenName(name) ? rankOf(instantNames, name) : undefined;
    // A DATE says more than any name of a TIMESTAMP.
    return rank === undefined ? [] : [{ name, rank: 10 + rank }];
  });
  return ranked.sort((a, b) => a.rank - b.rank).map(({ name }) => name);
}

function rankOf(patterns: readonly RegExp[], name: string): number | undefined {
  const rank = patterns.findIndex((pattern) => pattern.test(name));
  return rank < 0 ? undefined : rank;
}

function writtenRank(name: string): number {
  const verb = /^(?:\w+_)?([a-z]+)_?(?:at|time|ts|timestamp|on)$/i.exec(name)?.[1]?.toLowerCase() ?? '';
  return writtenNames.indexOf(verb);
}

function isWrittenName(name: string): boolean {
  return writtenRank(name) >= 0;
}

function findWritten(columns: readonly ColumnDescription[]): string | undefined {
  const found = columns.filter(({ name, type }) => isInstantType(type) && isWrittenName(name));
  return found.sort((a, b) => writtenRank(a.name) - writtenRank(b.name))[0]?.name;
}

const mostColumns = 8;
const mostKeys = 40;

/** Sets of one to three columns: the fewer columns, and the more their names promise, the earlier. */
function listKeys(columns: readonly ColumnDescription[]): string[][] {
  const likely = columns
    .map((column) => ({ name: column.name, cost: costOf(column) }))
    .filter(({ cost }) => Number.isFinite(cost))
    .sort((a, b) => a.cost - b.cost)
    .slice(0, mostColumns);
  const place = new Map(columns.map(({ name }, i) => [name, i]));
  const byPlace = (a: string, b: string) => (place.get(a) ?? 0) - (place.get(b) ?? 0);
  return subsets(likely, 3)
    .map((set) => ({ names: set.map(({ name }) => name).sort(byPlace), cost: totalCost(set.map(({ cost }) => cost)) }))
    .sort((a, b) => a.cost - b.cost)
    .slice(0, mostKeys)
    .map(({ names }) => names);
}

function totalCost(costs: readonly number[]): number {
  return costs.reduce((sum, cost) => sum + cost, 0) + 2 * costs.length;
}

/** How unlikely a column is to be part of a key; measures are not, however distinct they happen to be. */
function costOf({ name, type }: ColumnDescription): number {
  if (!isTextType(type) && !isIntegerType(type)) return isDateType(type) ? 4 : isInstantType(type) ? 6 : Infinity;
  if (/(^|_)(id|uuid|guid|key)$/i.test(name)) return 1;
  if (isTextType(type)) return 2;
  return /(^|_)(hour|minute|month|number|no|num|rank|position|seq|sequence|index|version|code)$/i.test(name) ? 3 : 9;
}

function subsets<T>(items: readonly T[], most: number): T[][] {
  if (most === 0) return [];
  return items.flatMap((item, i) => [[item], ...subsets(items.slice(i + 1), most - 1).map((rest) => [item, ...rest])]);
}
