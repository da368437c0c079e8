/**
 * What can be reached on a date: a fixed minimum of 100 players cannot be met on a date with 3 games, and then the rule
 * is at fault and not the data. The bound is what the catalogue says of a game, or else the most that the table ever
 * held per game in the run, taken only when enough dates pass the minimum to know what a good date looks like.
 */
import type { History, Judging, TableJudgement } from './judgement.ts';
import { expectationOn } from './rules.ts';

const enoughDates = 5;

/** The most distinct rows that a table can have on a date; null where nothing bounds it or too little is known. */
export function capOn(judging: Judging, judgement: TableJudgement, i: number, minimum: number): number | null {
  const games = judging.calendar.games[i] ?? 0;
  if (judgement.table.dates !== 'games' || games <= 0) return null;
  const perGame = statedMost(judging, judgement, i) ?? seenMost(judging, judgement, minimum);
  return perGame === null ? null : Math.floor(perGame * games + 1e-9);
}

function statedMost(judging: Judging, judgement: TableJudgement, i: number): number | null {
  const rule = expectationOn(judgement.table, judging.calendar.dayOfSeason[i] ?? 0, judging.asOf);
  const figure = rule?.atMost ?? rule?.exactly;
  return figure?.perGame ? figure.count : null;
}

function seenMost(judging: Judging, judgement: TableJudgement, minimum: number): number | null {
  const { alias } = judgement.table;
  const history = judging.history.get(alias) ?? lookAtHistory(judging, judgement);
  judging.history.set(alias, history);
  const passing = history.sizes.filter((size) => size >= minimum).length;
  return passing >= enoughDates ? history.mostPerGame : null;
}

function lookAtHistory(judging: Judging, judgement: TableJudgement): History {
  const sizes: number[] = [];
  let mostPerGame = 0;
  for (let i = 0; i < judging.calendar.days; i++) {
    const games = judging.calendar.games[i] ?? 0;
    const entities = judgement.facts?.entities[i] ?? 0;
    if (games <= 0 || entities === 0) continue;
    sizes.push(entities);
    mostPerGame = Math.max(mostPerGame, entities / games);
  }
  return { mostPerGame, sizes };
}
