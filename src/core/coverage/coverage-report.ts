/**
 * What is answered about dates, as values: coverage, why, accepted gaps. The shapes that `--json` prints and that messages
 * are made from; field names are a contract with people's scripts: fields may be added, never renamed or removed.
 */
import type { CalendarDate } from '../dates.ts';
import type { HeldBy, Reason, Status, Verdict } from '../verdict.ts';

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
