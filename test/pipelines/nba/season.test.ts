import { describe, expect, it } from 'vitest';
import { createRandom } from '../../../pipelines/nba/season/random.ts';
import { makeSchedule } from '../../../pipelines/nba/season/schedule.ts';
import { makeSlates } from '../../../pipelines/nba/season/slates.ts';
import { generateSeason } from '../../../pipelines/nba/season.ts';

const season = generateSeason(2021);

function tally<T>(items: readonly T[], key: (item: T) => string): Map<string, number> {
  const counts = new Map<string, number>();
  for (const item of items) counts.set(key(item), (counts.get(key(item)) ?? 0) + 1);
  return counts;
}
const november = [9, 5, 11, 5, 9, 6, 8, 8, 3, 13, 3, 11, 7, 7, 11, 3, 11, 6, 9, 9, 5, 10, 4, 13, 0, 12, 8, 5, 9, 5];

describe('a generated season', () => {
  it('is the same for the same seed, and another for another', () => {
    expect(JSON.stringify(generateSeason(2021)) === JSON.stringify(season)).toBe(true);
    expect(generateSeason(7).games).not.toEqual(season.games);
  });

  it.each([2021, ...Array.from({ length: 6 }, (_, i) => i)])(
    'has 1,230 games, 82 for each of 30 teams, 41 at home (seed %i)',
    (seed) => {
      const random = createRandom(seed);
      const games = makeSchedule(random, makeSlates(random));
      expect(games).toHaveLength(1230);
      const home = tally(games, (game) => game.home);
      const away = tally(games, (game) => game.away);
      expect(home.size).toBe(30);
      expect(new Set([...home.values(), ...away.values()])).toEqual(new Set([41]));
      expect(new Set(games.map((game) => game.id)).size).toBe(1230);
    },
  );

  it('lets no team play twice on a date', () => {
    const sides = season.games.flatMap(({ date, home, away }) => [`${date} ${home}`, `${date} ${away}`]);
    expect(new Set(sides).size).toBe(2460);
  });

  it('has 2 to 15 games on each date that has any, and the given ones in November and the new year', () => {
    const perDate = tally(season.games, (game) => game.date);
    expect(Math.min(...perDate.values())).toBeGreaterThanOrEqual(2);
    expect(Math.max(...perDate.values())).toBeLessThanOrEqual(15);
    const of = (month: string, days: number) =>
      Array.from({ length: days }, (_, i) => perDate.get(`${month}-${String(i + 1).padStart(2, '0')}`) ?? 0);
    expect(of('2021-11', 30)).toEqual(november);
    expect(of('2022-01', 7)).toEqual([6, 7, 10, 5, 11, 4, 9]);
  });

  it('lists 23 to 37 players per game, of whom 17 to 24 entered', () => {
    const listed = [...tally(season.gamebook, (row) => row.game_id).values()];
    const entered = [
      ...tally(
        season.gamebook.filter((row) => row.player_status === 'active'),
        (row) => row.game_id,
      ).values(),
    ];
    expect([listed.length, entered.length]).toEqual([1230, 1230]);
    expect(Math.min(...listed)).toBeGreaterThanOrEqual(23);
    expect(Math.max(...listed)).toBeLessThanOrEqual(37);
    expect(Math.min(...entered)).toBeGreaterThanOrEqual(17);
    expect(Math.max(...entered)).toBeLessThanOrEqual(24);
  });

  it('has box scores that add up: zones to field goals, shots to points, players to teams', () => {
    const points = new Map<string, number>();
    let wrong = 0;
    for (const row of season.gamebook) {
      if (row.player_status === 'dnp') {
        if (row.minutes !== null || row.points !== null) wrong += 1;
        continue;
      }
      const zones = (a: number | null, b: number | null, c: number | null) => (a ?? 0) + (b ?? 0) + (c ?? 0);
      if (zones(row.paint_att, row.mid_att, row.three_att) !== row.fg_att) wrong += 1;
      if (zones(row.paint_made, row.mid_made, row.three_made) !== row.fg_made) wrong += 1;
      if (2 * (row.fg_made ?? 0) + (row.three_made ?? 0) + (row.ft_made ?? 0) !== row.points) wrong += 1;
      if ((row.fg_made ?? 0) > (row.fg_att ?? 0) || (row.ft_made ?? 0) > (row.ft_att ?? 0)) wrong += 1;
      const side = `${row.game_id} ${row.team_abbr}`;
      points.set(side, (points.get(side) ?? 0) + (row.points ?? 0));
    }
    for (const row of season.teamBoxes) {
      if (points.get(`${row.game_id} ${row.team_abbr}`) !== row.points) wrong += 1;
    }
    expect(wrong).toBe(0);
    expect(season.teamBoxes).toHaveLength(2460);
  });

  it('ends no game level', () => {
    const scores = new Map<string, Set<number>>();
    for (const row of season.teamBoxes) scores.set(row.game_id, (scores.get(row.game_id) ?? new Set()).add(row.points));
    expect(scores.size).toBe(1230);
    expect([...scores.values()].every((pair) => pair.size === 2)).toBe(true);
  });

  it('has rosters of 15 to 17 on every date, names that are unique, and players who change teams', () => {
    for (const date of ['2021-10-19', '2021-12-20', '2022-02-10', '2022-04-10']) {
      const now = season.stints.filter(({ from, to }) => from <= date && date <= to);
      const sizes = [...tally(now, ({ team }) => team).values()];
      expect(sizes).toHaveLength(30);
      expect(Math.min(...sizes)).toBeGreaterThanOrEqual(15);
      expect(Math.max(...sizes)).toBeLessThanOrEqual(17);
      expect(new Set(now.map(({ player }) => player.lookup)).size).toBe(now.length);
    }
    const teamsOf = tally(season.stints, ({ player }) => player.lookup);
    expect([...teamsOf.values()].filter((n) => n > 1).length).toBeGreaterThan(20);
  });

  it('puts a player on the floor only for the team whose roster he is on', () => {
    const stints = new Map<string, (typeof season.stints)[number][]>();
    for (const stint of season.stints)
      stints.set(stint.player.lookup, [...(stints.get(stint.player.lookup) ?? []), stint]);
    const strangers = season.gamebook.filter(
      (row) =>
        !stints
          .get(row.player_lookup)
          ?.some(({ team, from, to }) => team === row.team_abbr && from <= row.game_date && row.game_date <= to),
    );
    expect(strangers).toEqual([]);
  });
});
