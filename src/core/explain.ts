/** Builds what is shown of one cell: the verdict with its evidence, from the codes that the judge left. */
import { noSchedule, scheduleUnread } from './calendar.ts';
import { type CauseFinder, findCauses, isBad } from './causes.ts';
import type { CalendarDate } from './dates.ts';
import { askedBy, makesStale, upstreamAt, windowStart } from './edges.ts';
import { isUnreachable } from './judge.ts';
import {
  dateAt,
  type Edge,
  edgeState,
  entitiesAt,
  type Judging,
  missingAt,
  reasonAt,
  rowsAt,
  statusAt,
  type TableJudgement,
} from './judgement.ts';
import { expectationOn, rowsAsked, sayExpectation, sayNeed } from './rules.ts';
import { type Failing, type Status, statuses, type Verdict } from './verdict.ts';

/** Who holds a cell right now, by `table date`. */
export type Held = ReadonlyMap<string, { readonly backfill: string; readonly by: string }>;

/** The verdict of one cell. A cell that a backfill holds is `running` and keeps its reason (R2). */
export function explain(finder: CauseFinder, cell: TableJudgement, i: number, held?: Held): Verdict {
  const { judging } = finder;
  const base = statusAt(cell, i);
  const date = dateAt(judging, i);
  const holder = held?.get(`${cell.table.alias} ${date}`);
  const rows = rowsAt(cell, i);
  const expected = cell.expected[i] ?? -1;
  const written = cell.facts?.writtenAt[i] ?? Number.NaN;
  const missing = missingAt(judging, cell, i);
  return {
    date,
    status: holder && base !== 'unknown' ? 'running' : base,
    reason: reasonAt(cell, i),
    also: [...(holder && base !== 'unknown' ? [base] : []), ...alsoAt(cell, i)],
    rows: rows < 0 ? null : rows,
    entities: entitiesAt(cell, i),
    expected: expected < 0 ? null : expected,
    rule: sayRule(judging, cell, i),
    failing: failingAt(judging, cell, i),
    causes: findCauses(finder, cell, i),
    ...(missing.length > 0 ? { missing } : {}),
    writtenAt: Number.isNaN(written) ? null : new Date(written).toISOString(),
    notes: [...(holder ? [`backfill ${holder.backfill} of ${holder.by} holds it`] : []), ...notesAt(judging, cell, i)],
  };
}

function alsoAt(cell: TableJudgement, i: number): Status[] {
  return statuses.filter((_, code) => ((cell.also[i] ?? 0) & (1 << code)) !== 0);
}

/** The direct edges that fail: of a blocked cell those that block it, of a tainted or stale one those that make it so. */
export function failingAt(judging: Judging, cell: TableJudgement, i: number): Failing[] {
  const status = statusAt(cell, i);
  if (!cell.facts || !['blocked', 'tainted', 'unknown', 'stale'].includes(status)) return [];
  const failing: Failing[] = status === 'stale' ? [] : scheduleFailing(judging, cell, i);
  for (const edge of cell.edges) {
    if (!edge.need.required) continue;
    if (status === 'stale') failing.push(...staleFailing(judging, cell, edge, i));
    else if (status === 'tainted' ? edge.dirty[i] : edge.state[i] !== edgeState.met)
      failing.push(edgeFailing(judging, edge, i));
  }
  return failing;
}

function scheduleFailing(judging: Judging, cell: TableJudgement, i: number): Failing[] {
  const schedule = judging.catalogue.schedule?.table;
  const games = judging.calendar.games[i];
  if (schedule === undefined || cell.table.dates !== 'games' || cell.table.alias === schedule) return [];
  if (games !== noSchedule && games !== scheduleUnread) return [];
  return [{ table: schedule, have: games === noSchedule ? 0 : null, need: 1 }];
}

