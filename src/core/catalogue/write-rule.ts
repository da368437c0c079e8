/** Writes a rule as it stands in `pipeline.yml`, on one line, so that it can be pasted in the place of another. */
import type { Expectation, Need } from './catalogue.ts';

/** A need with a figure per game in place of its minimum: "{ table: box, at_least_per_game: 18 }". */
export function writeNeed(need: Need, perGame: number): string {
  const [only, ...others] = need.tables;
  return writeMap({
    ...(others.length === 0 ? { table: only } : { any_of: `[${need.tables.join(', ')}]` }),
    fallback: need.fallback,
    window: need.window,
    at_least_per_game: perGame,
    at_least_share: need.window === undefined || need.atLeastShare === 0.5 ? undefined : need.atLeastShare,
    since: need.since,
  });
}

/** The same of an expectation: "{ from_day: 28, at_least_per_game: 18, at_most_per_game: 36 }". */
export function writeExpectation(rule: Expectation, perGame: number): string {
  return writeMap({
    from_day: rule.fromDay === 0 ? undefined : rule.fromDay,
    at_least_per_game: perGame,
    at_most_per_game: rule.atMost?.count,
    never_falls: rule.neverFalls,
    since: rule.since,
  });
}

function writeMap(entries: Readonly<Record<string, string | number | boolean | undefined>>): string {
  const given = Object.entries(entries).filter(([, value]) => value !== undefined);
  return `{ ${given.map(([key, value]) => `${key}: ${value}`).join(', ')} }`;
}
