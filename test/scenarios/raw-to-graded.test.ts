/**
 * From box scores to graded predictions by the command line: a home that has three weeks of raw rows and nothing else,
 * and one backfill of the last table, which takes all that it stands on with it.
 */
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadSeason } from '../../pipelines/nba/load-season.ts';
import { generateSeason } from '../../pipelines/nba/season.ts';
import type { BackfillReport } from '../../src/core/backfill/backfill-report.ts';
import type { Coverage } from '../../src/core/coverage/coverage-report.ts';
import { withWarehouse } from '../support/make-warehouse.ts';
import { demoHome, emptyHome, type Folder, runJson } from '../support/run-backcourt.ts';

const from = '2021-11-11';
const to = '2021-11-12';
/** Of this date the gamebook is lost. */
const lost = '2021-11-05';
const games = { '2021-11-11': 3, '2021-11-12': 11 };

let home: Folder;
const at = (...words: string[]) => [...words, '--home', home.path];

async function ask(sql: string): Promise<Record<string, unknown>[]> {
  return await withWarehouse(join(home.path, 'warehouse.duckdb'), (run) => run(sql, {}));
}

async function loadWeeks(): Promise<void> {
  const season = generateSeason(2021);
  const weeks = {
    ...season,
    games: season.games.filter((game) => game.date <= to),
    gamebook: season.gamebook.filter((row) => row.game_date <= to && row.game_date !== lost),
    teamBoxes: season.teamBoxes.filter((row) => row.game_date <= to),
  };
  const lines = season.gamebook.filter((row) => row.game_date === lost);
  await withWarehouse(join(home.path, 'warehouse.duckdb'), async (run) => {
    await loadSeason(run, { ...weeks, gamebook: [...weeks.gamebook, ...lines] });
    await run('DELETE FROM nba_raw.nbac_gamebook_player_stats WHERE game_date = $lost::DATE', { lost });
  });
}

describe('a backfill of pa from raw rows alone', { timeout: 120_000 }, () => {
  let report: BackfillReport;

  beforeAll(async () => {
    home = await emptyHome();
    await loadWeeks();
    const ran = await runJson<BackfillReport>(at('backfill', 'pa', from, to, '--with-upstream'), { timeout: 240_000 });
    report = ran.json;
  }, 300_000);
  afterAll(() => home.remove());

  it('fills every table that it stands on, each on the dates that it is needed for', () => {
    expect(report).toMatchObject({ state: 'done', result: 'succeeded' });
    const states = new Set(report.cells.map((cell) => cell.state));
    expect(states).toEqual(new Set(['succeeded']));
    const dates = (table: string) => report.cells.filter((cell) => cell.table === table).length;
    const sinceTheStart = ['togs', 'tdgs', 'pgs'].map(dates);
    expect(sinceTheStart).toEqual([25, 25, 25]);
    const ofTheDate = ['utgc', 'tdza', 'psza', 'pcf', 'pdc', 'mlfs', 'ppp', 'pa'].map(dates);
    expect(ofTheDate).toEqual(Array(8).fill(2));
  });

  it('takes the players of the date without a gamebook from the second source', async () => {
    const { json } = await runJson<Coverage>(at('coverage', 'gb,bdl,pgs', lost));
    expect(json.tables.map(({ table, cells }) => `${table} ${cells[0]?.status}`)).toEqual([
      'gb missing',
      'bdl complete',
      'pgs complete',
    ]);
    const rows = report.cells.find((cell) => cell.table === 'pgs' && cell.date === lost)?.rowsAfter;
    const [played] = await ask(
      `SELECT count(minutes) AS n FROM nba_raw.bdl_player_boxscores WHERE game_date = DATE '${lost}'`,
    );
    expect(rows).toBe(played?.n);
    expect(rows).toBeGreaterThanOrEqual(9 * 17);
  });

  it('leaves both dates complete down to the grades', async () => {
    const { code, json } = await runJson<Coverage>(at('coverage', 'mlfs,ppp,pa', from, to, '--fail-on-gap'));
    expect(code).toBe(0);
    expect(json.tables.map(({ table, complete }) => [table, complete])).toEqual([
      ['mlfs', 2],
      ['ppp', 2],
      ['pa', 2],
    ]);
  });

  it('grades by the points of the raw box score, and by the games before the date alone', async () => {
    const rows = await ask(
      `SELECT pa.game_date::VARCHAR AS date, count(*) AS grades, count(DISTINCT pa.player_lookup) AS players,
         count(*) FILTER (pa.actual_points = gb.points) AS right_points,
         count(*) FILTER (abs(pa.predicted_points - (
           SELECT avg(points) FROM (
             SELECT game_date, player_lookup, points FROM nba_raw.nbac_gamebook_player_stats WHERE player_status = 'active'
             UNION SELECT game_date, player_lookup, points FROM nba_raw.bdl_player_boxscores WHERE minutes IS NOT NULL
           ) AS game
           WHERE game.player_lookup = pa.player_lookup AND game.game_date < pa.game_date
         )) < 1e-9 AND system_id = 'season_average') AS right_averages
       FROM nba_predictions.prediction_accuracy AS pa
       JOIN nba_raw.nbac_gamebook_player_stats AS gb USING (game_date, player_lookup)
       GROUP BY 1 ORDER BY 1`,
    );
    expect(rows.map((row) => row.date)).toEqual([from, to]);
    for (const row of rows) {
      const played = games[row.date as keyof typeof games];
      expect(row.players).toBeGreaterThanOrEqual(15 * played);
      expect(row).toMatchObject({ right_points: row.grades, right_averages: row.players });
      const cell = report.cells.find(({ table, date }) => table === 'pa' && date === row.date);
      expect(cell).toMatchObject({ rowsBefore: 0, rowsAfter: row.grades });
    }
  });
});

