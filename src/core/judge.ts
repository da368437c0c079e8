/**
 * The judge: facts and calendar in, a status and a reason for every cell out, by the rules R1-R10 of the product's
 * description. Tables are judged in the order of their needs, each once over the whole run, since a verdict depends on
 * the verdicts above it and windows reach back a season. What is shown of a cell is built by `explain`, only on demand.
 */
import { buildCalendar, firstNotDue, noSchedule, notExpected, scheduleUnread } from './calendar.ts';
import type { Catalogue, Table } from './catalogue.ts';
import type { CalendarDate } from './dates.ts';
import { dateIn } from './dates.ts';
import { readEdge, upstreamAt } from './edges.ts';
import type { Facts } from './facts.ts';
import {
  type Edge,
  edgeState,
  type Judging,
  reasonCode,
  rowsAt,
  statusCode,
  type TableJudgement,
} from './judgement.ts';
import { capOn } from './reach.ts';
import { expectationOn, needsAsOf, rowsAsked } from './rules.ts';
import type { Reason, Status } from './verdict.ts';

/** Judges every table that the facts were asked for (read or not), in topological order. */
export function judge(
  catalogue: Catalogue,
  facts: Facts,
  options: { now: number; rulesAsOf?: CalendarDate | undefined },
): Judging {
  const judging: Judging = {
    catalogue,
    calendar: buildCalendar(catalogue, facts),
    facts,
    asOf: options.rulesAsOf ?? dateIn(catalogue.timeZone, options.now),
    now: options.now,
    tables: new Map(),
    history: new Map(),
  };
  for (const table of catalogue.tables.values()) {
    if (facts.tables.has(table.alias) || facts.unread.has(table.alias)) {
      judging.tables.set(table.alias, judgeTable(judging, table));
    }
  }
  return judging;
}

function judgeTable(judging: Judging, table: Table): TableJudgement {
  const { calendar, catalogue } = judging;
  const edges = needsAsOf(table, judging.asOf).map((need) => readEdge(judging, need));
  const judgement: TableJudgement = {
    table,
    facts: judging.facts.tables.get(table.alias),
    status: new Uint8Array(calendar.days),
    reason: new Uint8Array(calendar.days),
    also: new Uint16Array(calendar.days),
    expected: new Int32Array(calendar.days).fill(-1),
    edges,
  };
  const notDueFrom = firstNotDue(catalogue, table, calendar, judging.now);
  for (let i = 0; i < calendar.days; i++) {
    judgement.expected[i] = expectedRows(judging, table, i);
    judgeCell(judging, judgement, i, notExpected(catalogue, table, calendar, i, notDueFrom));
  }
  return judgement;
}

type Finding = readonly [Status, Reason | null];
const nothingWrong: readonly Finding[] = [['complete', null]];

/** Sets status, reason and `also` of one cell: of what was found the first is the status (R2). */
function judgeCell(judging: Judging, cell: TableJudgement, i: number, off: Reason | null): void {
  decideCell(judging, cell, i, off).forEach(([status, reason], rank) => {
    if (rank > 0) cell.also[i] = (cell.also[i] ?? 0) | (1 << statusCode[status]);
    else {
      cell.status[i] = statusCode[status];
      cell.reason[i] = reason === null ? 0 : reasonCode[reason];
    }
  });
}

/** Everything that applies to a cell, in the order of R2. */
function decideCell(judging: Judging, cell: TableJudgement, i: number, off: Reason | null): readonly Finding[] {
  const rows = rowsAt(cell, i);
  if (rows < 0) return [['unknown', 'unreadable']];
  if (off !== null) return [rows > 0 && isImpossible(off) ? ['over', 'unexpected_rows'] : ['not_expected', off]];
  const needs = readNeeds(judging, cell, i);
  if (rows === 0) {
    if (isRampUp(judging, cell.table, i)) return [['not_expected', 'ramp_up']];
    return [needs.blocked ? ['blocked', needs.blocked] : ['missing', 'never_run']];
  }
  if (needs.unread) return [['unknown', 'upstream_unknown']];
  const found: Finding[] = needs.dirty ? [['tainted', 'built_on_bad_input']] : [];
  found.push(...judgeSize(judging, cell, i));
  if (needs.stale) found.push(['stale', 'upstream_rewritten']);
  return found.length === 0 ? nothingWrong : found;
}

/** Dates on which rows cannot be right; in bootstrap placeholders are normal, and before the due time early rows are. */
function isImpossible(off: Reason): boolean {
  return off === 'no_games' || off === 'off_season';
}

function isRampUp(judging: Judging, table: Table, i: number): boolean {
  return judging.calendar.season[i] !== -1 && (judging.calendar.dayOfSeason[i] ?? 0) <= table.mayBeEmptyUntilDay;
}

