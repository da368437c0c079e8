/**
 * The words of a request: one grammar for slash commands, mentions and the command line. Text in, a value or a Refusal
 * out; nothing is guessed, since a backfill of the wrong month is worse than a question.
 */
import type { CalendarDate } from './dates.ts';

/** The dates that were understood. */
export type When = {
  /** Ascending, without repetition; both ends of a range are in it. */
  readonly dates: readonly CalendarDate[];
  readonly from: CalendarDate;
  readonly to: CalendarDate;
  /** The dates in words, as every answer repeats them: "1-30 Nov 2021 (30 dates)". */
  readonly said: string;
};

export const onlyChoices = ['missing', 'failed', 'thin', 'over', 'tainted', 'stale', 'all'] as const;
export type Only = (typeof onlyChoices)[number];

export type BackfillOptions = {
  /** Null: the default of rule R11. */
  readonly only: readonly Only[] | null;
  readonly withUpstream: boolean;
  readonly readyOnly: boolean;
  readonly noResume: boolean;
  readonly dryRun: boolean;
  readonly newestFirst: boolean;
  /** Null: the limit of the processor's service. */
  readonly concurrency: number | null;
  readonly reason: string | null;
};

export type CoverageRequest =
  | { readonly verb: 'coverage'; readonly what: string; readonly tables: readonly string[]; readonly when: When }
  | { readonly verb: 'why'; readonly table: string; readonly date: CalendarDate }
  | { readonly verb: 'plan'; readonly table: string; readonly when: When }
  | { readonly verb: 'quality'; readonly table: string; readonly when: When }
  | { readonly verb: 'help' };

export type BackfillRequest =
  | { readonly verb: 'launch'; readonly table: string; readonly when: When; readonly options: BackfillOptions }
  | { readonly verb: 'status'; readonly id: string }
  | { readonly verb: 'list' }
  | { readonly verb: 'help' };
