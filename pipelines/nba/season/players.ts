/**
 * Invented players: names put together from lists, so that nobody real is among them, and what they tend to do. Players
 * move between teams and are absent for spells, which is why "the team of their last game" and the roster differ.
 */
import { addDays } from '../../../src/core/dates.ts';
import type { Random } from './random.ts';
import { teams } from './schedule.ts';

export type Player = {
  readonly lookup: string;
  readonly name: string;
  /** 0 for the first man of a team, 15 or so for the last. */
  readonly rank: number;
  /** Shots per minute against the average of 1. */
  readonly appetite: number;
  /** Share of shots from the paint and from behind the arc; the rest is mid range. */
  readonly paint: number;
  readonly three: number;
  /** Added to the chance of every shot. */
  readonly touch: number;
  readonly freeThrows: number;
  readonly glass: number;
  readonly passing: number;
  readonly away: readonly { readonly from: string; readonly to: string }[];
};

/** A player's time with a team, both ends included. */
export type Stint = { readonly player: Player; readonly team: string; readonly from: string; readonly to: string };

const given =
  'Abel Amari Anders Bastian Bram Caden Cassius Cedric Corin Dario Desh Dorian Eamon Elio Emeka Ezra Fabian Flynn Gareth Gideon Hale Hugo Idris Ilan Ivo Jarek Jonas Kato Kellan Kofi Lachlan Leif Lucan Malik Marek Mattis Nils Noel Odell Orin Osei Pavel Quill Rafe Remy Rune Sander Soren Tadeo Teo Thane Tomas Ugo Vance Viktor Wendell Yannick Zane'.split(
    ' ',
  );
const stems =
  'Alder Ash Bram Brack Cald Cor Dunn Elm Fen Gar Hal Hart Ingle Kel Lang Mar Nor Oak Pem Quar Raven Sel Thorn Ulver Vard Wex Yar Zell'.split(
    ' ',
  );
const endings =
  'bourne brook by combe croft dale feld field garth grove ham holt hurst leigh low mere mont ridge rook ster stow thorpe vane wick wold worth'.split(
    ' ',
  );

const seasonEnd = '2022-06-30';
const seasonStart = '2021-10-01';
/** Dates on which players change teams, and how many pairs do. */
const tradeDays = [
  { date: '2021-11-19', pairs: 1 },
  { date: '2021-12-16', pairs: 3 },
  { date: '2022-01-06', pairs: 2 },
  { date: '2022-02-10', pairs: 12 },
] as const;

function makeNames(random: Random, count: number): string[] {
  const families = stems.flatMap((stem) => endings.map((ending) => stem + ending));
  return random
    .shuffle(families)
    .slice(0, count)
    .map((family) => `${random.pick(given)} ${family}`);
}

function makeAbsences(random: Random): { from: string; to: string }[] {
  const spells = random.count(1.3);
  return Array.from({ length: spells }, () => {
    const from = addDays('2021-10-19', random.below(170));
    return { from, to: addDays(from, 2 + random.below(18)) };
  });
}

function makePlayer(random: Random, name: string, rank: number): Player {
  const paint = 0.2 + 0.4 * random.unit();
  return {
    lookup: name.toLowerCase().replaceAll(/[^a-z]/g, ''),
    name,
    rank,
    appetite: Math.max(0.5, random.normal(1.2 - rank * 0.03, 0.2)),
    paint,
    three: (1 - paint) * (0.45 + 0.4 * random.unit()),
    touch: random.normal(0, 0.025),
    freeThrows: Math.min(0.93, Math.max(0.5, random.normal(0.77, 0.08))),
    glass: 0.6 + 0.9 * paint * random.unit() * 2,
    passing: 0.4 + 1.2 * random.unit(),
    away: makeAbsences(random),
  };
}

/** Swaps pairs of players of the same rank between teams on the trade days. */
function trade(random: Random, stints: readonly Stint[]): Stint[] {
  const all = [...stints];
  for (const { date, pairs } of tradeDays) {
    for (let n = 0; n < pairs; n += 1) {
      const now = all.filter((stint) => stint.to === seasonEnd && stint.from < date);
      const one = random.pick(now);
      const other = random.pick(
        now.filter((s) => s.team !== one.team && Math.abs(s.player.rank - one.player.rank) < 2),
      );
      for (const [stint, team] of [[one, other.team] as const, [other, one.team] as const]) {
        all[all.indexOf(stint)] = { ...stint, to: addDays(date, -1) };
        all.push({ player: stint.player, team, from: date, to: seasonEnd });
      }
    }
  }
  return all;
}

/** Rosters of 16 or 17 players per team on every date of the season, as stints. */
export function makeStints(random: Random): Stint[] {
  const names = makeNames(random, teams.length * 17);
  const stints = teams.flatMap((team, t) =>
    names
      .slice(t * 17, t * 17 + 16 + random.below(2))
      .map((name, rank) => ({ player: makePlayer(random, name, rank), team, from: seasonStart, to: seasonEnd })),
  );
  return trade(random, stints);
}