type Needs = { blocked: Reason | null; unread: boolean; dirty: boolean; stale: boolean };

function readNeeds(judging: Judging, cell: TableJudgement, i: number): Needs {
  const needs: Needs = { blocked: null, unread: false, dirty: false, stale: false };
  const own = cell.facts?.writtenAt[i] ?? Number.NaN;
  if (cell.table.dates === 'games' && cell.table.alias !== judging.catalogue.schedule?.table) {
    const games = judging.calendar.games[i];
    if (games === scheduleUnread) Object.assign(needs, { unread: true, blocked: 'upstream_unknown' });
    if (games === noSchedule) Object.assign(needs, { dirty: true, blocked: 'upstream_missing' });
  }
  for (const edge of cell.edges) {
    if (!edge.need.required) continue;
    const state = edge.state[i];
    if (state !== edgeState.met) needs.blocked ??= sayBlocked(judging, edge, i);
    if (state === edgeState.unread) needs.unread = true;
    if (edge.dirty[i]) needs.dirty = true;
    if (edge.stale[i] || (edge.written[i] ?? Number.NaN) > own) needs.stale = true;
  }
  return needs;
}

/** The reason of a blocked cell: how its first failing edge fails. */
function sayBlocked(judging: Judging, edge: Edge, i: number): Reason {
  if (edge.state[i] === edgeState.unread) return 'upstream_unknown';
  if (edge.need.window !== undefined) return 'upstream_missing';
  const upstream = upstreamAt(judging, edge.need, i);
  if (isUnreachable(judging, edge, i)) return 'threshold_unreachable';
  if (upstream.reason[i] === reasonCode.entity_missing) return 'upstream_entity_missing';
  return rowsAt(upstream, i) > 0 ? 'upstream_thin' : 'upstream_missing';
}

/** Whether a fixed minimum of an edge is more than its upstream can hold on such a date. */
export function isUnreachable(judging: Judging, edge: Edge, i: number): boolean {
  const figure = edge.need.atLeast;
  if (!figure || figure.perGame || edge.need.window !== undefined) return false;
  const cap = capOn(judging, upstreamAt(judging, edge.need, i), i, figure.count);
  return cap !== null && cap < figure.count;
}

/** Rows that are right on a date; -1 where not known, so while the table that is referred to is not complete (R7). */
function expectedRows(judging: Judging, table: Table, i: number): number {
  const rule = expectationOn(table, judging.calendar.dayOfSeason[i] ?? 0, judging.asOf);
  const figure = rule?.exactly ?? rule?.atLeast;
  if (figure) return rowsAsked(figure, judging.calendar.games[i] ?? 0) ?? -1;
  if (!rule?.share) return -1;
  const whole = shareOf(judging, rule.share, i);
  return whole === null ? -1 : Math.ceil(whole * rule.share.atLeast - 1e-9);
}

function shareOf(judging: Judging, share: { of: string; fallback?: string }, i: number): number | null {
  let other = judging.tables.get(share.of);
  if (other && share.fallback !== undefined && rowsAt(other, i) === 0) other = judging.tables.get(share.fallback);
  if (!other?.facts || other.status[i] !== statusCode.complete) return null;
  return other.facts.entities[i] ?? 0;
}

/** over and thin, by the expectation of the date (R6, R7). */
function judgeSize(judging: Judging, cell: TableJudgement, i: number): Finding[] {
  const rows = cell.facts?.rows[i] ?? 0;
  const entities = cell.facts?.entities[i] ?? 0;
  const rule = expectationOn(cell.table, judging.calendar.dayOfSeason[i] ?? 0, judging.asOf);
  const exactly = rule?.exactly ? rowsAsked(rule.exactly, judging.calendar.games[i] ?? 0) : null;
  const found: Finding[] = [];
  if (rows > entities && !cell.table.mayRepeat) found.push(['over', 'duplicates']);
  else if (exactly !== null && entities > exactly) found.push(['over', 'unexpected_rows']);
  const expected = cell.expected[i] ?? -1;
  if (entities < expected)
    found.push(['thin', isOutOfReach(judging, cell, i) ? 'threshold_unreachable' : 'rows_short']);
  return found;
}

function isOutOfReach(judging: Judging, cell: TableJudgement, i: number): boolean {
  const rule = expectationOn(cell.table, judging.calendar.dayOfSeason[i] ?? 0, judging.asOf);
  if (!rule?.atLeast || rule.atLeast.perGame) return false;
  const cap = capOn(judging, cell, i, rule.atLeast.count);
  return cap !== null && cap < rule.atLeast.count;
}
