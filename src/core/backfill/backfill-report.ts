/** What became of a backfill, as `--json` prints it: fields may be added, never renamed or removed. */
import type { ShownPlan, WhySecond } from '../access/shown-plan.ts';
import type { RollUp, RollUpLine } from '../coverage/coverage-report.ts';
import type { CalendarDate } from '../dates.ts';
import type { Estimate, Preflight } from '../plan/plan-report.ts';
import type { Quality } from '../quality/quality-report.ts';
import type { BackfillOptions } from '../request/options.ts';
import type { Reason } from '../verdict.ts';

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

/** `withdrawn`: it was canceled before anybody answered. `expiresAt`: ISO; without an answer until then it does not run. */
export type ApprovalReport = {
  readonly state: 'waiting' | 'approved' | 'denied' | 'expired' | 'withdrawn';
  readonly by: string | null;
  readonly reason: string | null;
  readonly why: readonly WhySecond[];
  readonly plan: ShownPlan;
  readonly expiresAt: string;
};

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
  /** What a second person was asked, and said; null where none was. */
  readonly approval: ApprovalReport | null;
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
