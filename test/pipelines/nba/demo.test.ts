import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeDemo } from '../../../pipelines/nba/demo.ts';
import { processors, runProcessor } from '../../../pipelines/nba/processors.ts';
import { daysBetween } from '../../../src/core/dates.ts';
import { type DuckdbHome, openDuckdb } from '../../../src/warehouse/duckdb-connection.ts';

let duckdb: DuckdbHome;

beforeAll(async () => {
  duckdb = await openDuckdb(undefined);
  await makeDemo(duckdb);
});
afterAll(() => duckdb.close());

function processorOf(alias: string) {
  const found = processors.find((processor) => processor.alias === alias);
  if (found === undefined) throw new Error(alias);
  return found;
}

/** Rows of a computed table on each date of a range that has any. */
async function rowsPerDate(alias: string, from = '2021-10-01', to = '2022-06-30'): Promise<Map<string, number>> {
  const { table, dateColumn } = processorOf(alias);
  const rows = await duckdb.run(
    `SELECT ${dateColumn}::VARCHAR AS date, count(*) AS n FROM ${table}
     WHERE ${dateColumn} BETWEEN $from::DATE AND $to::DATE GROUP BY 1`,
    { from, to },
  );
  return new Map(rows.map((row) => [String(row.date), Number(row.n)]));
}

async function gameDates(from: string, to: string): Promise<string[]> {
  const rows = await duckdb.run(
    `SELECT DISTINCT game_date::VARCHAR AS date FROM nba_raw.nbac_schedule
     WHERE game_date BETWEEN $from::DATE AND $to::DATE AND season_type = 'Regular Season' ORDER BY 1`,
    { from, to },
  );
  return rows.map((row) => String(row.date));
}

/** Game dates (or all, for tables that have rows on every date) without a row. */
async function absent(alias: string, from: string, to: string): Promise<string[]> {
  const there = await rowsPerDate(alias, from, to);
  const dates = alias === 'tdza' || alias === 'psza' ? daysBetween(from, to) : await gameDates(from, to);
  return dates.filter((date) => !there.has(date));
}

async function single(sql: string): Promise<unknown> {
  const rows = await duckdb.run(sql, {});
  return Object.values(rows[0] ?? {})[0];
}

const season = ['2021-10-19', '2022-04-10'] as const;
const last = ['mlfs', 'ppp', 'pa'];
const late = ['tdza', 'psza', 'pcf', 'pdc', ...last];
const november = ['2021-11-02', '2021-11-30'] as const;
const noSummary = ['2021-11-16', '2021-11-18', '2021-11-21', '2021-11-23', '2021-11-28', '2021-11-30'];

