/**
 * What is answered, as values: the shapes that `--json` prints and that messages are made from. Field names are a
 * contract with people's scripts: fields may be added, never renamed or removed.
 */
import type { CalendarDate } from './dates.ts';
import type { BackfillOptions } from './request/options.ts';
import type { Cause, Failing, HeldBy, Reason, Status, Verdict } from './verdict.ts';

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
  /** Of a phase of which only some tables were asked: how many, of how many. */
  readonly part?: { readonly tables: number; readonly of: number };
};
export type RollUp = {
  readonly phases: readonly RollUpLine[];
  readonly months: readonly RollUpLine[];
  /** The catalogue's named periods that the dates touch. */
  readonly periods: readonly RollUpLine[];
};

/** Cells of a table whose status would be another, over all the dates that were read. */
export type StatusChange = {
  readonly table: string;
  readonly from: Status;
  readonly to: Status;
  readonly dates: number;
};

/** A figure per game in place of a fixed minimum that some dates cannot meet. */
export type RuleProposal = {
  /** Where the minimum stands in `pipeline.yml`: "tables.model.needs.1". */
  readonly path: string;
  /** The table whose rule it is, and the one whose rows are asked for; the same for its own expectation. */
  readonly table: string;
  readonly of: string;
  readonly minimum: number;
  /** Dates, among the causes of what was asked, that cannot meet it. */
  readonly dates: readonly CalendarDate[];
  /** Null: too little is known of good dates, so that no figure can be proposed. */
  readonly perGame: number | null;
  /** Rows per game on dates that meet the minimum and are sound. */
  readonly seen: { readonly dates: number; readonly least: number; readonly usual: number } | null;
  /** The rule to paste. */
  readonly yaml: string | null;
  /** How many of `dates` have enough by the proposed figure. */
  readonly meets: number;
  readonly over: { readonly from: CalendarDate; readonly to: CalendarDate };
  /** What this one alone would have changed. */
  readonly changes: readonly StatusChange[];
};

export type RuleProposals = {
  readonly proposals: readonly RuleProposal[];
  /** Where there are several: what all of them together would have changed. */
  readonly proposalsTogether?: readonly StatusChange[];
};

export type Coverage = Partial<RuleProposals> & {
  readonly pipeline: string;
  readonly from: CalendarDate;
  readonly to: CalendarDate;
  /** Instant at which the facts were read (ISO). */
  readonly asOf: string;
  /** The day whose rules made the verdicts; absent: today's. */
  readonly rulesAsOf?: CalendarDate;
  readonly tables: readonly TableCoverage[];
  readonly rollUp: RollUp;
  /** Most explaining first. */
  readonly causes: readonly CauseGroup[];
  /** Tables that could not be read, with why. */
  readonly unread: readonly { readonly table: string; readonly problem: string }[];
};

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

/** How complete the tables that a backfill touches are on the dates that were asked; `tables`: a line for each. */
export type BackfillRollUp = RollUp & { readonly tables: readonly RollUpLine[] };

/** What a launch set aside, by whom and why; `dates`: how many asked dates it concerns. */
export type Override = {
  readonly option: 'skip-preflight' | 'no-resume' | 'rest';
  readonly by: string;
  readonly reason: string | null;
  readonly dates: number;
};

/** Dates of a table downstream that can be filled now, alone or together with those of tables named before it. */
export type Unblocked = { readonly table: string; readonly dates: readonly CalendarDate[] };

export type BackfillReport = {
  readonly id: string;
  readonly state: BackfillState;
  /** The id of the backfill that has to be over before this one starts; null where there is none any more. */
  readonly waitsFor: string | null;
  readonly result: BackfillResult | null;
  /** 1, and one more for every retry. */
  readonly round: number;
  /** Who paused, resumed, canceled or retried it last (`engine`: an option of the launch did), and why. */
  readonly steered: { readonly verb: string; readonly by: string; readonly reason: string | null } | null;
  readonly target: string;
  readonly cells: readonly CellReport[];
  readonly counts: CellCounts;
  readonly preflight: Preflight;
  /** Of the target's dates; `before` is what it was on them when the backfill was launched, null if that was not read. */
  readonly quality: (Quality & { readonly before: Quality | null }) | null;
  /** What it was expected to take when it was launched. */
  readonly estimate: Estimate | null;
  /** At the launch, and at the end: null until then. Null where nothing was to be run. */
  readonly coverage: { readonly before: BackfillRollUp; readonly after: BackfillRollUp | null } | null;
  /** The options of the launch, and those of them that set something aside. */
  readonly options: BackfillOptions;
  readonly overrides: readonly Override[];
  /** Tables in the order in which they would run; empty before the end. */
  readonly unblocked: readonly Unblocked[];
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
  /** The backfill that fills it right now. */
  readonly heldBy?: HeldBy;
  /** Remarks that change no status; absent when there are none. */
  readonly notes?: readonly string[];
  /** How deep below the asked cell: 0 is the cell itself. */
  readonly depth: number;
};
export type Why = Partial<RuleProposals> & {
  readonly table: string;
  readonly date: CalendarDate;
  readonly status: Status;
  readonly reason: Reason | null;
  /** The day whose rules made the verdicts; absent: today's. */
  readonly rulesAsOf?: CalendarDate;
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
