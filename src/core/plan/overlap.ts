/** What there is to say to whoever asked for dates that another backfill owns. */
import type { TimeRange } from '../backfill/backfill.ts';
import type { BackfillState } from '../backfill/backfill-report.ts';
import type { CalendarDate } from '../dates.ts';
import type { BackfillOptions, BackfillRequest } from '../request/request.ts';
import { writeRequest } from '../request/write-request.ts';

/** A backfill that owns some of what was asked: whose it is, where it is talked about, and how far it is. */
export type Owner = {
  readonly backfill: string;
  readonly by: string;
  /** Null for a backfill of the command line. */
  readonly channel: string | null;
  /** Of its root message; null until that is posted. */
  readonly ts: string | null;
  readonly state: BackfillState;
  /** Its cells that are final, and all. */
  readonly done: number;
  readonly total: number;
  readonly timeLeft: TimeRange | null;
  /** What it owns of what was asked, or of what that waits for. */
  readonly cells: readonly { readonly table: string; readonly dates: readonly CalendarDate[] }[];
};

export type Overlap = {
  /** Who owns most comes first. */
  readonly owners: readonly Owner[];
  /** The cells that may run while they go on. */
  readonly rest: readonly { readonly table: string; readonly date: CalendarDate }[];
};

/** Commands that lead on from an overlap. `rest` is null where nothing is left to run. */
export type Roads = { readonly rest: string | null; readonly after: string | null; readonly follow: string | null };

type Launch = Extract<BackfillRequest, { verb: 'launch' }>;

/** The roads on: the same request for the rest, or for later, or only to be told when the first owner is over. */
export function roadsOf(request: Launch, { owners, rest }: Overlap): Roads {
  const write = (changed: Partial<BackfillOptions>) =>
    writeRequest(
      { ...request, options: { ...request.options, dryRun: false, rest: false, after: null, ...changed } },
      '/backfill',
    );
  const id = owners[0]?.backfill;
  return {
    rest: rest.length === 0 ? null : write({ rest: true }),
    after: id === undefined ? null : write({ after: id }),
    follow: id === undefined ? null : `/backfill follow ${id}`,
  };
}
