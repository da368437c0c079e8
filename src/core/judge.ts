/**
 * The judge: facts and calendar in, a status and a reason for every cell out, by the rules R1-R10 of the product's
 * description. Tables are judged in the order of their needs, each once over the whole run, since a verdict depends on
 * the verdicts above it and windows reach back a season. What is shown of a cell is built by `explain`, only on demand.
 */
import { buildCalendar, firstNotDue, listNotExpected, noSchedule, scheduleUnread } from './calendar.ts';
import type { Catalogue, Expectation, Table } from './catalogue.ts';
import type { CalendarDate } from './dates.ts';
import { dateIn } from './dates.ts';
import { readEdge, upstreamAt } from './edges.ts';
import type { Facts } from './facts.ts';
import {
  dateAt,
  type Edge,
  edgeState,
  type Judging,
  missingAt,
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
  options: {
    now: number;
    rulesAsOf?: CalendarDate | undefined;
    missing?: Judging['missing'];
    failed?: Judging['failed'];
    accepted?: Judging['accepted'];
  },
): Judging {
  const judging: Judging = {
    catalogue,
    calendar: buildCalendar(catalogue, facts),
    facts,
    asOf: options.rulesAsOf ?? dateIn(catalogue.timeZone, options.now),
    now: options.now,
    tables: new Map(),
    missing: options.missing ?? new Map(),
    failed: options.failed ?? new Map(),
    accepted: options.accepted ?? new Set(),
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
  const off = listNotExpected(catalogue, table, calendar, notDueFrom);
  for (let i = 0; i < calendar.days; i++) {
    const rule = expectationOn(table, calendar.dayOfSeason[i] ?? 0, judging.asOf);
    judgement.expected[i] = expectedRows(judging, rule, i);
    judgeCell(judging, judgement, i, off[i] ?? null, rule);
  }
  return judgement;
}

/** Sets status, reason and `also` of one cell: of what applies the first is the status (R2). */
function judgeCell(
  judging: Judging,
  cell: TableJudgement,
  i: number,
  off: Reason | null,
  rule: Expectation | undefined,
): void {
  const rows = rowsAt(cell, i);
  if (rows < 0) settle(cell, i, 'unknown', 'unreadable');
  else if (off !== null && rows > 0 && isImpossible(off)) settle(cell, i, 'over', 'unexpected_rows');
  else if (off !== null) settle(cell, i, 'not_expected', off);
  else {
    if (rows === 0) judgeEmpty(judging, cell, i);
    else judgeFilled(judging, cell, i, rule);
    if (isAcceptedGap(judging, cell, i)) {
      cell.also[i] = 0;
      settle(cell, i, 'not_expected', 'accepted_gap');
    }
  }
}

/** An accepted gap is one only while something lacks: rows that came after all are judged as any others. */
function isAcceptedGap(judging: Judging, cell: TableJudgement, i: number): boolean {
  if (judging.accepted.size === 0) return false;
  const status = cell.status[i];
  const lacks = status === statusCode.missing || status === statusCode.blocked || status === statusCode.thin;
  return lacks && judging.accepted.has(`${cell.table.alias} ${dateAt(judging, i)}`);
}

function settle(cell: TableJudgement, i: number, status: Status, reason: Reason): void {
  cell.status[i] = statusCode[status];
  cell.reason[i] = reasonCode[reason];
}

function judgeEmpty(judging: Judging, cell: TableJudgement, i: number): void {
  if (isRampUp(judging, cell.table, i)) settle(cell, i, 'not_expected', 'ramp_up');
  else if (readNeeds(judging, cell, i) & found.blocked) settle(cell, i, 'blocked', sayBlocked(judging, cell, i));
  else settle(cell, i, 'missing', sayMissing(judging, cell, i));
}

/** Why rows that could be there are not: nobody ran it, or somebody did and it failed or wrote nothing. */
function sayMissing(judging: Judging, cell: TableJudgement, i: number): Reason {
  if (judging.failed.size === 0) return 'never_run';
  const failed = judging.failed.get(`${cell.table.alias} ${dateAt(judging, i)}`);
  return failed === 'run_failed' || failed === 'empty_success' ? failed : 'never_run';
}

/** What rows that are there can suffer from, in the order of R2. */
function judgeFilled(judging: Judging, cell: TableJudgement, i: number, rule: Expectation | undefined): void {
  const needs = readNeeds(judging, cell, i);
  if (needs & found.unread) {
    settle(cell, i, 'unknown', 'upstream_unknown');
    return;
  }
  cell.status[i] = statusCode.complete;
  if (needs & found.dirty) add(cell, i, 'tainted', 'built_on_bad_input');
  const excess = findExcess(judging, cell, i, rule);
  if (excess) add(cell, i, 'over', excess);
  if ((cell.facts?.entities[i] ?? 0) < (cell.expected[i] ?? -1)) {
    add(cell, i, 'thin', sayThin(judging, cell, i, rule));
  }
  if (needs & found.stale) add(cell, i, 'stale', 'upstream_rewritten');
}

function sayThin(judging: Judging, cell: TableJudgement, i: number, rule: Expectation | undefined): Reason {
  if (isOutOfReach(judging, cell, i, rule)) return 'threshold_unreachable';
  return missingAt(judging, cell, i).length > 0 ? 'entity_missing' : 'rows_short';
}

/** The first that is added is the status, the others stand in `also`. */
function add(cell: TableJudgement, i: number, status: Status, reason: Reason): void {
  if (cell.status[i] === statusCode.complete) settle(cell, i, status, reason);
  else cell.also[i] = (cell.also[i] ?? 0) | (1 << statusCode[status]);
}

/** Dates on which rows cannot be right; in bootstrap placeholders are normal, and before the due time early rows are. */
function isImpossible(off: Reason): boolean {
  return off === 'no_games' || off === 'off_season';
}

function isRampUp(judging: Judging, table: Table, i: number): boolean {
  return judging.calendar.season[i] !== -1 && (judging.calendar.dayOfSeason[i] ?? 0) <= table.mayBeEmptyUntilDay;
}

/** What the needs of a cell show, as bits. */
const found = { blocked: 1, unread: 2, dirty: 4, stale: 8 } as const;

function readNeeds(judging: Judging, cell: TableJudgement, i: number): number {
  let needs = readSchedule(judging, cell, i);
  const own = cell.facts?.writtenAt[i] ?? Number.NaN;
  for (const edge of cell.edges) {
    if (!edge.need.required) continue;
    const state = edge.state[i];
    if (state !== edgeState.met) needs |= found.blocked;
    if (state === edgeState.unread) needs |= found.unread;
    if (edge.dirty[i]) needs |= found.dirty;
    if (edge.stale[i] || (edge.written[i] ?? Number.NaN) > own) needs |= found.stale;
  }
  return needs;
}

/** A table with a date per game needs the schedule of the date, whether or not the catalogue says so. */
function readSchedule(judging: Judging, cell: TableJudgement, i: number): number {
  const games = judging.calendar.games[i] ?? 0;
  if (games >= 0 || cell.table.dates !== 'games' || cell.table.alias === judging.catalogue.schedule?.table) return 0;
  return games === scheduleUnread ? found.blocked | found.unread : found.blocked | found.dirty;
}

/** The reason of a blocked cell: how its first failing edge fails. */
function sayBlocked(judging: Judging, cell: TableJudgement, i: number): Reason {
  const schedule = readSchedule(judging, cell, i);
  if (schedule !== 0) return judging.calendar.games[i] === noSchedule ? 'upstream_missing' : 'upstream_unknown';
  const edge = cell.edges.find((e) => e.need.required && e.state[i] !== edgeState.met);
  if (!edge || edge.state[i] === edgeState.unread) return 'upstream_unknown';
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
function expectedRows(judging: Judging, rule: Expectation | undefined, i: number): number {
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

/** More rows than keys, or more keys than there can be (R6). */
function findExcess(judging: Judging, cell: TableJudgement, i: number, rule: Expectation | undefined): Reason | null {
  const entities = cell.facts?.entities[i] ?? 0;
  if ((cell.facts?.rows[i] ?? 0) > entities && !cell.table.mayRepeat) return 'duplicates';
  if (!rule?.exactly) return null;
  const exactly = rowsAsked(rule.exactly, judging.calendar.games[i] ?? 0);
  return exactly !== null && entities > exactly ? 'unexpected_rows' : null;
}

function isOutOfReach(judging: Judging, cell: TableJudgement, i: number, rule: Expectation | undefined): boolean {
  if (!rule?.atLeast || rule.atLeast.perGame) return false;
  const cap = capOn(judging, cell, i, rule.atLeast.count);
  return cap !== null && cap < rule.atLeast.count;
}
