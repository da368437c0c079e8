/**
 * The words for statuses, reasons, figures and times: one phrase for one thing, in every message, so that a person can
 * search the channel for it.
 */

import type { CellState } from '../core/backfill/backfill-report.ts';
import type { RollUpLine } from '../core/coverage/coverage-report.ts';
import type { CalendarDate } from '../core/dates.ts';
import { daysBetween, groupRuns, sayDates } from '../core/dates.ts';
import type { CellGroup } from '../core/plan/plan-report.ts';
import { writeDates } from '../core/request/when.ts';
import type { Cause, Failing, Reason, Status, Verdict } from '../core/verdict.ts';

/** One mark per status: shapes differ, since colour alone is not seen by everybody and a code block has none. */
export const statusMarks: Readonly<Record<Status, string>> = {
  complete: '■',
  stale: '◪',
  tainted: '▨',
  thin: '◧',
  over: '▲',
  missing: '□',
  blocked: '✕',
  running: '▶',
  not_expected: '·',
  unknown: '?',
};

export const statusWords: Readonly<Record<Status, string>> = {
  complete: 'complete',
  stale: 'stale',
  tainted: 'tainted',
  thin: 'thin',
  over: 'over',
  missing: 'missing',
  blocked: 'blocked',
  running: 'running',
  not_expected: 'not expected',
  unknown: 'unknown',
};

export const reasonWords: Readonly<Record<Reason, string>> = {
  no_games: 'no games',
  bootstrap: 'first days of a season, empty by design',
  ramp_up: 'may still be empty this early in a season',
  off_season: 'outside every season',
  not_due: 'not due yet',
  accepted_gap: 'accepted gap',
  upstream_missing: 'an upstream has no rows',
  upstream_thin: 'an upstream has too few rows',
  upstream_entity_missing: 'an upstream lacks an entity',
  upstream_unknown: 'an upstream could not be read',
  never_run: 'never ran',
  run_failed: 'the last run failed',
  empty_success: 'a run said success and wrote no rows',
  rows_short: 'too few rows',
  entity_missing: 'an entity is missing',
  duplicates: 'duplicate rows',
  unexpected_rows: 'rows on a date that can have none',
  built_on_bad_input: 'built on missing or bad input',
  upstream_rewritten: 'an upstream was written again later',
  threshold_unreachable: 'its minimum cannot be met on this date: the rule is at fault',
  unverified: 'cannot tell whether the rows are new',
  unreadable: 'could not be read',
};

/** What a cause did, after the table's name and before the dates: "pgs never ran on 16 Nov". */
const causeVerbs: Partial<Record<Reason, string>> = {
  never_run: 'never ran on',
  run_failed: 'failed on',
  empty_success: 'said success but wrote no rows on',
  rows_short: 'has too few rows on',
  entity_missing: 'lacks an entity on',
  duplicates: 'has duplicate rows on',
  unexpected_rows: 'has rows that cannot be right on',
  built_on_bad_input: 'was built on bad input on',
  upstream_rewritten: 'is older than its input on',
  threshold_unreachable: 'is asked for a minimum that cannot be met on',
  unverified: 'could not be verified on',
  unreadable: 'could not be read on',
  not_due: 'is not due yet on',
};

/** "pgs never ran on 16, 18, 21 Nov 2021". */
export function sayCauseOf(
  table: string,
  reason: Reason,
  dates: readonly CalendarDate[],
  missing?: readonly string[],
): string {
  if (missing) return `${table} lacks ${sayNames(missing)} on ${sayDays(dates)}`;
  const verb = causeVerbs[reason];
  return verb
    ? `${table} ${verb} ${sayDays(dates)}`
    : `${table} has no rows (${reasonWords[reason]}) on ${sayDays(dates)}`;
}

/** One cause with its figures: "pdc has too few rows on 21 Nov 2021 (95 of 100)". */
export function sayCause(cause: Cause): string {
  if (cause.missing)
    return `${cause.table} lacks ${sayNames(cause.missing)} on ${sayDays([cause.date])} (${sayHave(cause)})`;
  const said = sayCauseOf(cause.table, cause.reason, [cause.date]);
  return cause.have === null || cause.need === null || cause.have === 0 ? said : `${said} (${sayHave(cause)})`;
}

/** Names in words, at most six: "ATL, SAS and 3 more". */
export function sayNames(names: readonly string[]): string {
  const shown = names.length > 7 ? names.slice(0, 6) : names;
  const more = names.length - shown.length;
  return more > 0 ? `${shown.join(', ')} and ${more} more` : shown.join(', ');
}

function sayHave(figures: { readonly have: number | null; readonly need: number | null }): string {
  return `${figures.have === null ? 'unread' : sayNumber(figures.have)} of ${figures.need === null ? '?' : sayNumber(figures.need)}`;
}

