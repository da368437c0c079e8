/** A backfill as it stands in the store, and what follows from it: the values that messages and `--json` are made from. */

import type { CalendarDate } from '../dates.ts';
import type { Lane, Wait } from '../plan/makespan.ts';
import type { Estimate, Preflight } from '../plan/plan-report.ts';
import type { Quality } from '../quality/quality-report.ts';
import type { BackfillOptions } from '../request/request.ts';
import type { Status } from '../verdict.ts';
import type { Approval } from './approval.ts';
import type {
  BackfillResult,
  BackfillRollUp,
  BackfillState,
  CellReport,
  CellState,
  Unblocked,
} from './backfill-report.ts';
import type { Outage } from './circuit.ts';
import type { Steering } from './steering.ts';

/** A cell to be filled, with the status for which it was planned. */
export type PlannedCell = {
  readonly table: string;
  readonly date: CalendarDate;
  readonly status: Status;
  /** Games of the date, where the table has rows by game: dates of a like size take a like time. */
  readonly size?: number;
};

/**
 * An edge inside the plan: `cell` starts only when all planned cells of `needs` between `from` and `to` are final.
 * `strict` (a need of the same date): they must also be good, or the cell is blocked. A window need is not strict: one
 * bad date must not stop a season, and whether enough of the window is there is judged when the cell starts.
 */
export type PlannedEdge = {
  readonly table: string;
  readonly date: CalendarDate;
  readonly needs: string;
  readonly from: CalendarDate;
  readonly to: CalendarDate;
  readonly strict: boolean;
};

/** What a cell reads while it runs, whether planned or not: no live attempt may write there (R15). */
export type Reads = { readonly table: string; readonly from: CalendarDate; readonly to: CalendarDate };

/** The plan as it is stored and run. `cells` are in the order in which they should start. */
export type Plan = {
  readonly target: string;
  readonly from: CalendarDate;
  readonly to: CalendarDate;
  readonly cells: readonly PlannedCell[];
  readonly edges: readonly PlannedEdge[];
};

/** Milliseconds. */
export type TimeRange = { readonly least: number; readonly most: number };

/** What a cell of a table takes on dates of a size, by so many runs. */
export type Pace = TimeRange & { readonly table: string; readonly size: number | null; readonly runs: number };

/**
 * What is known of a plan's time when it is made. It is stored with the backfill: others that run meanwhile must not move
 * its range.
 */
export type Forecast = {
  /** Null: nothing was measured. */
  readonly estimate: Estimate | null;
  readonly paces: readonly Pace[];
  /** Taken for a table that has never been measured: the widest of all that were. */
  readonly other: TimeRange | null;
  readonly waits: readonly Wait[];
  readonly lanes: readonly Lane[];
  readonly concurrency: number | null;
};

/** Facts of one cell before an attempt, kept with it so that whoever looks afterwards can tell fresh rows (R14). */
export type Snapshot = {
  readonly rows: number;
  readonly entities: number;
  /** Epoch milliseconds; null where there are no rows or the table has no write time. */
  readonly writtenAt: number | null;
  /** Only for tables without a write time. */
  readonly fingerprint: string | null;
};

export type Backfill = {
  readonly id: string;
  readonly pipeline: string;
  readonly target: string;
  readonly from: CalendarDate;
  readonly to: CalendarDate;
  readonly options: BackfillOptions;
  readonly state: BackfillState;
  readonly result: BackfillResult | null;
  /** 1, and one more for every retry. */
  readonly round: number;
  /** Who paused, resumed, canceled or retried it last; null if nobody did. */
  readonly steered: Steering | null;
  readonly requestedBy: string;
  /** Slack channel, or null for the command line. */
  readonly channel: string | null;
  /** The id of the backfill that has to be over before it starts; null once it has, or where there is none. */
  readonly waitsFor: string | null;
  /** Epoch milliseconds, as are the two below. */
  readonly createdAt: number;
  readonly startedAt: number | null;
  readonly finishedAt: number | null;
  readonly preflight: Preflight;
  readonly quality: Quality | null;
  /** Quality before anything ran, for before against after. */
  readonly qualityBefore: Quality | null;
  /** Coverage before anything ran, and at the end; null where nothing was to be run, or it was not read. */
  readonly coverageBefore: BackfillRollUp | null;
  readonly coverageAfter: BackfillRollUp | null;
  /** What it made possible downstream; null before its end. */
  readonly unblocked: readonly Unblocked[] | null;
  /** Null for a backfill that was stored before there were estimates. */
  readonly forecast: Forecast | null;
};

/** A cell of a backfill with its times. */
export type BackfillCell = CellReport & {
  readonly status: Status;
  readonly size: number | null;
  readonly startedAt: number | null;
  readonly finishedAt: number | null;
  readonly state: CellState;
};

/** Failed or blocked dates that share a cause: one reply in the thread each. */
export type FailureGroup = {
  /** Stable for the life of the backfill. */
  readonly key: string;
  readonly table: string;
  readonly state: 'failed' | 'blocked';
  readonly reason: string;
  readonly detail: string;
  readonly dates: readonly CalendarDate[];
  readonly errorIds: readonly string[];
  /** Those of `dates` that are mended (by a backfill, at an epoch millisecond), or failed otherwise since (`by` is null). */
  readonly ended?: readonly { readonly date: CalendarDate; readonly at: number; readonly by: string | null }[];
};

/** All that the root message, the thread and the summary are made from. */
export type BackfillView = {
  readonly backfill: Backfill;
  readonly cells: readonly BackfillCell[];
  readonly failures: readonly FailureGroup[];
  readonly progress: {
    /** Final cells, and all. */
    readonly done: number;
    readonly total: number;
    readonly running: number;
    readonly rowsWritten: number;
    /** Milliseconds, least and most; null until something was measured. */
    readonly timeLeft: TimeRange | null;
  };
  /** Times in which calls to one of its services were held, oldest first; absent where there were none. */
  readonly outages?: readonly Outage[];
  /** What a second person was asked, and said; absent where none was. */
  readonly approval?: Approval;
  /** Cells whose call takes unusually long just now; absent where there are none. */
  readonly slow?: readonly { readonly table: string; readonly date: CalendarDate }[];
};

/** Whether a cell has ended, however it did. */
export function isFinal(state: CellState): boolean {
  return !['waiting', 'ready', 'running'].includes(state);
}
