/**
 * Which rule of the catalogue holds for a date, and what it asks in rows. Rules have a `since`: the day on which people
 * began to apply them, so a date can be judged by today's rules or by those of the day on which a note was written.
 */

import type { CalendarDate } from '../dates.ts';
import type { Expectation, Figure, Need, Share, Table } from './catalogue.ts';

/** The expectation that holds on a day of the season under the rules of `asOf`: the last one in the catalogue that applies. */
export function expectationOn(table: Table, dayOfSeason: number, asOf: CalendarDate): Expectation | undefined {
  return table.expect.findLast(
    (rule) => rule.fromDay <= dayOfSeason && (rule.since === undefined || rule.since <= asOf),
  );
}

/** Dates of the run, from an index to the one before `to`, on which one expectation holds. */
export type RuleRun = { readonly rule: Expectation | undefined; readonly from: number; readonly to: number };

/** Which expectation holds over which dates; `dayOfSeason`: of each date of the run. For most tables it is one for all. */
export function listRuleRuns(table: Table, dayOfSeason: Int32Array, asOf: CalendarDate): RuleRun[] {
  const days = dayOfSeason.length;
  if (table.expect.every((rule) => rule.fromDay <= 0))
    return [{ rule: expectationOn(table, 0, asOf), from: 0, to: days }];
  const runs: { rule: Expectation | undefined; from: number; to: number }[] = [];
  for (let i = 0; i < days; i++) {
    const rule = expectationOn(table, dayOfSeason[i] ?? 0, asOf);
    const last = runs.at(-1);
    if (last && last.rule === rule) last.to = i + 1;
    else runs.push({ rule, from: i, to: i + 1 });
  }
  return runs;
}

/** The needs under the rules of `asOf`: of several for the same tables and window the latest that has begun. */
export function needsAsOf(table: Table, asOf: CalendarDate): Need[] {
  const begun = table.needs.filter((need) => need.since === undefined || need.since <= asOf);
  return withYardsticks(begun.filter((need) => !begun.some((other) => isLater(other, need))));
}

/** A need that is a share of another table needs that one as well: a share of nothing tells nothing. */
function withYardsticks(needs: readonly Need[]): Need[] {
  const given = new Set(needs.filter(isPlain).map((need) => need.tables[0]));
  return needs.flatMap((need) => {
    if (!need.share || given.has(need.share.of)) return [need];
    if (need.required) given.add(need.share.of);
    return [need, { tables: [need.share.of], atLeastShare: 0.5, required: need.required, anyRows: true as const }];
  });
}

function isPlain(need: Need): boolean {
  return need.required && need.window === undefined && need.tables.length === 1 && need.fallback === undefined;
}

function isLater(other: Need, need: Need): boolean {
  const sameEdge = other.tables.join() === need.tables.join() && other.window === need.window;
  return other !== need && sameEdge && (other.since ?? '') > (need.since ?? '');
}

/** Rows that a share of so many entities asks for; whole rows, and a hair of room for arithmetic. */
export function rowsOfShare(share: Share, entities: number): number {
  return Math.ceil(entities * (share.times ?? 1) * share.atLeast - 1e-9);
}

/** Rows that a figure asks for on a date with so many games; null where the number of games is not known. */
export function rowsAsked(figure: Figure, games: number): number | null {
  if (!figure.perGame) return figure.count;
  return games < 0 ? null : Math.ceil(figure.count * games - 1e-9);
}

/** A figure in words: "at least 100 rows", "exactly 2 rows per game since 2025-12-02". */
export function sayFigure(how: 'at least' | 'exactly' | 'at most', figure: Figure): string {
  const per = figure.perGame ? ' per game' : '';
  const since = figure.since === undefined ? '' : ` since ${figure.since}`;
  return `${how} ${figure.count} rows${per}${since}`;
}

/** An expectation in words. */
export function sayExpectation(rule: Expectation | undefined): string {
  if (!rule) return 'any rows';
  const from = rule.fromDay > 0 ? ` from day ${rule.fromDay} of the season` : '';
  return `${sayMinimum(rule) ?? 'any rows'}${from}${sayRelaxed(rule)}`;
}

function sayMinimum(rule: Expectation): string | undefined {
  const figure = sayOwnMinimum(rule);
  if (!rule.neverFalls) return figure;
  return `${figure === undefined ? '' : `${figure} and `}never fewer than earlier in the season`;
}

function sayOwnMinimum(rule: Expectation): string | undefined {
  const since = rule.since === undefined ? '' : ` since ${rule.since}`;
  // In a backfill an exact figure has a lower one beside it.
  if (rule.exactly && !rule.atLeast) return sayFigure('exactly', rule.exactly);
  if (rule.atLeast) return sayFigure('at least', rule.atLeast);
  return rule.share && `${sayShareOf(rule.share)}${since}`;
}

/** "at least 90 % of mlfs", "at least 90 % of 5 rows for each of mlfs". */
export function sayShareOf(share: Share): string {
  const whole = share.times === undefined ? share.of : `${share.times} rows for each of ${share.of}`;
  return `at least ${sayPercent(share.atLeast)} of ${whole}`;
}

/** 0.881 as "88.1 %". */
export function sayPercent(share: number): string {
  return `${Math.round(share * 1000) / 10} %`;
}

function sayRelaxed(rule: { readonly relaxed?: true }): string {
  return rule.relaxed ? ', the figure for backfills' : '';
}

/** A need in words: "pgs over the season so far, at least 50 % of its dates". */
export function sayNeed(need: Need): string {
  const who = need.tables.join(' or ') + (need.fallback === undefined ? '' : ` (else ${need.fallback})`);
  if (need.anyRows) return `${who}, any rows, since another need is a share of it`;
  const since = need.share && need.since !== undefined ? ` since ${need.since}` : '';
  const share = need.share ? `, ${sayShareOf(need.share)}${since}` : '';
  const figure = need.atLeast ? `, ${sayFigure('at least', need.atLeast)}` : share;
  if (need.window === undefined) return `${who}${figure}${sayRelaxed(need)}`;
  const window = need.window === 'season' ? 'the season so far' : `${need.window} days`;
  return `${who} over ${window}${figure}, at least ${sayPercent(need.atLeastShare)} of its dates${sayRelaxed(need)}`;
}