function edgeFailing(judging: Judging, edge: Edge, i: number): Failing {
  if (edge.need.window !== undefined) return windowFailing(judging, edge, i, edge.need.window);
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
export function windowFailing(judging: Judging, edge: Edge, i: number, window: 'season' | number): Failing {
  const bad: CalendarDate[] = [];
  let expected = 0;
  for (let j = windowStart(judging, edge.need, i); j <= i; j++) {
    const upstream = upstreamAt(judging, edge.need, j);
    if (statusAt(upstream, j) !== 'not_expected') expected++;
    if (isBad(judging, edge, upstream, j)) bad.push(dateAt(judging, j));
  }
  return { table: edge.need.tables[0] ?? '', window, have: expected - bad.length, need: expected, dates: bad };
}

function staleFailing(judging: Judging, cell: TableJudgement, edge: Edge, i: number): Failing[] {
  const own = cell.facts?.writtenAt[i] ?? Number.NaN;
  const later: CalendarDate[] = [];
  for (let j = windowStart(judging, edge.need, i); j <= i; j++) {
    const upstream = upstreamAt(judging, edge.need, j);
    const rewritten = upstream.table.processor !== undefined && (upstream.facts?.writtenAt[j] ?? Number.NaN) > own;
    if (rewritten || makesStale(upstream, j)) later.push(dateAt(judging, j));
  }
  if (later.length === 0) return [];
  const upstream = upstreamAt(judging, edge.need, i);
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

/** The rule that made the verdict, in words. */
export function sayRule(judging: Judging, cell: TableJudgement, i: number): string {
  const reason = reasonAt(cell, i);
  const day = judging.calendar.dayOfSeason[i] ?? 0;
  const expectation = sayExpectation(expectationOn(cell.table, day, judging.asOf));
  switch (reason) {
    case null:
      return `expects ${expectation}`;
    case 'off_season':
      return cell.table.dates === 'games' || cell.table.dates === 'season'
        ? 'R1: outside every season'
        : "R1: not one of the table's days";
    case 'no_games':
      return 'R1: the date has no games';
    case 'bootstrap':
      return `R1: days 0-${judging.catalogue.bootstrapDays - 1} of a season have no rows by design; this is day ${day}`;
    case 'not_due':
      return judging.calendar.pending[i] ? 'R1: not all games of the date are finished' : 'R1: the date is not over';
    case 'accepted_gap':
      return 'R1: a gap that somebody has accepted';
    case 'ramp_up':
      return `R7: may be empty until day ${cell.table.mayBeEmptyUntilDay} of a season; this is day ${day}`;
    case 'unexpected_rows':
      return statusAt(cell, i) === 'over' && cell.expected[i] !== -1
        ? `R6: expects ${expectation}`
        : 'R1: rows on a date that can have none';
    case 'duplicates':
      return `R6: more rows than distinct ${cell.table.key.join(', ')}`;
    case 'unreadable':
      return 'R10: the table could not be read';
    case 'never_run':
      return `expects ${expectation}; all needs are met`;
    case 'run_failed':
      return `expects ${expectation}; the last run failed`;
    case 'empty_success':
      return `expects ${expectation}; the last run said it succeeded and wrote nothing`;
    case 'rows_short':
    case 'entity_missing':
      return `expects ${expectation}`;
    default:
      return sayNeedRule(judging, cell, i, expectation);
  }
}

function sayNeedRule(judging: Judging, cell: TableJudgement, i: number, expectation: string): string {
  const status = statusAt(cell, i);
  if (status === 'thin') return `expects ${expectation}, which such a date cannot reach`;
  const games = judging.calendar.games[i];
  if (cell.table.dates === 'games' && (games === noSchedule || games === scheduleUnread)) {
    return `R1: the schedule ${judging.catalogue.schedule?.table ?? ''} ${games === noSchedule ? 'is empty on this date, which is not declared free' : 'could not be read'}`;
  }
  const edge = cell.edges.find(
    (e) =>
      e.need.required &&
      (status === 'tainted' ? e.dirty[i] : status === 'stale' ? isNewer(cell, e, i) : e.state[i] !== edgeState.met),
  );
  const need = edge ? sayNeed(edge.need) : '';
  if (status === 'blocked') return `R3: needs ${need}`;
  if (status === 'stale') return `R5: ${need} was written later`;
  return status === 'unknown' ? `R10: needs ${need}` : `R5: needs ${need}, all of it good`;
}

function isNewer(cell: TableJudgement, edge: Edge, i: number): boolean {
  return edge.stale[i] === 1 || (edge.written[i] ?? Number.NaN) > (cell.facts?.writtenAt[i] ?? Number.NaN);
}

/** Remarks that change no status. */
function notesAt(judging: Judging, cell: TableJudgement, i: number): string[] {
  const notes: string[] = [];
  if (rowsAt(cell, i) <= 0) return notes;
  const games = judging.calendar.games[i] ?? 0;
  const rule = expectationOn(cell.table, judging.calendar.dayOfSeason[i] ?? 0, judging.asOf);
  const most = rule?.atMost ? rowsAsked(rule.atMost, games) : null;
  const have = entitiesAt(cell, i) ?? 0;
  if (most !== null && have > most) notes.push(`more rows than usual: ${have}, usually at most ${most}`);
  for (const edge of cell.edges) {
    if (edge.need.window !== undefined) continue;
    const upstream = upstreamAt(judging, edge.need, i);
    if (upstream.table.alias === edge.need.fallback)
      notes.push(`${edge.need.tables.join(' or ')} is empty; ${edge.need.fallback} stands in`);
    if (!edge.need.required && edge.state[i] !== edgeState.met)
      notes.push(`${edge.need.tables.join(' or ')} is wanted and not there`);
  }
  return notes;
}
