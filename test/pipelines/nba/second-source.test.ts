/** What pgs and psza make of two sources of box scores, of which one or both may lack a date, a game, or shot zones. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { loadRows } from '../../../pipelines/nba/load-season.ts';
import { createSchema, processors, runProcessor } from '../../../pipelines/nba/processors.ts';
import { fillSecondSource } from '../../../pipelines/nba/second-source.ts';
import { addDays } from '../../../src/core/dates.ts';
import { type DuckdbHome, openDuckdb } from '../../../src/warehouse/duckdb-connection.ts';

const gamebook = 'nba_raw.nbac_gamebook_player_stats';
const second = 'nba_raw.bdl_player_boxscores';
const date = '2021-11-10';
let duckdb: DuckdbHome;

beforeEach(async () => {
  duckdb = await openDuckdb(undefined);
  await duckdb.withConnection(({ run }) => createSchema(run));
});
afterEach(() => duckdb.close());

async function load(table: string, rows: readonly object[]): Promise<void> {
  await duckdb.withConnection(({ run }) => loadRows(run, table, rows));
}

async function fill(alias: 'pgs' | 'psza', on = date): Promise<number> {
  const processor = processors.find((one) => one.alias === alias);
  if (processor === undefined) throw new Error(alias);
  return await runProcessor(duckdb, processor, on, Date.parse('2022-01-01'));
}

/** A line of a box score: two of four from behind the arc, and one of two from the paint where zones are known. */
function line(team: string, player: string, game_date = date) {
  const side = { game_id: '0022100150', game_date, team_abbr: team, opponent_team_abbr: 'BOS', is_home: true };
  const shots = { fg_made: 3, fg_att: 6, ft_made: 0, ft_att: 0, three_made: 2, three_att: 4, turnovers: 1 };
  return { ...side, player_lookup: player, player_name: player, minutes: 24, points: 8, ...shots };
}
const zones = { player_status: 'active', paint_made: 1, paint_att: 2, mid_made: 0, mid_att: 0 };

async function summary(): Promise<unknown[]> {
  return await duckdb.run(
    'SELECT player_lookup AS player, points, three_att, paint_att FROM nba_analytics.player_game_summary ORDER BY 1',
    {},
  );
}

describe('the player summary', () => {
  it('takes the gamebook where it has the team, and the second source where it has nothing of it', async () => {
    await load(gamebook, [{ ...line('ATL', 'both'), ...zones }]);
    await load(second, [line('ATL', 'both'), line('ATL', 'onlythere'), line('UTA', 'other')]);
    expect(await fill('pgs')).toBe(2);
    expect(await summary()).toEqual([
      { player: 'both', points: 8, three_att: 4, paint_att: 2 },
      { player: 'other', points: 8, three_att: 4, paint_att: null },
    ]);
  });

  it('stands on the second source alone on a date without a gamebook, and leaves out who has no minutes', async () => {
    await load(second, [line('ATL', 'played'), { ...line('ATL', 'sat'), minutes: null, points: null }]);
    await load(second, [{ ...line('ATL', 'briefly'), minutes: 0 }]);
    expect(await fill('pgs')).toBe(2);
    expect(await summary()).toMatchObject([{ player: 'briefly' }, { player: 'played' }]);
  });

  it('is left as it was where neither has anything', async () => {
    await load(gamebook, [{ ...line('ATL', 'listed'), ...zones, player_status: 'dnp' }]);
    expect(await fill('pgs')).toBe(0);
  });
});

describe('the shot zones', () => {
  it('count a game of the second source as a game, but not for where its shots came from', async () => {
    const days = Array.from({ length: 10 }, (_, i) => addDays(date, -i));
    const [today = '', ...before] = days;
    await load(
      gamebook,
      before.map((day) => ({ ...line('ATL', 'shooter', day), ...zones })),
    );
    await load(second, [line('ATL', 'shooter', today)]);
    for (const day of days) expect(await fill('pgs', day)).toBe(1);
    expect(await fill('psza')).toBe(1);
    const [row] = await duckdb.run(
      'SELECT games_in_sample AS games, paint_rate, three_rate, three_pct FROM nba_precompute.player_shot_zone_analysis',
      {},
    );
    expect(row).toEqual({ games: 10, paint_rate: 18 / 54, three_rate: 36 / 54, three_pct: 0.5 });
  });
});

describe('the second source', () => {
  it('tells of the games of one season, with other ids, whole minutes, and the roster beside who played', async () => {
    const game = { game_id: '0022100150', season_type: 'Regular Season', game_status: 'Final' };
    const teams = { home_team_abbr: 'ATL', away_team_abbr: 'BOS' };
    await load('nba_raw.nbac_schedule', [
      { ...game, ...teams, game_date: date, season: '2021-22' },
      { ...game, ...teams, game_date: '2022-11-10', season: '2022-23' },
    ]);
    await load(gamebook, [
      { ...line('ATL', 'played'), ...zones, minutes: 24.4 },
      { ...line('ATL', 'later', '2022-11-10'), ...zones },
    ]);
    const known = { team_abbr: 'ATL', from_date: '2021-10-01', to_date: '2022-06-30' };
    await load('nba_raw.rosters', [
      { ...known, player_lookup: 'played', player_name: 'played' },
      { ...known, player_lookup: 'benched', player_name: 'benched' },
      { ...known, player_lookup: 'gone', player_name: 'gone', to_date: '2021-11-09' },
    ]);
    expect(await duckdb.withConnection(({ run }) => fillSecondSource(run, '2021-22'))).toBe(2);
    expect(
      await duckdb.run(`SELECT game_id, player_lookup AS player, minutes, points FROM ${second} ORDER BY 2`, {}),
    ).toEqual([
      { game_id: '22100150', player: 'benched', minutes: null, points: null },
      { game_id: '22100150', player: 'played', minutes: 24, points: 8 },
    ]);
  });
});
