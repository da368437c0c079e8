/** The direct edges that fail, with what is there and what should be. */
import { noSchedule } from '../catalogue/calendar.ts';
import { type CauseFinder, rootsOf } from '../causes/causes.ts';
import { isFailing, isUnderSchedule, viewOf } from '../causes/root-origins.ts';
import type { CalendarDate } from '../dates.ts';
import { countWindow, type EdgeView } from '../judge/edge-view.ts';
import { askedBy, makesStale, upstreamAt, windowStart } from '../judge/edges.ts';
import { isUnreachable } from '../judge/judge.ts';
import {
  statusCode as code,
  type Edge,
  entitiesAt,
  type Judging,
  rowsAt,
  statusAt,
  type TableJudgement,
} from '../judge/judgement.ts';
import type { Failing } from '../verdict.ts';

/**
 * The direct edges that fail: of a blocked cell those that block it, of a tainted or stale one those that make it so.
 * No more than `most` dates of a window are told; `have` and `need` count all.
 */
export function failingAt(
  finder: CauseFinder,
  cell: TableJudgement,
  i: number,
  most = Number.POSITIVE_INFINITY,
): readonly Failing[] {
  const status = cell.status[i];
  if (!cell.facts) return none;
  if (status === code.stale) return cell.edges.flatMap((edge) => staleFailing(finder, cell, edge, i, most));
  if (status !== code.blocked && status !== code.tainted && status !== code.unknown) return none;
  const failing = isUnderSchedule(finder.judging, cell, i) ? [scheduleFailing(finder.judging, i)] : [];
  for (const edge of cell.edges) if (isFailing(cell, edge, i)) failing.push(edgeFailing(finder, edge, i, most));
  // A list that grew holds room for many more.
  return failing.slice();
}

/** Dates of windows that are told of a cell's failing edges. */
export function countFailingDates(finder: CauseFinder, cell: TableJudgement, i: number): number {
  let count = 0;
  for (const edge of cell.edges) {
    if (edge.need.window === undefined || !isFailing(cell, edge, i)) continue;
    const { from, to } = countWindow(finder.judging, viewOf(rootsOf(finder), edge), i);
    count += to - from;
  }
  return count;
}

const none: readonly Failing[] = [];

function scheduleFailing(judging: Judging, i: number): Failing {
  const table = judging.catalogue.schedule?.table ?? '';
  return { table, have: judging.calendar.games[i] === noSchedule ? 0 : null, need: 1 };
}

function edgeFailing(finder: CauseFinder, edge: Edge, i: number, most: number): Failing {
  const { judging } = finder;
  if (edge.need.window !== undefined) return windowFailing(finder, edge, i, most);
  const upstream = upstreamAt(judging, edge.need, i);
  const expected = upstream.expected[i] ?? -1;
  const asked = askedBy(judging, edge.need, i);
  return {
    table: upstream.table.alias,
    have: entitiesAt(upstream, i),
    need: asked ?? (expected < 0 ? (rowsAt(upstream, i) > 0 ? null : 1) : expected),
    status: statusAt(upstream, i),
    ...(isUnreachable(judging, edge, i) ? { unreachable: true as const } : {}),
  };
}

/** Counts a window's dates: `have` are good, `need` should be, `dates` are the ones that are not. */
function windowFailing(finder: CauseFinder, edge: Edge, i: number, most: number): Failing {
  const { need } = edge;
  const view = viewOf(rootsOf(finder), edge);
  const { from, to, expected } = countWindow(finder.judging, view, i);
  const dates = sliceOf(view, from, Math.min(to, from + most));
  const window = need.window ?? 1;
  return { table: need.tables[0] ?? '', window, have: expected - (to - from), need: expected, dates };
}

/** The same array for neighbours whose windows hold the same bad dates. */
function sliceOf(view: EdgeView, from: number, to: number): readonly CalendarDate[] {
  const { slice } = view;
  if (slice.from !== from || slice.to !== to) {
    slice.dates = view.badDates.slice(from, to);
    slice.from = from;
    slice.to = to;
  }
  return slice.dates;
}

function staleFailing(finder: CauseFinder, cell: TableJudgement, edge: Edge, i: number, most: number): Failing[] {
  const { judging } = finder;
  const own = cell.facts?.writtenAt[i] ?? Number.NaN;
  if (!edge.need.required || !(edge.stale[i] || (edge.written[i] ?? Number.NaN) > own)) return [];
  const { dates } = rootsOf(finder);
  const view = viewOf(rootsOf(finder), edge);
  const later: CalendarDate[] = [];
  for (let j = windowStart(judging, edge.need, i); j <= i && later.length < most; j++) {
    const upstream = view.upstream(j);
    const rewritten = upstream.table.processor !== undefined && (upstream.facts?.writtenAt[j] ?? Number.NaN) > own;
    if (rewritten || makesStale(upstream, j)) later.push(dates[j] ?? '');
  }
  if (later.length === 0) return [];
  const upstream = view.upstream(i);
  const where = edge.need.window === undefined ? {} : { window: edge.need.window };
  return [
    {
      table: upstream.table.alias,
      have: entitiesAt(upstream, i),
      need: null,
      status: statusAt(upstream, i),
      dates: later,
      ...where,
    },
  ];
}
