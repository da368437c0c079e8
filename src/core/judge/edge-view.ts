/** What one need finds on each single date, where `Edge` holds what its whole window comes to. */
import type { CalendarDate } from '../dates.ts';
import { isDirty, isExpected, isThere, isUnread, makesStale, upstreamAt, windowStart } from './edges.ts';
import { statusCode as code, type Edge, type Judging, judgementOf, type TableJudgement } from './judgement.ts';

export type EdgeView = {
  readonly edge: Edge;
  /** The table that is looked at on a date. */
  readonly upstream: (i: number) => TableJudgement;
  /** 1 where the upstream cell is a reason why the edge is not clean. */
  readonly bad: Uint8Array;
  /** How many dates before an index are bad, and how many should have rows. */
  readonly badBefore: Int32Array;
  readonly expectedBefore: Int32Array;
  /** How many dates before an index are stale and make others so. */
  readonly staleBefore: Int32Array;
  /** The bad dates, ascending. */
  readonly badDates: readonly CalendarDate[];
  /** The stretch of `badDates` that was told last. */
  readonly slice: { from: number; to: number; dates: readonly CalendarDate[] };
};

/** Reads an edge date by date. `dates`: those of the run, which are many and told often. */
export function viewEdge(judging: Judging, edge: Edge, dates: readonly CalendarDate[]): EdgeView {
  const { days } = judging.calendar;
  const upstream = chooseUpstream(judging, edge);
  const bad = new Uint8Array(days);
  const badBefore = new Int32Array(days + 1);
  const expectedBefore = new Int32Array(days + 1);
  const staleBefore = new Int32Array(days + 1);
  const badDates: CalendarDate[] = [];
  for (let i = 0; i < days; i++) {
    const above = upstream(i);
    if (isBad(judging, edge, above, i)) {
      bad[i] = 1;
      badDates.push(dates[i] ?? '');
    }
    badBefore[i + 1] = badDates.length;
    expectedBefore[i + 1] = (expectedBefore[i] ?? 0) + (isExpected(above, i) ? 1 : 0);
    staleBefore[i + 1] = (staleBefore[i] ?? 0) + (passesStale(above, i) ? 1 : 0);
  }
  return {
    edge,
    upstream,
    bad,
    badBefore,
    expectedBefore,
    staleBefore,
    badDates,
    slice: { from: 0, to: 0, dates: [] },
  };
}

/** Of a need's window that ends on a date: its bad dates (as indices into `badDates`), and how many should have rows. */
export function countWindow(
  judging: Judging,
  view: EdgeView,
  i: number,
): { from: number; to: number; expected: number } {
  const start = windowStart(judging, view.edge.need, i);
  return {
    from: view.badBefore[start] ?? 0,
    to: view.badBefore[i + 1] ?? 0,
    expected: (view.expectedBefore[i + 1] ?? 0) - (view.expectedBefore[start] ?? 0),
  };
}

/** Whether the upstream cell at `j` is a reason why this edge is not clean. */
export function isBad(judging: Judging, edge: Edge, upstream: TableJudgement, j: number): boolean {
  if (isDirty(upstream, j) || isUnread(judging, edge.need, upstream, j)) return true;
  if (edge.need.window !== undefined && !isExpected(upstream, j)) return false;
  return !isThere(judging, edge.need, upstream, j);
}

/** Whether the upstream cell is stale, has no worse status, and makes others stale (R5). */
export function passesStale(upstream: TableJudgement, j: number): boolean {
  return upstream.status[j] === code.stale && makesStale(upstream, j);
}

/** Most needs name one table, and then it need not be chosen for every date. */
function chooseUpstream(judging: Judging, { need }: Edge): (i: number) => TableJudgement {
  const [only, ...others] = need.tables;
  if (only !== undefined && others.length === 0 && need.fallback === undefined) {
    const judgement = judgementOf(judging, only);
    return () => judgement;
  }
  const chosen = Array.from({ length: judging.calendar.days }, (_, i) => upstreamAt(judging, need, i));
  return (i) => chosen[i] ?? upstreamAt(judging, need, i);
}
