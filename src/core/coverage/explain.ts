/** Builds what is shown of one cell: the verdict with its evidence, from the codes that the judge left. */
import { noSchedule, scheduleUnread } from '../catalogue/calendar.ts';
import { expectationOn, rowsAsked, sayNeed } from '../catalogue/rules.ts';
import { type CauseFinder, countCauses, findCauses } from '../causes/causes.ts';
import { upstreamAt } from '../judge/edges.ts';
import { sayExpected } from '../judge/expected.ts';
import { noteInBackfill } from '../judge/in-backfill.ts';
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
} from '../judge/judgement.ts';
import { type HeldBy, type Status, statuses, type Verdict } from '../verdict.ts';
import { failingAt } from './failing.ts';

/** Who holds a cell right now, by `table date`. */
export type Held = ReadonlyMap<string, HeldBy>;

/** Causes, and dates of a window, that are told of one cell at most. */
export const mostTold = 1000;

/**
 * The verdict of one cell. A cell that a backfill holds is `running` and keeps its reason (R2). Of more than `most`
 * causes the first are told, and how many there are.
 */
export function explain(
  finder: CauseFinder,
  cell: TableJudgement,
  i: number,
  held?: Held,
  most: number = mostTold,
): Verdict {
  const { judging } = finder;
  const base = statusAt(cell, i);
  const date = finder.roots?.dates[i] ?? dateAt(judging, i);
  const holder = held?.get(`${cell.table.alias} ${date}`);
  const rows = rowsAt(cell, i);
  const expected = cell.expected[i] ?? -1;
  const written = cell.facts?.writtenAt[i] ?? Number.NaN;
  const causes = findCauses(finder, cell, i, most);
  const verdict: { -readonly [field in keyof Verdict]: Verdict[field] } = {
    date,
    status: holder && base !== 'unknown' ? 'running' : base,
    reason: reasonAt(cell, i),
    also: alsoAt(cell, i, holder && base !== 'unknown' ? base : undefined),
    rows: rows < 0 ? null : rows,
    entities: entitiesAt(cell, i),
    expected: expected < 0 ? null : expected,
    rule: keepWords(finder, sayRule(judging, cell, i)),
    failing: failingAt(finder, cell, i, most),
    causes,
    writtenAt: Number.isNaN(written) ? null : new Date(written).toISOString(),
    notes: notesOf(judging, cell, i),
  };
  const missing = missingAt(judging, cell, i);
  const all = causes.length < most ? 0 : countCauses(finder, cell, i);
  // Set one by one: spread into a new object, each of them would be of a shape of its own, which is three times as large.
  if (all > causes.length) verdict.causesInAll = all;
  if (missing.length > 0) verdict.missing = missing;
  if (holder) verdict.heldBy = holder;
  return verdict;
}

/** Most cells have nothing to add, and a coverage of many cells need not hold an empty list for each. */
const nothing: readonly never[] = [];

function alsoAt(cell: TableJudgement, i: number, held: Status | undefined): readonly Status[] {
  const bits = cell.also[i] ?? 0;
  if (bits === 0 && held === undefined) return nothing;
  const also = statuses.filter((_, code) => (bits & (1 << code)) !== 0);
  return held === undefined ? also : [held, ...also];
}

function notesOf(judging: Judging, cell: TableJudgement, i: number): readonly string[] {
  const notes = [...notesAt(judging, cell, i), ...noteInBackfill(judging, cell, i)];
  return notes.length === 0 ? nothing : notes;
}

/** The same text for all cells that one rule judged. */
function keepWords({ words }: CauseFinder, text: string): string {
  const known = words.get(text);
  if (known === undefined) words.set(text, text);
  return known ?? text;
}

/** The rule that made the verdict, in words. */
export function sayRule(judging: Judging, cell: TableJudgement, i: number): string {
  const reason = reasonAt(cell, i);
  const day = judging.calendar.dayOfSeason[i] ?? 0;
  const expectation = sayExpected(judging, cell, i);
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
function notesAt(judging: Judging, cell: TableJudgement, i: number): readonly string[] {
  if (rowsAt(cell, i) <= 0) return nothing;
  const notes: string[] = [];
  const games = judging.calendar.games[i] ?? 0;
  const rule = expectationOn(cell.table, judging.calendar.dayOfSeason[i] ?? 0, judging.asOf);
  const most = rule?.atMost ? rowsAsked(rule.atMost, games) : null;
  const have = entitiesAt(cell, i) ?? 0;
  if (most !== null && have > most) notes.push(`more rows than usual: ${have}, usually at most ${most}`);
  for (const edge of cell.edges) {
    if (edge.need.window !== undefined || (edge.need.required && edge.need.fallback === undefined)) continue;
    const upstream = upstreamAt(judging, edge.need, i);
    if (upstream.table.alias === edge.need.fallback)
      notes.push(`${edge.need.tables.join(' or ')} is empty; ${edge.need.fallback} stands in`);
    if (!edge.need.required && edge.state[i] !== edgeState.met)
      notes.push(`${edge.need.tables.join(' or ')} is wanted and not there`);
  }
  return notes;
}
