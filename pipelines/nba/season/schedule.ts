/**
 * Who meets whom: every team plays 82 games, 41 of them at home, and never twice on a date. Teams with the most games
 * left are chosen for a date, with some chance that fades towards the end, so that all of them finish together.
 */
import type { Random } from './random.ts';
import type { Slate } from './slates.ts';

export type Game = { readonly id: string; readonly date: string; readonly home: string; readonly away: string };

/** The codes of the 30 teams. */
export const teams: readonly string[] = [
  ...['ATL', 'BKN', 'BOS', 'CHA', 'CHI', 'CLE', 'DAL', 'DEN', 'DET', 'GSW'],
  ...['HOU', 'IND', 'LAC', 'LAL', 'MEM', 'MIA', 'MIL', 'MIN', 'NOP', 'NYK'],
  ...['OKC', 'ORL', 'PHI', 'PHX', 'POR', 'SAC', 'SAS', 'TOR', 'UTA', 'WAS'],
];

type Meeting = { readonly date: string; readonly a: string; readonly b: string };

function chooseTeams(
  random: Random,
  left: ReadonlyMap<string, number>,
  tired: ReadonlySet<string>,
  need: number,
  chance: number,
) {
  const wish = (team: string) => (left.get(team) ?? 0) + chance * (random.unit() * 3 - (tired.has(team) ? 2 : 0));
  return random
    .shuffle(teams)
    .map((team) => ({ team, wish: wish(team) }))
    .sort((x, y) => y.wish - x.wish)
    .slice(0, need)
    .map(({ team }) => team);
}

/** Pairs teams so that those meet who have met least. */
function pairTeams(date: string, playing: readonly string[], met: Map<string, number>): Meeting[] {
  const waiting = [...playing];
  const meetings: Meeting[] = [];
  for (let a = waiting.shift(); a !== undefined; a = waiting.shift()) {
    const first = a;
    const pair = (other: string) => (first < other ? `${first}-${other}` : `${other}-${first}`);
    const times = (other: string) => met.get(pair(other)) ?? 0;
    const b = waiting.reduce((best, other) => (times(other) < times(best) ? other : best), waiting[0] ?? first);
    waiting.splice(waiting.indexOf(b), 1);
    met.set(pair(b), times(b) + 1);
    meetings.push({ date, a: first, b });
  }
  return meetings;
}

function makeMeetings(random: Random, slates: readonly Slate[]): Meeting[] {
  const left = new Map(teams.map((team) => [team, 82]));
  const met = new Map<string, number>();
  let yesterday: ReadonlySet<string> = new Set();
  return slates.flatMap(({ date, games }, i) => {
    const chance = Math.min(1, Math.max(0, (slates.length - 30 - i) / 20));
    const playing = chooseTeams(random, left, yesterday, games * 2, chance);
    for (const team of playing) left.set(team, (left.get(team) ?? 0) - 1);
    yesterday = new Set(playing);
    return pairTeams(date, random.shuffle(playing), met);
  });
}

/**
 * Decides who is at home: walking along unused meetings until the walk cannot go on always ends where it began (82 is
 * even), so with the walk's direction as "visits" every team leaves as often as it arrives.
 */
function homesOf(meetings: readonly Meeting[]): string[] {
  const homes: string[] = new Array<string>(meetings.length).fill('');
  const open = new Map<string, number[]>(teams.map((team) => [team, []]));
  meetings.forEach(({ a, b }, i) => {
    open.get(a)?.push(i);
    open.get(b)?.push(i);
  });
  for (const start of teams) {
    let team = start;
    for (let next = open.get(team)?.pop(); next !== undefined; next = open.get(team)?.pop()) {
      const meeting = meetings[next];
      if (meeting === undefined || homes[next] !== '') continue;
      team = meeting.a === team ? meeting.b : meeting.a;
      homes[next] = team;
    }
  }
  return homes;
}

/** All games in the order of their dates. Throws if the slates cannot give each team 82 games. */
export function makeSchedule(random: Random, slates: readonly Slate[]): Game[] {
  const meetings = makeMeetings(random, slates);
  const homes = homesOf(meetings);
  const games = meetings.map(({ date, a, b }, i) => ({
    id: `00221${String(i + 1).padStart(5, '0')}`,
    date,
    home: homes[i] === a ? a : b,
    away: homes[i] === a ? b : a,
  }));
  for (const team of teams) {
    const home = games.filter((game) => game.home === team).length;
    const all = home + games.filter((game) => game.away === team).length;
    if (all !== 82 || home !== 41) throw new Error(`${team} would play ${all} games, ${home} of them at home`);
  }
  return games;
}
