/**
 * How many games each date of the generated season has: 1,230 in all, none on the dates that the pipeline declares free.
 * November and the first week of January are given, because those are the dates that operators' notes speak of.
 */
import { addDays, weekday } from '../../../src/core/dates.ts';
import type { Random } from './random.ts';

export type Slate = { readonly date: string; readonly games: number };

const firstDate = '2021-10-19';
const lastDate = '2022-04-10';
const totalGames = 1230;
const free = new Set([
  '2021-11-25',
  '2021-12-24',
  '2022-02-18',
  '2022-02-19',
  '2022-02-20',
  '2022-02-21',
  '2022-02-22',
  '2022-02-23',
  '2022-04-04',
]);

// The season opens with two games and closes with every team on the floor.
const givenRuns: readonly { readonly from: string; readonly games: readonly number[] }[] = [
  { from: firstDate, games: [2] },
  {
    from: '2021-11-01',
    games: [9, 5, 11, 5, 9, 6, 8, 8, 3, 13, 3, 11, 7, 7, 11, 3, 11, 6, 9, 9, 5, 10, 4, 13, 0, 12, 8, 5, 9, 5],
  },
  { from: '2022-01-01', games: [6, 7, 10, 5, 11, 4, 9] },
  { from: lastDate, games: [15] },
];

/** Least and most games by weekday, Monday first: Wednesdays and Fridays are long, Thursdays are short. */
const usual: readonly (readonly [number, number])[] = [
  [6, 11],
  [4, 8],
  [9, 13],
  [2, 5],
  [8, 12],
  [6, 10],
  [4, 9],
];

function givenGames(): Map<string, number> {
  return new Map(givenRuns.flatMap(({ from, games }) => games.map((n, i) => [addDays(from, i), n] as const)));
}

function openDates(given: ReadonlyMap<string, number>): string[] {
  const dates: string[] = [];
  for (let date = firstDate; date <= lastDate; date = addDays(date, 1)) {
    if (!free.has(date) && !given.has(date)) dates.push(date);
  }
  return dates;
}

function drawGames(random: Random, date: string): number {
  const [least, most] = usual[weekday(date) - 1] ?? [4, 9];
  return least + random.below(most - least + 1);
}

/** Every date with games, in order; the games add up to 1,230. */
export function makeSlates(random: Random): Slate[] {
  const games = givenGames();
  const open = openDates(games);
  for (const date of open) games.set(date, drawGames(random, date));
  let surplus = [...games.values()].reduce((sum, n) => sum + n, 0) - totalGames;
  while (surplus !== 0) {
    const date = random.pick(open);
    const next = (games.get(date) ?? 0) - Math.sign(surplus);
    if (next < 2 || next > 14) continue;
    games.set(date, next);
    surplus -= Math.sign(surplus);
  }
  return [...games]
    .map(([date, n]) => ({ date, games: n }))
    .filter((slate) => slate.games > 0)
    .sort((a, b) => (a.date < b.date ? -1 : 1));
}
