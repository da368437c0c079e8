/**
 * What can be reached on a date: a fixed minimum of 100 players cannot be met on a date with 3 games, and then the rule
 * is at fault and not the data. The bound is what the catalogue says of a game, and the most that the table ever held per
 * game in the season, taken only when enough dates pass the minimum to know what a good date looks like.
 */

import { expectationOn } from '../catalogue/rules.ts';
import type { History, Judging, TableJudgement } from './judgement.ts';

const enoughDates = 5;

/** The most distinct rows that a table can have on a date; null where nothing bounds it or too little is known. */
export function capOn(judging: Judging, judgement: TableJudgement, i: number, minimum: number): number | null {
  const games = judging.calendar.games[i] ?? 0;
  if (judgement.table.dates !== 'games' || games <= 0) return null;
  const bounds = [statedMost(judging, judgement, i), seenMost(judging, judgement, i, minimum)];
  const perGame = Math.min(...bounds.map((bound) => bound ?? Number.POSITIVE_INFINITY));
  return perGame === Number.POSITIVE_INFINITY ? null : Math.floor(perGame * games + 1e-9);
}

function statedMost(judging: Judging, judgement: TableJudgement, i: number): number | null {
  const rule = expectationOn(judgement.table, judging.calendar.dayOfSeason[i] ?? 0, judging.asOf);
  const figure = rule?.atMost ?? rule?.exactly;
  return figure?.perGame ? figure.count : null;
}

function seenMost(judging: Judging, judgement: TableJudgement, i: number, minimum: number): number | null {
  const season = judging.calendar.season[i] ?? -1;
  const key = `${judgement.table.alias} ${season}`;
  const history = judging.history.get(key) ?? lookAtHistory(judging, judgement, season);
  judging.history.set(key, history);
  return (history.sizes[enoughDates - 1] ?? -1) >= minimum ? history.mostPerGame : null;
}

/** Of one season, so that a verdict does not depend on how many seasons were asked together. */
function lookAtHistory(judging: Judging, judgement: TableJudgement, season: number): History {
  const sizes: number[] = [];
  let mostPerGame = 0;
  for (let i = 0; i < judging.calendar.days; i++) {
    const games = judging.calendar.games[i] ?? 0;
    const entities = judgement.facts?.entities[i] ?? 0;
    if (games <= 0 || entities === 0 || judging.calendar.season[i] !== season) continue;
    sizes.push(entities);
    mostPerGame = Math.max(mostPerGame, entities / games);
  }
  return { mostPerGame, sizes: sizes.sort((a, b) => b - a) };
}