describe('the demonstration', () => {
  it('has raw rows for all 1,230 games, with several schedule rows for some and an exhibition beside them', async () => {
    const games = "FROM nba_raw.nbac_schedule WHERE season_type = 'Regular Season'";
    expect(await single(`SELECT count(DISTINCT game_id) ${games} AND game_status = 'Final'`)).toBe(1230);
    expect(await single(`SELECT count(*) ${games}`)).toBeGreaterThan(1230);
    expect(await single("SELECT count(*) FROM nba_raw.nbac_schedule WHERE season_type = 'All-Star'")).toBe(1);
    expect(await single('SELECT count(*) FROM nba_raw.nbac_team_boxscore')).toBe(2460);
  });

  it('lacks pgs on six November dates and nowhere else', async () => {
    expect(await absent('pgs', ...season)).toEqual(noSummary);
  });

  it('has a row in pgs for each player who entered a game', async () => {
    const expected = await single(
      `SELECT (SELECT count(*) FROM nba_raw.nbac_gamebook_player_stats WHERE player_status = 'active'
         AND game_date NOT IN (${noSummary.map((date) => `DATE '${date}'`).join(', ')}))
       + (SELECT count(minutes) FROM nba_raw.bdl_player_boxscores WHERE game_date = DATE '2021-12-15')`,
    );
    expect(await single('SELECT count(*) FROM nba_analytics.player_game_summary')).toBe(expected);
  });

  it('was built with that hole: psza counts fewer games than were played', async () => {
    const sum = 'SELECT sum(games_in_sample) FROM nba_precompute.player_shot_zone_analysis';
    const counted = await single(`${sum} WHERE analysis_date = DATE '2021-12-31'`);
    const truth = await single(
      `SELECT sum(n) FROM (SELECT count(*) AS n FROM nba_raw.nbac_gamebook_player_stats
       WHERE fg_att > 0 AND game_date <= DATE '2021-12-31' GROUP BY player_lookup HAVING count(*) >= 10)`,
    );
    expect(Number(counted)).toBeLessThan(Number(truth));
  });

  it('lacks pcf where pgs or a defense is missing, but was run anyway on the 18th and 21st', async () => {
    expect(await absent('pcf', ...november)).toEqual([
      '2021-11-16',
      '2021-11-23',
      '2021-11-28',
      '2021-11-29',
      '2021-11-30',
    ]);
    const context = await rowsPerDate('upgc', ...november);
    const factors = await rowsPerDate('pcf', ...november);
    for (const date of ['2021-11-18', '2021-11-21']) expect(factors.get(date)).toBe(context.get(date));
  });

  it('has 29 teams in tdza on 29 and 30 November and 30 on all other dates', async () => {
    const teams = await rowsPerDate('tdza');
    expect([...teams].filter(([, n]) => n !== 30)).toEqual(
      [
        ['2021-11-29', 29],
        ['2021-11-30', 29],
      ].sort(),
    );
    expect([...teams.keys()].sort()).toEqual(daysBetween('2021-11-02', '2022-01-07'));
  });

  it('lacks pdc on two November dates, and mlfs there, where pcf is absent, and on two more', async () => {
    expect(await absent('pdc', '2021-11-09', '2021-11-30')).toEqual(['2021-11-09', '2021-11-11']);
    expect(await absent('mlfs', ...november)).toEqual([
      '2021-11-09',
      '2021-11-11',
      '2021-11-13',
      '2021-11-16',
      '2021-11-23',
      '2021-11-26',
      '2021-11-28',
      '2021-11-29',
      '2021-11-30',
    ]);
  });

  it('has everything in December but for the context of the last four days', async () => {
    for (const alias of ['pgs', 'togs', 'tdgs', 'utgc', 'tdza', 'psza', 'pcf', 'pdc', 'mlfs']) {
      expect(await absent(alias, '2021-12-01', '2021-12-31'), alias).toEqual([]);
    }
    expect((await absent('upgc', ...season))[0]).toBe('2021-12-28');
    expect(await single('SELECT max(game_date)::VARCHAR FROM nba_analytics.upcoming_player_game_context')).toBe(
      '2021-12-27',
    );
    expect(
      await single(
        "SELECT bool_and(context_source = 'synthetic') FROM nba_precompute.player_composite_factors WHERE game_date > '2021-12-27'",
      ),
    ).toBe(true);
  });

  it('has each team twice in utgc on 8 December, exactly twice per game elsewhere, and pcf did not double', async () => {
    const uneven = await duckdb.run(
      `SELECT game_date::VARCHAR AS date, count(*) / any_value(teams) AS times
       FROM nba_analytics.upcoming_team_game_context
       JOIN (SELECT game_date, 2 * count(DISTINCT game_id) AS teams FROM nba_raw.nbac_schedule GROUP BY 1) USING (game_date)
       GROUP BY 1 HAVING times <> 1`,
      {},
    );
    expect(uneven).toEqual([{ date: '2021-12-08', times: 2 }]);
    expect(await absent('utgc', ...season)).toEqual([]);
    const doubled =
      'SELECT count(*) - count(DISTINCT (game_date, player_lookup)) FROM nba_precompute.player_composite_factors';
    expect(await single(doubled)).toBe(0);
  });

  it('lacks togs and tdgs from 1 to 27 March, where pgs was run without them', async () => {
    const march = daysBetween('2022-03-01', '2022-03-27');
    expect(await absent('togs', ...season)).toEqual(march);
    expect(await absent('tdgs', ...season)).toEqual(march);
    const usage = `SELECT count(usage_rate) FROM nba_analytics.player_game_summary WHERE game_date`;
    expect(await single(`${usage} BETWEEN DATE '2022-03-01' AND DATE '2022-03-27'`)).toBe(0);
    expect(await single(`${usage} = DATE '2022-03-28'`)).toBeGreaterThan(0);
  });

  it('has the first week of January half done, and nothing of phases 4 to 6 after it', async () => {
    const week = ['2022-01-01', '2022-01-07'] as const;
    const done = async (alias: string) => (await rowsPerDate(alias, ...week)).size;
    expect(await Promise.all(['tdza', 'psza', 'pcf', 'pdc', 'upgc', ...last].map(done))).toEqual([
      7, 7, 2, 3, 0, 0, 0, 0,
    ]);
    for (const alias of late) {
      expect((await rowsPerDate(alias, '2022-01-08')).size, alias).toBe(0);
    }
  });

  it('has nothing of phases 4 to 6 in the first fourteen days', async () => {
    for (const alias of late) {
      expect((await rowsPerDate(alias, '2021-10-19', '2021-11-01')).size, alias).toBe(0);
    }
  });

  it('has a psza that never falls, and is not empty from day 21 on', async () => {
    const sizes = await rowsPerDate('psza', '2021-11-09');
    const inOrder = [...sizes].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, n]) => n);
    expect(inOrder).toHaveLength(60);
    expect(inOrder).toEqual([...inOrder].sort((a, b) => a - b));
  });

  it('wrote each table after those that it was built on', async () => {
    const later = async (downstream: string, upstream: string) => {
      const [down, up] = [processorOf(downstream), processorOf(upstream)];
      return await single(
        `SELECT count(*) FROM (SELECT ${down.dateColumn} AS d, min(${down.writtenAt}) AS w FROM ${down.table} GROUP BY 1) AS down
         JOIN (SELECT ${up.dateColumn} AS d, max(${up.writtenAt}) AS w FROM ${up.table} GROUP BY 1) AS up
         ON up.d <= down.d AND up.w >= down.w`,
      );
    };
    const edges =
      'pgs>togs tdza>tdgs psza>pgs pcf>utgc pcf>upgc pcf>psza pcf>tdza pdc>psza pdc>togs mlfs>pcf mlfs>pdc ppp>mlfs ppp>pgs pa>ppp';
    for (const edge of edges.split(' ')) {
      const [down = '', up = ''] = edge.split('>');
      expect(await later(down, up), edge).toBe(0);
    }
  });

  it('has truthful flags: a player is ready with shots, defense, team and nine in ten of his games, whatever the context', async () => {
    const bad = await single(
      `SELECT count(*) FROM nba_precompute.player_composite_factors AS pcf
       LEFT JOIN nba_precompute.player_shot_zone_analysis AS shot
         ON shot.analysis_date = pcf.game_date AND shot.player_lookup = pcf.player_lookup
       LEFT JOIN nba_precompute.team_defense_zone_analysis AS defense
         ON defense.analysis_date = pcf.game_date AND defense.team_abbr = pcf.opponent_team_abbr
       WHERE upstream_player_shot_ready <> (shot.player_lookup IS NOT NULL)
         OR upstream_team_defense_ready <> (defense.team_abbr IS NOT NULL)
         OR upstream_player_context_ready <> (context_source <> 'synthetic')
         OR all_upstreams_ready <> (upstream_player_shot_ready AND upstream_team_defense_ready
           AND upstream_player_context_ready AND upstream_team_context_ready)
         OR is_production_ready <> (upstream_player_shot_ready AND upstream_team_defense_ready
           AND upstream_team_context_ready AND completeness_percentage >= 90)`,
    );
    expect(bad).toBe(0);
    const share = await single('SELECT avg(is_production_ready::INTEGER) FROM nba_precompute.player_composite_factors');
    expect(share).toBeGreaterThan(0.05);
    expect(share).toBeLessThan(0.6);
  });

  it('can be mended: what its processors write for an absent date is what the date should have', async () => {
    const at = Date.parse('2022-02-01T00:00:00Z');
    expect(await runProcessor(duckdb, processorOf('pgs'), '2021-11-16', at)).toBeGreaterThanOrEqual(3 * 17);
    expect(await runProcessor(duckdb, processorOf('tdza'), '2021-11-29', at)).toBe(30);
    const context = (await rowsPerDate('upgc')).get('2021-11-29');
    expect(await runProcessor(duckdb, processorOf('pcf'), '2021-11-29', at)).toBe(context);
    expect(await runProcessor(duckdb, processorOf('mlfs'), '2021-11-29', at)).toBe(context);
    expect(await runProcessor(duckdb, processorOf('upgc'), '2022-01-01', at)).toBeGreaterThanOrEqual(6 * 30);
    expect(await runProcessor(duckdb, processorOf('psza'), '2021-10-25', at)).toBe(0);
  });
});
