/**
 * The demonstration season: 1,230 games of 30 teams between 2021-10-19 and 2022-04-10, played by invented people. Pure:
 * the same seed makes the same season, so that what somebody sees can be seen again.
 */
import { type Line, makeLines } from './season/box-scores.ts';
import { makeStints, type Stint } from './season/players.ts';
import { createRandom, type Random } from './season/random.ts';
import { type Game, makeSchedule, teams } from './season/schedule.ts';
import { makeSlates } from './season/slates.ts';

/** Which team a row is about, and in which game. */
type Side = {
  readonly game_id: string;
  readonly game_date: string;
  readonly team_abbr: string;
  readonly opponent_team_abbr: string;
  readonly is_home: boolean;
};
export type GamebookRow = Side & Line;

const summed = [
  ...(['points', 'rebounds', 'assists', 'turnovers', 'fg_made', 'fg_att', 'ft_made', 'ft_att'] as const),
  ...(['paint_made', 'paint_att', 'mid_made', 'mid_att', 'three_made', 'three_att'] as const),
];
export type TeamRow = Side & Record<(typeof summed)[number], number>;

/** Rows are named after the columns of the raw tables. */
export type Season = {
  readonly name: string;
  readonly games: readonly Game[];
  readonly stints: readonly Stint[];
  readonly gamebook: readonly GamebookRow[];
  readonly teamBoxes: readonly TeamRow[];
};

function sumLines(side: Side, lines: readonly Line[]): TeamRow {
  const sums = Object.fromEntries(
    summed.map((column) => [column, lines.reduce((total, line) => total + (line[column] ?? 0), 0)]),
  ) as Record<(typeof summed)[number], number>; // exactly the columns of `summed`
  return { ...side, ...sums };
}

/** Games do not end level: the first man of the home team is fouled at the end. */
function breakTie(home: readonly Line[], away: readonly Line[]): readonly Line[] {
  const points = (lines: readonly Line[]) => lines.reduce((total, line) => total + (line.points ?? 0), 0);
  if (points(home) !== points(away)) return home;
  return home.map((line, i) =>
    i === 0
      ? { ...line, points: (line.points ?? 0) + 1, ft_made: (line.ft_made ?? 0) + 1, ft_att: (line.ft_att ?? 0) + 1 }
      : line,
  );
}

function playGame(
  random: Random,
  game: Game,
  stints: ReadonlyMap<string, Stint[]>,
  guard: ReadonlyMap<string, number>,
) {
  const lines = (team: string, against: string) => {
    const roster = (stints.get(team) ?? []).filter(({ from, to }) => from <= game.date && game.date <= to);
    return makeLines(
      random,
      roster.map(({ player }) => player),
      game.date,
      guard.get(against) ?? 0,
    );
  };
  const away = lines(game.away, game.home);
  const home = breakTie(lines(game.home, game.away), away);
  const side = (team_abbr: string, opponent_team_abbr: string, is_home: boolean): Side => ({
    game_id: game.id,
    game_date: game.date,
    team_abbr,
    opponent_team_abbr,
    is_home,
  });
  return [
    { side: side(game.home, game.away, true), lines: home },
    { side: side(game.away, game.home, false), lines: away },
  ];
}

/** Makes the season of a seed. */
export function generateSeason(seed = 2021): Season {
  const random = createRandom(seed);
  const games = makeSchedule(random, makeSlates(random));
  const stints = makeStints(random);
  const byTeam = new Map(teams.map((team) => [team, stints.filter((stint) => stint.team === team)]));
  const guard = new Map(teams.map((team) => [team, random.normal(0, 0.015)]));
  const sides = games.flatMap((game) => playGame(random, game, byTeam, guard));
  return {
    name: '2021-22',
    games,
    stints,
    gamebook: sides.flatMap(({ side, lines }) => lines.map((line) => ({ ...side, ...line }))),
    teamBoxes: sides.map(({ side, lines }) => sumLines(side, lines)),
  };
}
