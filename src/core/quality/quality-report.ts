/** The quality of a table's rows as `--json` prints it: fields may be added, never renamed or removed. */
import type { CalendarDate } from '../dates.ts';

/** A figure of a date that is unlike those of the dates around it. */
export type Remark = {
  readonly date: CalendarDate;
  /** The flag or critical column; null for `rows`. */
  readonly column: string | null;
  /** What is counted: rows; NULLs or zeros (too many), distinct values (too few), or true rows (too many or few). */
  readonly what: 'rows' | 'nulls' | 'zeros' | 'few_values' | 'flag';
  /** The count on this date, and what it would be on a date of this size if it were as on those around. */
  readonly have: number;
  readonly usual: number;
  /** Rows of this date. */
  readonly rows: number;
  /** Which neighbours it is unlike; only those before at the end of what there is. */
  readonly against: 'both' | 'before' | 'after';
  /** Whether it goes on for weeks: then it is said of the date after or before (`against`) which all are unlike. */
  readonly lasts: boolean;
};

/** Quality of one table over dates. */
export type QualityDate = {
  readonly date: CalendarDate;
  readonly rows: number;
  readonly entities: number;
  /** Rows beyond the distinct keys. */
  readonly duplicates: number;
  /** Count of rows for which the flag is true. */
  readonly flags: Readonly<Record<string, number>>;
  /** Count of rows in which the column is NULL. */
  readonly nulls: Readonly<Record<string, number>>;
  /** Entities of the reference that have no row, by name. */
  readonly missing: readonly string[];
  /** By critical column: distinct values, and rows with the number 0. Absent in what was stored before it was read. */
  readonly distribution?: Readonly<Record<string, { readonly distinct: number; readonly zeros: number }>>;
  /** Absent before it is judged. */
  readonly remarks?: readonly Remark[];
};

export type Quality = {
  readonly table: string;
  readonly dates: readonly QualityDate[];
  /** Distinct values do not add up, so that a distribution is of a date only. */
  readonly total: Omit<QualityDate, 'date' | 'distribution'>;
};
