/**
 * What is compared of dates: each measure brings another date's count to the size of the date in question, and knows by
 * how much a count may be off before it is no chance.
 */
import type { QualityDate, Remark } from './quality-report.ts';

/** A date that may be compared; `games` is null for tables that do not follow games. */
export type ComparedDate = { readonly figures: QualityDate; readonly games: number | null };

/** What is compared; all values are counts on the date itself. */
export type Measure = {
  readonly what: Remark['what'];
  readonly column: string | null;
  /** What another date's figures would be on a date like this one; of itself, what it has. Null if it tells nothing. */
  readonly read: (other: ComparedDate, date: ComparedDate) => number | null;
  /** Whether what a date has is unlike a value; `rows` are the date's. */
  readonly isOdd: (have: number, usual: number, rows: number) => boolean;
  /** Whether there may be more of it for good one day, without the time before being at fault. */
  readonly mayGrow: boolean;
};

/** A difference of fewer rows is chance. */
const fewestRows = 5;
/** How many standard deviations of so few rows are chance. */
const timesChance = 4;

/** The measures of a table, in the order in which one makes the next ones of its column needless. */
export function listMeasures({ flags, nulls, distribution = {} }: QualityDate): Measure[] {
  const columns = Object.keys(distribution);
  return [
    { what: 'rows', column: null, read: readRows, isOdd: isOddSize, mayGrow: true },
    ...Object.keys(nulls).map((column) => shareOf('nulls', column, (figures) => figures.nulls[column], isMore)),
    ...columns.map((column) => shareOf('zeros', column, (figures) => figures.distribution?.[column]?.zeros, isMore)),
    ...columns.map(
      (column): Measure => ({
        what: 'few_values',
        column,
        read: (other, date) => readDistinct(column, other.figures, date.figures),
        isOdd: (have, usual) => usual >= 4 && have * 4 <= usual,
        mayGrow: false,
      }),
    ),
    ...Object.keys(flags).map((column) => shareOf('flag', column, (figures) => figures.flags[column], isElse)),
  ];
}

/** Rows, by game where the table follows games: three games have fewer rows than twelve. */
function readRows(other: ComparedDate, date: ComparedDate): number | null {
  if (other === date || (other.games === null && date.games === null)) return other.figures.rows;
  if (!other.games || !date.games) return null;
  return (other.figures.rows / other.games) * date.games;
}

function isOddSize(have: number, usual: number): boolean {
  return Math.abs(have - usual) >= fewestRows && (have * 2 < usual || have > usual * 1.75);
}

type Count = (figures: QualityDate) => number | undefined;

/** Rows that have something: as many of a hundred as on the other date. */
function shareOf(what: Remark['what'], column: string, count: Count, isOdd: Measure['isOdd']): Measure {
  return {
    what,
    column,
    read: (other, date) => {
      const counted = count(other.figures);
      if (counted === undefined || other === date) return counted ?? null;
      return (counted / other.figures.rows) * date.figures.rows;
    },
    isOdd,
    mayGrow: what === 'flag',
  };
}

/** More NULLs or zeros, by a tenth of the rows at least. Fewer are no fault. */
function isMore(have: number, usual: number, rows: number): boolean {
  return have - usual >= Math.max(fewestRows, rows / 10, chance(usual, rows));
}

/** A flag may be good or bad when it is true, so both ways count, by a quarter of the rows at least. */
function isElse(have: number, usual: number, rows: number): boolean {
  return Math.abs(have - usual) >= Math.max(fewestRows, rows / 4, chance(usual, rows));
}

/** How far off so few rows are by chance, seldom more. */
function chance(usual: number, rows: number): number {
  return timesChance * Math.sqrt((usual * Math.max(0, rows - usual)) / rows);
}

/** Distinct values; of a larger date as many as it would have at least if it were as small. */
function readDistinct(column: string, other: QualityDate, date: QualityDate): number | null {
  const distinct = other.distribution?.[column]?.distinct;
  if (distinct === undefined || other === date) return distinct ?? null;
  const [theirs, own] = [other.rows - (other.nulls[column] ?? 0), date.rows - (date.nulls[column] ?? 0)];
  return theirs === 0 ? null : distinct * Math.min(1, own / theirs);
}
