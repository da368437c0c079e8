/**
 * The judge: facts and calendar in, a status and a reason for every cell out, by the rules R1-R10 of the product's
 * description. Tables are judged in the order of their needs, each once over the whole run, since a verdict depends on
 * the verdicts above it and windows reach back a season. What is shown of a cell is built by `explain`, only on demand.
 */
import { buildCalendar, firstNotDue, noSchedule } from '../catalogue/calendar.ts';
import type { Catalogue, Expectation, Table } from '../catalogue/catalogue.ts';
import { listRuleRuns, needsAsOf, rowsAsked } from '../catalogue/rules.ts';
import type { CalendarDate } from '../dates.ts';
import { dateIn } from '../dates.ts';
import type { Facts } from '../facts.ts';
import { eachOf, runSteps, type Steps } from '../steps.ts';
import type { Reason } from '../verdict.ts';
import { readEdge, upstreamAt } from './edges.ts';
import { expectRows, isOutOfReach, raiseToPeak } from './expected.ts';
import { relaxCatalogue } from './in-backfill.ts';
import {
  statusCode as code,
  dateAt,
  type Edge,
  edgeState,
  type Judging,
  judgementOf,
  missingAt,
  reasonCode,
  rowsAt,
  type TableJudgement,
} from './judgement.ts';
import { addUpNeeds, found, readSchedule } from './needs-found.ts';
import { listNotExpected } from './not-expected.ts';
import { capOn } from './reach.ts';

/** `rulesAsOf`: the day whose rules apply, today if absent; `inBackfill`: by the lower figures of rules that have one. */
export type JudgeOptions = {
  readonly now: number;
  readonly rulesAsOf?: CalendarDate | undefined;
  readonly inBackfill?: boolean | undefined;
  readonly missing?: Judging['missing'];
  readonly failed?: Judging['failed'];
  readonly accepted?: Judging['accepted'];
};

/** Judges every table that the facts were asked for (read or not), in topological order. */
export function judge(given: Catalogue, facts: Facts, options: JudgeOptions): Judging {
  return runSteps(judgeSteps(given, facts, options));
}

/** The same in steps of a few milliseconds. */
export function* judgeSteps(given: Catalogue, facts: Facts, options: JudgeOptions): Steps<Judging> {
  const catalogue = options.inBackfill ? relaxCatalogue(given) : given;
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
  const tables = [...catalogue.tables.values()].filter(
    ({ alias }) => facts.tables.has(alias) || facts.unread.has(alias),
  );
  const dueFrom = new Map<number, number>();
  yield* eachOf(tables, facts.days, (table) => {
    const notDueFrom = dueFrom.get(table.dueAfterHours) ?? firstNotDue(catalogue, table, judging.calendar, judging.now);
    dueFrom.set(table.dueAfterHours, notDueFrom);
    judging.tables.set(table.alias, judgeTable(judging, table, notDueFrom));
  });
  return judging;
}

/** What is known of a table's dates before they are judged one after the other. */
type Columns = {
  /** Code of the reason why there can be no rows; 0 where there can. */
  readonly off: Uint8Array;
  /** Bits of `found`. */
  readonly needs: Uint8Array;
};

function judgeTable(judging: Judging, table: Table, notDueFrom: number): TableJudgement {
  const { calendar, catalogue } = judging;
  const { days } = calendar;
  const cell: TableJudgement = {
    table,
    facts: judging.facts.tables.get(table.alias),
    status: new Uint8Array(days),
    reason: new Uint8Array(days),
    also: new Uint16Array(days),
    expected: new Int32Array(days).fill(-1),
    peakAt: table.expect.some((rule) => rule.neverFalls) ? new Int32Array(days).fill(-1) : undefined,
    edges: needsAsOf(table, judging.asOf).map((need) => readEdge(judging, need)),
  };
  const columns = { off: listNotExpected(catalogue, table, calendar, notDueFrom), needs: addUpNeeds(judging, cell) };
  for (const run of listRuleRuns(table, calendar.dayOfSeason, judging.asOf)) {
    expectRows(judging, cell, run);
    for (let i = run.from; i < run.to; i++) judgeCell(judging, cell, i, run.rule, columns);
  }
  return cell;
}

/** Sets status, reason and `also` of one cell: of what applies the first is the status (R2). */
function judgeCell(
  judging: Judging,
  cell: TableJudgement,
  i: number,
  rule: Expectation | undefined,
  columns: Columns,
): void {
  const rows = rowsAt(cell, i);
  const off = columns.off[i] ?? 0;
  const needs = columns.needs[i] ?? 0;
  const risen = raiseToPeak(judging, cell, i, rule);
  if (rows < 0) settle(cell, i, code.unknown, reasonCode.unreadable);
  else if (off !== 0 && rows > 0 && isImpossible(off)) settle(cell, i, code.over, reasonCode.unexpected_rows);
  else if (off !== 0) settle(cell, i, code.not_expected, off);
  else {
    if (rows === 0) judgeEmpty(judging, cell, i, needs, risen);
    else judgeFilled(judging, cell, i, needs, rule);
    if (judging.accepted.size > 0 && isAcceptedGap(judging, cell, i)) {
      cell.also[i] = 0;
      settle(cell, i, code.not_expected, reasonCode.accepted_gap);
    }
  }
}

