/**
 * What would run, and what was found before anything ran, as `--json` prints it: fields may be added, never renamed or
 * removed.
 */
import type { WhySecond } from '../access/shown-plan.ts';
import type { CalendarDate } from '../dates.ts';
import type { Cause, Failing, Reason, Status } from '../verdict.ts';

export type PlanStep = { readonly table: string; readonly dates: readonly CalendarDate[] };

export type PlanBlocked = { readonly table: string; readonly date: CalendarDate; readonly cause: Cause };

/** How long a plan takes, from least to most, and how many earlier runs tell. */
export type Estimate = { readonly leastMs: number; readonly mostMs: number; readonly measured: number };

/** Asked cells of one status and reason. */
export type CellGroup = {
  readonly status: Status;
  readonly reason: Reason | null;
  readonly dates: readonly CalendarDate[];
};

/** What would run, in order. What is shown is what is run. */
export type PlanReport = {
  /** The day whose rules made it; absent: today's. */
  readonly rulesAsOf?: CalendarDate;
  readonly target: string;
  readonly from: CalendarDate;
  readonly to: CalendarDate;
  readonly steps: readonly PlanStep[];
  /** Asked cells that stay unfilled, each with a cause that cannot be mended here. */
  readonly blocked: readonly PlanBlocked[];
  /** Cells of the plan that would be tainted afterwards, each with the hole that stays. */
  readonly staysTainted: readonly PlanBlocked[];
  /** Asked cells that are neither run nor held up. */
  readonly needNothing: readonly CellGroup[];
  readonly cells: number;
  /** Null: nothing has been measured yet. */
  readonly estimate: Estimate | null;
  /** Why it would wait for a second person before it runs; absent where it would not. */
  readonly secondPerson?: readonly WhySecond[];
};

export type PreflightBlocked = {
  readonly table: string;
  readonly date: CalendarDate;
  readonly failing: readonly Failing[];
  readonly causes: readonly Cause[];
};

/** What was found before anything ran. */
export type Preflight = {
  readonly ready: readonly { readonly table: string; readonly date: CalendarDate }[];
  readonly blocked: readonly PreflightBlocked[];
  /** Blocked as well, and run all the same, since a person said so (--skip-preflight). They are in `ready` too. */
  readonly overridden?: readonly PreflightBlocked[];
  /** Holes in windows: the run goes on, its result is tainted. */
  readonly warnings: readonly {
    readonly table: string;
    readonly date: CalendarDate;
    readonly causes: readonly Cause[];
  }[];
  /** Asked cells that are left alone, and why (complete, running, not expected, not selected by --only). */
  readonly skipped: readonly {
    readonly table: string;
    readonly date: CalendarDate;
    readonly status: Status;
    readonly reason: Reason | null;
    /** Rows that are there; null where the table could not be read. */
    readonly rows: number | null;
    /** The id of the backfill to which it is left: that one owns it, or is still to write what it needs. */
    readonly heldBy?: string;
  }[];
};
