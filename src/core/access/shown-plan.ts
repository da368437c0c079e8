/**
 * A plan as a second person sees it: the exact dates, and which of them have rows that would be written again. The yes is
 * for this and nothing else, so it is also what is compared before the start.
 */
import type { CalendarDate } from '../dates.ts';

/** Why a second person is needed. `table`: the one whose own figure is passed; null: that of the pipeline. */
export type WhySecond =
  | { readonly kind: 'protected'; readonly tables: readonly string[] }
  | { readonly kind: 'overwrites'; readonly table: string | null; readonly dates: number; readonly above: number }
  | { readonly kind: 'skip-preflight'; readonly dates: number };

/** The dates of a table that would run; `overwritten`: those of them that have rows now. */
export type ShownStep = {
  readonly table: string;
  readonly dates: readonly CalendarDate[];
  readonly overwritten: readonly CalendarDate[];
};

/** All that is decided upon, tables in the order in which they run. */
export type ShownPlan = {
  readonly steps: readonly ShownStep[];
  /** Blocked dates of the target that run all the same. */
  readonly overridden: readonly CalendarDate[];
};