describe('predictions and grades of the demonstration', { timeout: 60_000 }, () => {
  beforeAll(async () => {
    home = await demoHome();
  }, 300_000);
  afterAll(() => home.remove());

  it('have a date that was never graded, which one backfill fills', async () => {
    const before = await runJson<Coverage>(at('coverage', 'pa', '2021-12-22'));
    expect(before.json.tables[0]?.cells[0]).toMatchObject({ status: 'missing', reason: 'never_run', rows: 0 });
    const { json } = await runJson<BackfillReport>(at('backfill', 'pa', '2021-12-22'));
    expect(json.cells).toMatchObject([{ table: 'pa', date: '2021-12-22', state: 'succeeded', rowsBefore: 0 }]);
    expect(json.cells[0]?.rowsAfter).toBeGreaterThan(1000);
  });

  it('need nine in ten of the players who played in mlfs: with one fewer they are blocked, with as many they are not', async () => {
    const keep = async (date: string, fewer: number) => {
      const [row] = await ask(
        `SELECT count(*) AS n FROM nba_analytics.player_game_summary WHERE game_date = DATE '${date}'`,
      );
      const need = Math.ceil(0.9 * Number(row?.n) - 1e-9);
      await ask(`DELETE FROM nba_predictions.player_prop_predictions WHERE game_date = DATE '${date}'`);
      await ask(
        `DELETE FROM nba_predictions.ml_feature_store_v2 WHERE game_date = DATE '${date}' AND player_lookup NOT IN (
           SELECT player_lookup FROM nba_predictions.ml_feature_store_v2 WHERE game_date = DATE '${date}'
           ORDER BY player_lookup LIMIT ${need - fewer})`,
      );
      return need;
    };
    const need = await keep('2021-11-05', 1);
    await keep('2021-11-06', 0);
    const { json } = await runJson<Coverage>(at('coverage', 'ppp', '2021-11-05', '2021-11-06'));
    expect(json.tables[0]?.cells).toMatchObject([
      { status: 'blocked', reason: 'upstream_entity_missing', failing: [{ table: 'mlfs', have: need - 1, need }] },
      { status: 'missing', reason: 'never_run', failing: [] },
    ]);
  });
});
