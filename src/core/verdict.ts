/**
 * The verdict of a cell: one status, one reason, always with evidence. Both are closed sets, in the order of precedence
 * in which they are tried (R2), so that the statuses of a range always add up to its dates.
 */
import type { CalendarDate } from './dates.ts';

export const statuses = [
  'unknown',
  'running',
  'not_expected',
  'blocked',
  'missing',
  'tainted',
  'over',
  'thin',
  'stale',
  'complete',
] as const;
export type Status = (typeof statuses)[number];

export const reasons = [
  'no_games',
  'bootstrap',
  'ramp_up',
  'off_season',
  'not_due',
  'accepted_gap',
  'upstream_missing',
  'upstream_thin',
  'upstream_entity_missing',
  'upstream_unknown',
  'never_run',
  'run_failed',
  'empty_success',
  'rows_short',
  'entity_missing',
  'duplicates',
  'unexpected_rows',
  'built_on_bad_input',
  'upstream_rewritten',
  'threshold_unreachable',
  'unverified',
  'unreadable',
] as const;
export type Reason = (typeof reasons)[number];

/** A direct edge that fails: the table has `have` where `need` was asked. Window needs count dates, others rows. */
export type Failing = {
  readonly table: string;
  readonly have: number | null;
  readonly need: number | null;
  /** Set for window needs: `have` and `need` are then dates, and these are the ones that are not good. */
  readonly window?: 'season' | number;
  readonly dates?: readonly CalendarDate[];
  /** The upstream cell's own status where that is why the edge fails. */
  readonly status?: Status;
  readonly unreachable?: true;
};

/** A root: a broken cell (or an unreachable minimum) with nothing broken above it. */
export type Cause = {
  readonly table: string;
  readonly date: CalendarDate;
  readonly reason: Reason;
  readonly have: number | null;
  readonly need: number | null;
  /** Who lacks, by name, where the catalogue has a reference that tells. */
  readonly missing?: readonly string[];
};

/** The backfill that is filling a cell right now. `ts`: its message in the channel, once it is posted. */
export type HeldBy = {
  readonly backfill: string;
  readonly by: string;
  /** Null for a backfill of the command line. */
  readonly channel: string | null;
  readonly ts: string | null;
};

/** The judgement of one cell as it is shown and as `--json` prints it. */
export type Verdict = {
  readonly date: CalendarDate;
  readonly status: Status;
  /** Null only for complete cells. */
  readonly reason: Reason | null;
  /** Other statuses that apply too but have lower precedence. */
  readonly also: readonly Status[];
  /** Null where the table could not be read. */
  readonly rows: number | null;
  readonly entities: number | null;
  /** Rows that are right for the date; null where nothing is known or the table referred to is not complete. */
  readonly expected: number | null;
  /** The rule, with its `since`, that made this verdict. */
  readonly rule: string;
  readonly failing: readonly Failing[];
  readonly causes: readonly Cause[];
  /** How many causes there are, where they are too many to tell. */
  readonly causesInAll?: number;
  /** Instant of the last write (ISO), where known. */
  readonly writtenAt: string | null;
  /** Entities that the date should have and has not, by name; absent where nothing tells. */
  readonly missing?: readonly string[];
  /** Who fills it, of a cell that is `running`. */
  readonly heldBy?: HeldBy;
  /** Remarks that do not change the status: more rows than usual, a fallback in use, a wanted table that is absent. */
  readonly notes: readonly string[];
};
