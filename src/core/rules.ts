/**
 * Which rule of the catalogue holds for a date, and what it asks in rows. Rules have a `since`: the day on which people
 * began to apply them, so a date can be judged by today's rules or by those of the day on which a note was written.
 */
import type { Expectation, Figure, Need, Table } from './catalogue.ts';
import type { CalendarDate } from './dates.ts';

/** The expectation that holds on a day of the season under the rules of `asOf`: the last one in the catalogue that applies. */
export function expectationOn(table: Table, dayOfSeason: number, asOf: CalendarDate): Expectation | undefined {
  return table.expect.findLast(
    (rule) => rule.fromDay <= dayOfSeason && (rule.since === undefined || rule.since <= asOf),
  );
}

/** The needs under the rules of `asOf`: of several for the same tables and window the latest that has begun. */
export function needsAsOf(table: Table, asOf: CalendarDate): Need[] {
  const begun = table.needs.filter((need) => need.since === undefined || need.since <= asOf);
  return begun.filter((need) => !begun.some((other) => isLater(other, need)));
}

function isLater(other: Need, need: Need): boolean {
  const sameEdge = other.tables.join() === need.tables.join() && other.window === need.window;
  return other !== need && sameEdge && (other.since ?? '') > (need.since ?? '');
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
  const since = rule.since === undefined ? '' : ` since ${rule.since}`;
  if (rule.exactly) return sayFigure('exactly', rule.exactly) + from;
  if (rule.atLeast) return sayFigure('at least', rule.atLeast) + from;
  if (rule.share) return `at least ${Math.round(rule.share.atLeast * 100)} % of ${rule.share.of}${since}${from}`;
  return `any rows${from}`;
}

/** A need in words: "pgs over the season so far, at least 50 % of its dates". */
export function sayNeed(need: Need): string {
  const who = need.tables.join(' or ') + (need.fallback === undefined ? '' : ` (else ${need.fallback})`);
  const figure = need.atLeast ? `, ${sayFigure('at least', need.atLeast)}` : '';
  if (need.window === undefined) return `${who}${figure}`;
  const window = need.window === 'season' ? 'the season so far' : `${need.window} days`;
  return `${who} over ${window}${figure}, at least ${Math.round(need.atLeastShare * 100)} % of its dates`;
}
