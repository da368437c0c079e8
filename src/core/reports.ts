/**
 * What is answered, as values: the shapes that `--json` prints and that messages are made from. Field names are a
 * contract with people's scripts: fields may be added, never renamed or removed.
 */
import type { CalendarDate } from './dates.ts';
import type { Cause, Failing, Reason, Status, Verdict } from './verdict.ts';

export type StatusCounts = Partial<Record<Status, number>>;

/** Coverage of one table over the dates asked. complete <= reachable <= expected <= calendar (R8). */
export type TableCoverage = {
  readonly table: string;
  readonly calendar: number;
  readonly expected: number;
  readonly reachable: number;
  readonly complete: number;
  readonly byStatus: StatusCounts;
  readonly cells: readonly Verdict[];
};

/** Roots of one table and reason, over all the cells asked. */
export type CauseGroup = {
  readonly table: string;
  readonly reason: Reason;
  readonly dates: readonly CalendarDate[];
  /** Who lacks on one of them, by name, where known. */
  readonly missing?: readonly string[];
  /** How many of the asked cells have one of these as a root. */
  readonly explains: number;
};

/** Cells of several tables or dates together. `share` is complete of expected; `target` is meant of calendar. */
export type RollUpLine = {
  readonly name: string;
  readonly calendar: number;
  readonly expected: number;
  readonly reachable: number;
  readonly complete: number;
  readonly share: number | null;
  readonly target: number | null;
};
export type RollUp = {
  readonly phases: readonly RollUpLine[];
  readonly months: readonly RollUpLine[];
  /** The catalogue's named periods that the dates touch. */
  readonly periods: readonly RollUpLine[];
};

export type Coverage = {
  readonly pipeline: string;
  readonly from: CalendarDate;
  readonly to: CalendarDate;
  /** Instant at which the facts were read (ISO). */
  readonly asOf: string;
  readonly tables: readonly TableCoverage[];
  readonly rollUp: RollUp;
  /** Most explaining first. */
  readonly causes: readonly CauseGroup[];
  /** Tables that could not be read, with why. */
  readonly unread: readonly { readonly table: string; readonly problem: string }[];
};

export type PlanStep = { readonly table: string; readonly dates: readonly CalendarDate[] };
export type PlanBlocked = { readonly table: string; readonly date: CalendarDate; readonly cause: Cause };

/** What would run, in order. What is shown is what is run. */
export type PlanReport = {
  readonly target: string;
  readonly from: CalendarDate;
  readonly to: CalendarDate;
  readonly steps: readonly PlanStep[];
  /** Asked cells that stay unfilled, each with a cause that cannot be mended here. */
  readonly blocked: readonly PlanBlocked[];
  readonly cells: number;
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
  }[];
};

export type CellState = 'waiting' | 'ready' | 'running' | 'succeeded' | 'failed' | 'blocked' | 'skipped' | 'canceled';
export type BackfillState =
  | 'preflight'
  | 'waiting_approval'
  | 'running'
  | 'paused'
  | 'finishing'
  | 'canceling'
  | 'canceled'
  | 'done';
export type BackfillResult = 'succeeded' | 'succeeded_with_gaps' | 'failed' | 'refused' | 'canceled';

export type CellReport = {
  readonly table: string;
  readonly date: CalendarDate;
  readonly state: CellState;
  readonly attempts: number;
  readonly rowsBefore: number | null;
  readonly rowsAfter: number | null;
  readonly reason: Reason | null;
  /** What the last attempt said, in words; for failed and blocked cells. */
  readonly detail: string | null;
  /** Found in the log under the same id. */
  readonly errorId: string | null;
};

export type CellCounts = {
  readonly succeeded: number;
  readonly failed: number;
  readonly blocked: number;
  readonly skipped: number;
  readonly canceled: number;
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
};
export type Quality = {
  readonly table: string;
  readonly dates: readonly QualityDate[];
  readonly total: Omit<QualityDate, 'date' | 'missing'> & { readonly missing: readonly string[] };
};

export type BackfillReport = {
  readonly id: string;
  readonly state: BackfillState;
  readonly result: BackfillResult | null;
  readonly target: string;
  readonly cells: readonly CellReport[];
  readonly counts: CellCounts;
  readonly preflight: Preflight;
  readonly quality: Quality | null;
};

export type WhyStep = {
  readonly table: string;
  readonly date: CalendarDate;
  readonly status: Status;
  readonly reason: Reason | null;
  readonly have: number | null;
  readonly need: number | null;
  readonly rule: string;
  /** Entities that it lacks, by name, where known. */
  readonly missing?: readonly string[];
  /** How deep below the asked cell: 0 is the cell itself. */
  readonly depth: number;
};
export type Why = {
  readonly table: string;
  readonly date: CalendarDate;
  readonly status: Status;
  readonly reason: Reason | null;
  readonly chain: readonly WhyStep[];
};

/** A gap that is to stay: its dates are not expected, as long as something lacks there. */
export type AcceptedGap = {
  readonly id: string;
  readonly table: string;
  readonly dates: readonly CalendarDate[];
  readonly reason: string;
  readonly acceptedBy: string;
  /** Epoch milliseconds. */
  readonly acceptedAt: number;
};
