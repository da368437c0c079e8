/**
 * What happened in a game: who entered it (9 to 12 of a team), who was listed and did not, and for those who played a
 * box score whose shot zones add up to its field goals and whose points follow from its shots.
 */
import type { Player } from './players.ts';
import type { Random } from './random.ts';

/** A row of a gamebook without the game it belongs to; NULL figures are of players who did not enter. */
export type Line = {
  readonly player_lookup: string;
  readonly player_name: string;
  readonly player_status: 'active' | 'dnp';
  readonly minutes: number | null;
  readonly points: number | null;
  readonly rebounds: number | null;
  readonly assists: number | null;
  readonly steals: number | null;
  readonly blocks: number | null;
  readonly turnovers: number | null;
  readonly fouls: number | null;
  readonly fg_made: number | null;
  readonly fg_att: number | null;
  readonly ft_made: number | null;
  readonly ft_att: number | null;
  readonly paint_made: number | null;
  readonly paint_att: number | null;
  readonly mid_made: number | null;
  readonly mid_att: number | null;
  readonly three_made: number | null;
  readonly three_att: number | null;
};

const usualMinutes = [35, 34, 32, 30, 28, 21, 18, 15, 11, 8, 5, 3];
const entering = [9, 10, 10, 10, 11, 11, 11, 12];

function isAway(player: Player, date: string): boolean {
  return player.away.some(({ from, to }) => from <= date && date <= to);
}

/** Who enters and who is only listed. With many absent, the absent with the best rank are well again. */
function chooseSides(random: Random, roster: readonly Player[], date: string): { enter: Player[]; listed: Player[] } {
  const order = roster
    .map((player) => ({ player, place: (isAway(player, date) ? 100 : 0) + player.rank + random.normal(0, 1.5) }))
    .sort((a, b) => a.place - b.place)
    .map(({ player }) => player);
  const entered = random.pick(entering);
  return { enter: order.slice(0, entered), listed: random.shuffle(order.slice(entered)).slice(0, 3 + random.below(3)) };
}

type Shots = { made: number; att: number };

function shootOne(random: Random, zone: Shots, chance: number): void {
  zone.att += 1;
  if (random.unit() < chance) zone.made += 1;
}

function shoot(random: Random, player: Player, attempts: number, guarded: number) {
  const paint = { made: 0, att: 0 };
  const mid = { made: 0, att: 0 };
  const three = { made: 0, att: 0 };
  const skill = player.touch - guarded;
  for (let n = 0; n < attempts; n += 1) {
    const place = random.unit();
    if (place < player.paint) shootOne(random, paint, 0.56 + skill);
    else if (place < player.paint + player.three) shootOne(random, three, 0.355 + skill);
    else shootOne(random, mid, 0.41 + skill);
  }
  return { paint, mid, three };
}

/** `part` is the player's part of the team's play, of 1. */
function playLine(random: Random, player: Player, minutes: number, part: number, guarded: number): Line {
  const wished = 88 * part;
  const attempts = Math.max(0, Math.round(random.normal(wished, 0.55 * Math.sqrt(wished))));
  const { paint, mid, three } = shoot(random, player, attempts, guarded);
  const free = { made: 0, att: 0 };
  const freeThrows = 2 * random.count(10.5 * part);
  for (let n = 0; n < freeThrows; n += 1) shootOne(random, free, player.freeThrows);
  return {
    player_lookup: player.lookup,
    player_name: player.name,
    player_status: 'active',
    minutes,
    points: 2 * (paint.made + mid.made) + 3 * three.made + free.made,
    rebounds: random.count(minutes * 0.18 * player.glass),
    assists: random.count(minutes * 0.1 * player.passing),
    steals: random.count(minutes * 0.032),
    blocks: random.count(minutes * 0.02),
    turnovers: random.count(minutes * 0.056),
    fouls: Math.min(6, random.count(minutes * 0.082)),
    fg_made: paint.made + mid.made + three.made,
    fg_att: paint.att + mid.att + three.att,
    ft_made: free.made,
    ft_att: free.att,
    paint_made: paint.made,
    paint_att: paint.att,
    mid_made: mid.made,
    mid_att: mid.att,
    three_made: three.made,
    three_att: three.att,
  };
}

function listedLine(player: Player): Line {
  return {
    player_lookup: player.lookup,
    player_name: player.name,
    player_status: 'dnp',
    minutes: null,
    points: null,
    rebounds: null,
    assists: null,
    steals: null,
    blocks: null,
    turnovers: null,
    fouls: null,
    fg_made: null,
    fg_att: null,
    ft_made: null,
    ft_att: null,
    paint_made: null,
    paint_att: null,
    mid_made: null,
    mid_att: null,
    three_made: null,
    three_att: null,
  };
}

/** The lines of one team in one game; `guarded` is what the other team's defense takes off the chance of a shot. */
export function makeLines(random: Random, roster: readonly Player[], date: string, guarded: number): Line[] {
  const { enter, listed } = chooseSides(random, roster, date);
  const wishes = enter.map((_, place) => (usualMinutes[place] ?? 3) * Math.max(0.3, random.normal(1, 0.15)));
  const sum = wishes.reduce((total, wish) => total + wish, 0);
  const minutes = wishes.map((wish) => Math.round(Math.min(46, Math.max(0.5, (wish * 240) / sum)) * 10) / 10);
  const plays = enter.map((player, place) => (minutes[place] ?? 0) * player.appetite);
  const all = plays.reduce((total, n) => total + n, 0);
  const lines = enter.map((player, place) =>
    playLine(random, player, minutes[place] ?? 0, (plays[place] ?? 0) / all, guarded),
  );
  return [...lines, ...listed.map(listedLine)];
}