/** A direct edge that fails: "pdc 95 of 100 rows", "pgs 10 of 13 dates (whole season so far)". */
export function sayFailing(failing: Failing): string {
  if (failing.have === null) return `${failing.table} could not be read`;
  if (failing.unreachable) return `${failing.table} ${sayHave(failing)} rows, which cannot be reached`;
  if (failing.window !== undefined) {
    const window = failing.window === 'season' ? 'season so far' : `last ${failing.window} days`;
    return `${failing.table} ${sayHave(failing)} dates (${window})`;
  }
  if (failing.need === null) return `${failing.table} is ${statusWords[failing.status ?? 'missing']}`;
  const short = failing.have < failing.need;
  if (!short && failing.status) return `${failing.table} is ${statusWords[failing.status]}`;
  return failing.have === 0 ? `${failing.table} has no rows` : `${failing.table} ${sayHave(failing)} rows`;
}

/** Why a cell has its status, as short as a table cell: the edge that fails, or else the reason. */
export function sayWhy(verdict: Verdict): string {
  const first = verdict.failing[0];
  if (verdict.missing && verdict.status === 'thin') return `lacks ${sayNames(verdict.missing)}`;
  const ownFault = verdict.status === 'thin' || verdict.status === 'over' || verdict.status === 'stale';
  if (first === undefined || ownFault) return verdict.reason === null ? '' : reasonWords[verdict.reason];
  const more = verdict.failing.length - 1;
  return more > 0 ? `${sayFailing(first)}; +${more} more` : sayFailing(first);
}

export const cellStateWords: Readonly<Record<CellState, string>> = {
  waiting: 'waiting for upstream',
  ready: 'next',
  running: 'running',
  succeeded: 'done',
  failed: 'failed',
  blocked: 'blocked',
  skipped: 'nothing to do',
  canceled: 'canceled',
};

/** 1234567 -> "1,234,567". */
export function sayNumber(value: number): string {
  const [whole = '0', rest] = String(value).split('.');
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, ',');
  return rest === undefined ? grouped : `${grouped}.${rest.slice(0, 2)}`;
}

/** "1 date", "2 dates". */
export function count(value: number, thing: string, plural = `${thing}s`): string {
  return `${sayNumber(value)} ${value === 1 ? thing : plural}`;
}

/** A share of a whole with one decimal: "18.8 %". Never rounds up to 100 or down to 0. */
export function sayShare(part: number, whole: number): string {
  if (whole <= 0) return '-';
  const share = (part / whole) * 100;
  if (part >= whole) return '100 %';
  if (part <= 0) return '0 %';
  return `${Math.min(99.9, Math.max(0.1, share)).toFixed(1)} %`;
}

/** Dates in words; runs with many holes are said by their ends and their number. */
export function sayDays(dates: readonly CalendarDate[]): string {
  const sorted = [...new Set(dates)].sort();
  const [first, last] = [sorted[0], sorted.at(-1)];
  if (first === undefined || last === undefined) return 'no dates';
  if (groupRuns(sorted).length <= 6) return sayDates(sorted);
  return `${count(sorted.length, 'date')} from ${sayDates([first])} to ${sayDates([last])}`;
}

/** Dates that are left as they are, by what they are: "complete 2-15 Nov 2021; no games 25 Nov 2021". */
export function sayLeft(groups: readonly CellGroup[]): string {
  return groups
    .map(({ status, reason, dates }) => {
      const what = status === 'not_expected' && reason !== null ? reasonWords[reason] : statusWords[status];
      return `${what} ${sayDays(dates)}`;
    })
    .join('; ');
}

/** A range in words, both ends included: "1-30 Nov 2021". */
export function sayRange(from: CalendarDate, to: CalendarDate): string {
  return sayDates(daysBetween(from, to));
}

/** A range as an argument that can be typed. */
export function typeRange(from: CalendarDate, to: CalendarDate): string {
  return from === to ? from : `${from}..${to}`;
}

/** Dates as an argument that can be typed: exactly these, with runs as ranges. */
export const typeDates = writeDates;

/**
 * Dates as an argument for a person to read: many runs become the range they lie in. Only for commands that leave alone
 * what needs nothing; what is run without being read is typed with `typeDates`.
 */
export function typeDatesBriefly(dates: readonly CalendarDate[]): string {
  const runs = groupRuns(dates);
  const [first, last] = [runs[0], runs.at(-1)];
  if (first === undefined || last === undefined || runs.length <= 12) return typeDates(dates);
  return typeRange(first.from, last.to);
}

/**
 * "36.6 % of 112 expected complete (41), 100 reachable; 34.2 % of all 120, target 88.1 %": the target is of all, since
 * dates that are empty by design were counted when it was set.
 */
export function sayRollUp(line: RollUpLine): string {
  const counts = `${sayShare(line.complete, line.expected)} of ${sayNumber(line.expected)} expected complete (${sayNumber(line.complete)})`;
  const reach = line.reachable < line.expected ? `, ${sayNumber(line.reachable)} reachable` : '';
  const target =
    line.target === null
      ? ''
      : `; ${sayShare(line.complete, line.calendar)} of all ${sayNumber(line.calendar)}, target ${sayShare(line.target * 1000, 1000)}`;
  return line.expected === 0 ? 'nothing expected' : counts + reach + target;
}

/** The name of a line, with how much of a phase was asked: a part of it cannot meet the target of the whole. */
export function nameRollUp({ name, part }: RollUpLine): string {
  return part === undefined ? name : `${name} (${part.tables} of its ${part.of} tables)`;
}
