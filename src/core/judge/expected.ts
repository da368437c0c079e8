/**
 * How many rows are right for a cell (R7). Some tables are cumulative and can only grow within a season, so a figure may
 * come from an earlier date of the same table; hence cells are judged in the order of their dates.
 */
import type { Expectation, Share } from '../catalogue/catalogue.ts';
import { expectationOn, type RuleRun, rowsAsked, rowsOfShare, sayExpectation } from '../catalogue/rules.ts';
import { dateAt, entitiesAt, type Judging, rowsAt, statusCode, type TableJudgement } from './judgement.ts';
import { capOn } from './reach.ts';

/** Sets what a rule itself asks for on its dates; -1 where not known, so while the table referred to is not complete. */
export function expectRows(judging: Judging, cell: TableJudgement, { rule, from, to }: RuleRun): void {
  // An exact figure has a lower one beside it in a backfill.
  const figure = rule?.atLeast ?? rule?.exactly;
  if (figure && !figure.perGame) cell.expected.fill(figure.count, from, to);
  else if (figure || rule?.share) for (let i = from; i < to; i++) cell.expected[i] = statedRows(judging, rule, i);
}

/** What the rule itself asks for; -1 where not known. */
export function statedRows(judging: Judging, rule: Expectation | undefined, i: number): number {
  const figure = rule?.atLeast ?? rule?.exactly;
  if (figure) return rowsAsked(figure, judging.calendar.games[i] ?? 0) ?? -1;
  if (!rule?.share) return -1;
  const whole = wholeOf(judging, rule.share, i);
  return whole === null ? -1 : rowsOfShare(rule.share, whole);
}

function wholeOf(judging: Judging, share: Share, i: number): number | null {
  let other = judging.tables.get(share.of);
  if (other && share.fallback !== undefined && rowsAt(other, i) === 0) other = judging.tables.get(share.fallback);
  if (!other?.facts || other.status[i] !== statusCode.complete) return null;
  return other.facts.entities[i] ?? 0;
}

/** Whether the fixed figure of the table itself is more than it can hold on such a date. */
export function isOutOfReach(
  judging: Judging,
  cell: TableJudgement,
  i: number,
  rule: Expectation | undefined,
): boolean {
  const figure = rule?.atLeast ?? rule?.exactly;
  if (!figure || figure.perGame || (entitiesAt(cell, i) ?? 0) >= figure.count) return false;
  const cap = capOn(judging, cell, i, figure.count);
  return cap !== null && cap < figure.count;
}

/**
 * Finds the peak before date `i` from the one before date `i - 1`, and expects no less where the rule never falls. Only a
 * date that was judged and is not over counts, and placeholders of a date that need have no rows do not; a season begins
 * anew. Returns whether there is such a peak.
 */
export function raiseToPeak(judging: Judging, cell: TableJudgement, i: number, rule: Expectation | undefined): boolean {
  const { peakAt } = cell;
  if (!peakAt) return false;
  peakAt[i] = findPeak(judging, cell, peakAt, i);
  const peak = peakOf(cell, peakAt[i] ?? -1);
  if (!rule?.neverFalls || peak === 0) return false;
  cell.expected[i] = Math.max(cell.expected[i] ?? -1, peak);
  return true;
}

function findPeak(judging: Judging, cell: TableJudgement, peakAt: Int32Array, i: number): number {
  const { season } = judging.calendar;
  if (i === 0 || season[i] !== season[i - 1] || season[i] === -1) return -1;
  const last = peakAt[i - 1] ?? -1;
  return peakOf(cell, i - 1) > peakOf(cell, last) && isTrusted(cell, i - 1) ? i - 1 : last;
}

function peakOf(cell: TableJudgement, at: number): number {
  return at < 0 ? 0 : (entitiesAt(cell, at) ?? 0);
}

function isTrusted(cell: TableJudgement, i: number): boolean {
  const status = cell.status[i];
  if (status === statusCode.unknown || status === statusCode.not_expected || status === statusCode.over) return false;
  return ((cell.also[i] ?? 0) & (1 << statusCode.over)) === 0;
}

/** What is expected of a cell in words, with the date that it must not fall below. */
export function sayExpected(judging: Judging, cell: TableJudgement, i: number): string {
  const rule = expectationOn(cell.table, judging.calendar.dayOfSeason[i] ?? 0, judging.asOf);
  const said = sayExpectation(rule);
  if (!rule?.neverFalls) return said;
  const at = cell.peakAt?.[i] ?? -1;
  return at < 0 ? said : `${said} (${peakOf(cell, at)} rows on ${dateAt(judging, at)})`;
}