/** An accepted gap is one only while something lacks: rows that came after all are judged as any others. */
function isAcceptedGap(judging: Judging, cell: TableJudgement, i: number): boolean {
  const status = cell.status[i];
  const lacks = status === code.missing || status === code.blocked || status === code.thin;
  return lacks && judging.accepted.has(`${cell.table.alias} ${dateAt(judging, i)}`);
}

/** Codes of a status and of a reason. */
function settle(cell: TableJudgement, i: number, status: number, reason: number): void {
  cell.status[i] = status;
  cell.reason[i] = reason;
}

/** What never falls cannot be empty again once it has `risen`, however early in a season that is (R7). */
function judgeEmpty(judging: Judging, cell: TableJudgement, i: number, needs: number, risen: boolean): void {
  if (!risen && isRampUp(judging, cell.table, i)) settle(cell, i, code.not_expected, reasonCode.ramp_up);
  else if (needs & found.blocked) settle(cell, i, code.blocked, reasonCode[sayBlocked(judging, cell, i)]);
  else settle(cell, i, code.missing, reasonCode[sayMissing(judging, cell, i)]);
}

/** Why rows that could be there are not: nobody ran it, or somebody did and it failed or wrote nothing. */
function sayMissing(judging: Judging, cell: TableJudgement, i: number): Reason {
  if (judging.failed.size === 0) return 'never_run';
  const failed = judging.failed.get(`${cell.table.alias} ${dateAt(judging, i)}`);
  return failed === 'run_failed' || failed === 'empty_success' ? failed : 'never_run';
}

/** What rows that are there can suffer from, in the order of R2. */
function judgeFilled(
  judging: Judging,
  cell: TableJudgement,
  i: number,
  needs: number,
  rule: Expectation | undefined,
): void {
  if (needs & found.unread) {
    settle(cell, i, code.unknown, reasonCode.upstream_unknown);
    return;
  }
  cell.status[i] = code.complete;
  if (needs & found.dirty) add(cell, i, code.tainted, reasonCode.built_on_bad_input);
  const excess = findExcess(judging, cell, i, rule);
  if (excess) add(cell, i, code.over, reasonCode[excess]);
  if ((cell.facts?.entities[i] ?? 0) < (cell.expected[i] ?? -1))
    add(cell, i, code.thin, reasonCode[sayThin(judging, cell, i, rule)]);
  if (needs & found.stale) add(cell, i, code.stale, reasonCode.upstream_rewritten);
}

function sayThin(judging: Judging, cell: TableJudgement, i: number, rule: Expectation | undefined): Reason {
  if (isOutOfReach(judging, cell, i, rule)) return 'threshold_unreachable';
  return missingAt(judging, cell, i).length > 0 ? 'entity_missing' : 'rows_short';
}

/** The first that is added is the status, the others stand in `also`. */
function add(cell: TableJudgement, i: number, status: number, reason: number): void {
  if (cell.status[i] === code.complete) settle(cell, i, status, reason);
  else cell.also[i] = (cell.also[i] ?? 0) | (1 << status);
}

/** Dates on which rows cannot be right; in bootstrap placeholders are normal, and before the due time early rows are. */
function isImpossible(off: number): boolean {
  return off === reasonCode.no_games || off === reasonCode.off_season;
}

function isRampUp(judging: Judging, table: Table, i: number): boolean {
  return judging.calendar.season[i] !== -1 && (judging.calendar.dayOfSeason[i] ?? 0) <= table.mayBeEmptyUntilDay;
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

/** Whether a fixed minimum of an edge is more than its upstream, or any alternative, can hold on such a date. */
export function isUnreachable(judging: Judging, { need }: Edge, i: number): boolean {
  const figure = need.atLeast;
  if (!figure || figure.perGame) return false;
  const isKept = (cell: TableJudgement) => (capOn(judging, cell, i, figure.count) ?? -1) >= figure.count;
  const chosen = upstreamAt(judging, need, i);
  if (capOn(judging, chosen, i, figure.count) === null || isKept(chosen)) return false;
  return need.tables.length === 1 || !need.tables.some((alias) => isKept(judgementOf(judging, alias)));
}

/** More rows than keys, or more keys than there can be (R6). */
function findExcess(judging: Judging, cell: TableJudgement, i: number, rule: Expectation | undefined): Reason | null {
  const entities = cell.facts?.entities[i] ?? 0;
  if ((cell.facts?.rows[i] ?? 0) > entities && !cell.table.mayRepeat) return 'duplicates';
  if (!rule?.exactly) return null;
  const exactly = rowsAsked(rule.exactly, judging.calendar.games[i] ?? 0);
  return exactly !== null && entities > exactly ? 'unexpected_rows' : null;
}
