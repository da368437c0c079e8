/**
 * Facts: what was read of cells. Zero is a fact; unread is not zero, so a table that could not be read is absent from
 * `tables` and named in `unread`. One column of numbers per table over one run of dates: a season of many tables is
 * judged in one pass without an object per cell.
 */
import type { CalendarDate } from './dates.ts';

/** Figures of one table, one entry per date of the run. Index 0 is `Facts.from`. */
export type TableFacts = {
  /** Rows of the date (those that `where` selects). */
  readonly rows: Int32Array;
  /** Distinct keys of the date. */
  readonly entities: Int32Array;
  /** Instant of the last write in epoch milliseconds; NaN where there are no rows or the table has no such column. */
  readonly writtenAt: Float64Array;
  /** Schedule table only: distinct keys that are finished. */
  readonly finals?: Int32Array;
};

/** Figures of many tables over `days` dates that begin with `from`. */
export type Facts = {
  readonly from: CalendarDate;
  readonly days: number;
  readonly tables: ReadonlyMap<string, TableFacts>;
  /** Tables that could not be read, with the reason in words. */
  readonly unread: ReadonlyMap<string, string>;
};

/** Columns of zeros for `days` dates, to be filled by whoever reads. */
export function emptyTableFacts(days: number, withFinals = false): TableFacts {
  const facts = {
    rows: new Int32Array(days),
    entities: new Int32Array(days),
    writtenAt: new Float64Array(days).fill(Number.NaN),
  };
  return withFinals ? { ...facts, finals: new Int32Array(days) } : facts;
}
