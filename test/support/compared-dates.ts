/** Dates with figures of quality, as many as a test needs, written by what differs. */
import { addDays } from '../../src/core/dates.ts';
import type { ComparedDate } from '../../src/core/quality/quality-measures.ts';
import type { QualityDate } from '../../src/core/quality/quality-report.ts';

/** What a date has: rows, games if the table follows them, and counts of one flag `ready` and one column `minutes`. */
export type Had = {
  readonly rows?: number;
  readonly games?: number;
  readonly ready?: number;
  readonly nulls?: number;
  readonly zeros?: number;
  readonly distinct?: number;
};

/** Figures of a date; what is not given is that of a good date of 200 rows. */
export function qualityDate(date: string, had: Had = {}): QualityDate {
  const { rows = 200, ready = Math.round(rows * 0.8), nulls = 0, zeros = 0, distinct = Math.min(rows, 40) } = had;
  return {
    date,
    rows,
    entities: rows,
    duplicates: 0,
    flags: { ready },
    nulls: { minutes: nulls },
    missing: [],
    distribution: { minutes: { distinct, zeros } },
  };
}

/** Dates from `first` on, one for each that had something; null leaves one out. */
export function comparedDates(first: string, had: readonly (Had | null)[]): ComparedDate[] {
  return had.flatMap((each, i) =>
    each === null ? [] : [{ figures: qualityDate(addDays(first, i), each), games: each.games ?? null }],
  );
}
