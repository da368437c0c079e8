/** What the demonstration's second source, predictions and grades hold and lack, and how well the predictions do. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeDemo } from '../../../pipelines/nba/demo.ts';
import { type DuckdbHome, openDuckdb } from '../../../src/warehouse/duckdb-connection.ts';

const gamebook = 'nba_raw.nbac_gamebook_player_stats';
const second = 'nba_raw.bdl_player_boxscores';
const summary = 'nba_analytics.player_game_summary';
const features = 'nba_predictions.ml_feature_store_v2';
const predictions = 'nba_predictions.player_prop_predictions';
const grades = 'nba_predictions.prediction_accuracy';

let duckdb: DuckdbHome;
beforeAll(async () => {
  duckdb = await openDuckdb(undefined);
  await makeDemo(duckdb);
});
afterAll(() => duckdb.close());

async function ask(sql: string): Promise<Record<string, unknown>[]> {
  return await duckdb.run(sql, {});
}

/** Dates of one table that another has no row for. */
async function lacking(table: string, from: string): Promise<unknown[]> {
  const rows = await ask(
    `SELECT DISTINCT game_date::VARCHAR AS date FROM ${from} ANTI JOIN ${table} USING (game_date)
     WHERE game_date <> DATE '2022-02-20' ORDER BY 1`,
  );
  return rows.map((row) => row.date);
}

describe('the second source of the demonstration', () => {
  it('has other holes than the gamebook', async () => {
    expect(await lacking(gamebook, 'nba_raw.nbac_schedule')).toEqual(['2021-12-15']);
    expect(await lacking(second, 'nba_raw.nbac_schedule')).toEqual(['2021-11-04', '2022-02-05', '2022-02-06']);
  });

  it('lists whole rosters, 32 to 34 per game, and the same players on the floor as the gamebook', async () => {
    const games = `SELECT game_id, count(*) AS n FROM ${second} GROUP BY game_id`;
    expect(await ask(`SELECT min(n) AS least, max(n) AS most FROM (${games})`)).toEqual([{ least: 32, most: 34 }]);
    const differing = await ask(
      `SELECT game_date, player_lookup FROM (FROM ${gamebook} WHERE player_status = 'active') AS gb
       FULL JOIN (FROM ${second} WHERE minutes IS NOT NULL) AS bdl USING (game_date, player_lookup)
       WHERE game_date NOT IN ('2021-12-15', '2021-11-04', '2022-02-05', '2022-02-06')
         AND (gb.points IS DISTINCT FROM bdl.points OR abs(gb.minutes - bdl.minutes) > 0.5)`,
    );
    expect(differing).toEqual([]);
  });

  it('carries pgs on the date that the gamebook lacks: points and usage are there, shot zones are not', async () => {
    const [row] = await ask(
      `SELECT count(*) AS n, count(points) AS points, count(usage_rate) AS usage, count(paint_att) AS zones,
         (SELECT count(minutes) FROM ${second} WHERE game_date = DATE '2021-12-15') AS played
       FROM ${summary} WHERE game_date = DATE '2021-12-15'`,
    );
    expect(row?.n).toBeGreaterThanOrEqual(10 * 17);
    expect(row).toEqual({ n: row?.played, points: row?.n, usage: row?.n, zones: 0, played: row?.n });
  });
});

describe('the predictions of the demonstration', () => {
  it('are there for each player of mlfs by each of five systems, and nowhere else', async () => {
    const uneven = await ask(
      `SELECT game_date FROM ${features} AS mlfs FULL JOIN ${predictions} AS ppp USING (game_date, player_lookup)
       GROUP BY game_date, player_lookup HAVING count(DISTINCT system_id) <> 5 OR count(*) <> 5`,
    );
    expect(uneven).toEqual([]);
  });

  it('are graded on all dates but those without pgs and one that was never graded', async () => {
    expect(await lacking(grades, predictions)).toEqual(['2021-11-18', '2021-11-21', '2021-12-22']);
    expect(await lacking(predictions, grades)).toEqual([]);
  });

  it('are graded once each where active and the player played, and by what he scored', async () => {
    const wrong = await ask(
      `SELECT 1 FROM (FROM ${predictions} WHERE is_active AND game_date <> '2021-12-22') AS ppp
       JOIN ${summary} AS pgs USING (game_date, player_lookup)
       FULL JOIN ${grades} AS pa USING (game_date, player_lookup, system_id)
       WHERE pa.actual_points IS DISTINCT FROM pgs.points
         OR pa.signed_error IS DISTINCT FROM ppp.predicted_points - pgs.points`,
    );
    expect(wrong).toEqual([]);
  });

  it('know nothing of the result: they miss by a few points, lean to no side, and beat the line half of the time', async () => {
    const rows = await ask(
      `SELECT system_id AS system, avg(absolute_error) AS error, avg(signed_error) AS bias, avg(was_right::INTEGER) AS hits
       FROM ${grades} GROUP BY 1 ORDER BY 1`,
    );
    const systems = ['ensemble', 'moving_average_10', 'moving_average_5', 'season_average', 'zone_matchup'];
    expect(rows.map((row) => row.system)).toEqual(systems);
    for (const { system, error, bias, hits } of rows) {
      expect(error, String(system)).toBeGreaterThan(3);
      expect(error, String(system)).toBeLessThan(5);
      expect(Math.abs(Number(bias)), String(system)).toBeLessThan(0.5);
      if (system === 'season_average') expect(hits).toBeNull();
      else expect(Math.abs(Number(hits) - 0.5), String(system)).toBeLessThan(0.05);
    }
  });
});
