/** The SELECTs of phases 5 and 6, figure by figure, on rows that are small enough to reckon by hand. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { loadRows } from '../../../pipelines/nba/load-season.ts';
import { createSchema, processors, runProcessor } from '../../../pipelines/nba/processors.ts';
import { addDays } from '../../../src/core/dates.ts';
import { type DuckdbHome, openDuckdb } from '../../../src/warehouse/duckdb-connection.ts';

const date = '2021-12-10';
const written = '2021-12-11 00:00:00';
let duckdb: DuckdbHome;

beforeEach(async () => {
  duckdb = await openDuckdb(undefined);
  await duckdb.withConnection(({ run }) => createSchema(run));
});
afterEach(() => duckdb.close());

async function load(table: string, rows: readonly object[]): Promise<void> {
  await duckdb.withConnection(({ run }) => loadRows(run, table, rows));
}

/** Games of one player on the days before the date, the latest last, and what he scored on the date itself. */
async function play(player: string, points: readonly number[], today?: number): Promise<void> {
  const game = (game_date: string, scored: number) => ({
    game_id: `${game_date} ${player}`,
    game_date,
    player_lookup: player,
    points: scored,
    minutes_played: 30,
    processed_at: written,
  });
  const before = points.map((scored, i) => game(addDays(date, i - points.length), scored));
  await load('nba_analytics.player_game_summary', today === undefined ? before : [...before, game(date, today)]);
}

async function feature(player: string, more: object = {}): Promise<void> {
  const row = { game_date: date, player_lookup: player, feature_quality_score: 80, updated_at: written };
  await load('nba_predictions.ml_feature_store_v2', [{ ...row, ...more }]);
}

async function fill(alias: 'ppp' | 'pa', on = date): Promise<number> {
  const processor = processors.find((one) => one.alias === alias);
  if (processor === undefined) throw new Error(alias);
  return await runProcessor(duckdb, processor, on, Date.parse('2022-01-01'));
}

async function predicted(player: string, columns: string): Promise<Record<string, unknown>[]> {
  return await duckdb.run(
    `SELECT system_id, ${columns} FROM nba_predictions.player_prop_predictions WHERE player_lookup = $player ORDER BY 1`,
    { player },
  );
}

async function graded(player: string, columns: string): Promise<Record<string, unknown>[]> {
  return await duckdb.run(
    `SELECT system_id, ${columns} FROM nba_predictions.prediction_accuracy WHERE player_lookup = $player ORDER BY 1`,
    { player },
  );
}

/** Twelve games: the average is 13, that of the last ten 15, of the last five 20. */
const rising = [2, 4, 10, 10, 10, 10, 10, 20, 20, 20, 20, 20];

describe('the predictions', () => {
  it('are the averages of five, ten and all games before the date, whatever the date itself brought', async () => {
    await play('riser', rising, 60);
    await feature('riser');
    expect(await fill('ppp')).toBe(5);
    expect(await predicted('riser', 'predicted_points AS points, games_in_sample AS games')).toEqual([
      { system_id: 'ensemble', points: 16, games: 12 },
      { system_id: 'moving_average_10', points: 15, games: 12 },
      { system_id: 'moving_average_5', points: 20, games: 12 },
      { system_id: 'season_average', points: 13, games: 12 },
      { system_id: 'zone_matchup', points: null, games: 12 },
    ]);
  });

  it('stand against an estimated line, the half point above the whole average', async () => {
    await play('riser', rising);
    await feature('riser');
    await fill('ppp');
    expect(await predicted('riser', 'estimated_line AS line, edge, recommendation AS says')).toEqual([
      { system_id: 'ensemble', line: 13.5, edge: 2.5, says: 'over' },
      { system_id: 'moving_average_10', line: 13.5, edge: 1.5, says: 'over' },
      { system_id: 'moving_average_5', line: 13.5, edge: 6.5, says: 'over' },
      { system_id: 'season_average', line: 13.5, edge: -0.5, says: 'pass' },
      { system_id: 'zone_matchup', line: 13.5, edge: null, says: null },
    ]);
  });

  it('of zones raise the ten-game average by what the defense gives away where the player shoots', async () => {
    await play('driver', rising);
    // All from the paint, where 55 of 100 shots are usual, against a defense that lets 66 of them in: a fifth more.
    await feature('driver', { paint_rate: 1, mid_rate: 0, three_rate: 0, matchup_score: 100 * (0.66 - 0.55) });
    await fill('ppp');
    const rows = await predicted('driver', 'predicted_points AS points');
    expect(rows.find((row) => row.system_id === 'zone_matchup')?.points).toBeCloseTo(18, 9);
    expect(rows.find((row) => row.system_id === 'ensemble')?.points).toBeCloseTo((20 + 15 + 13 + 18) / 4, 9);
  });

  it('are as sure as the features are good and the games many', async () => {
    await play('riser', rising);
    await feature('riser');
    await fill('ppp');
    const rows = await predicted('riser', 'confidence_score AS sure');
    expect(rows.map((row) => row.sure)).toEqual([80, 80, 80, 48, null]);
  });

  it('are inactive with fewer than five games, and empty for a player who has not played', async () => {
    await play('novice', [7, 8, 9, 10]);
    for (const player of ['novice', 'stranger']) await feature(player);
    expect(await fill('ppp')).toBe(10);
    expect((await predicted('novice', 'is_active')).map((row) => row.is_active)).toEqual(Array(5).fill(false));
    expect((await predicted('novice', 'predicted_points AS points'))[0]?.points).toBe(8.5);
    const empty = { predicted_points: null, estimated_line: null, recommendation: null, is_active: false };
    const columns = 'predicted_points, estimated_line, recommendation, is_active';
    for (const row of await predicted('stranger', columns)) expect(row).toMatchObject(empty);
  });

  it('are not made where mlfs has no rows, nor of its placeholders in the first fourteen days', async () => {
    await play('riser', rising);
    await feature('riser');
    await feature('riser', { game_date: '2021-11-01' });
    expect(await fill('ppp', '2021-12-09')).toBe(0);
    expect(await fill('ppp', '2021-11-01')).toBe(0);
  });

  it('count a game that was written twice once', async () => {
    await play('riser', rising);
    await play('riser', rising);
    await feature('riser');
    await feature('riser');
    expect(await fill('ppp')).toBe(5);
    const [, ofTen] = await predicted('riser', 'predicted_points AS points, games_in_sample AS games');
    expect(ofTen).toEqual({ system_id: 'moving_average_10', points: 15, games: 12 });
  });
});

describe('the grades', () => {
  it('are the prediction less the points, and right when the points fell on the side of the line that was said', async () => {
    await play('riser', rising, 18);
    await feature('riser');
    await fill('ppp');
    expect(await fill('pa')).toBe(4);
    const columns = 'actual_points AS points, signed_error AS off, absolute_error AS error, was_right';
    expect(await graded('riser', columns)).toEqual([
      { system_id: 'ensemble', points: 18, off: -2, error: 2, was_right: true },
      { system_id: 'moving_average_10', points: 18, off: -3, error: 3, was_right: true },
      { system_id: 'moving_average_5', points: 18, off: 2, error: 2, was_right: true },
      { system_id: 'season_average', points: 18, off: -5, error: 5, was_right: null },
    ]);
  });

  it('are wrong when an over stayed under', async () => {
    await play('riser', rising, 13);
    await feature('riser');
    await fill('ppp');
    await fill('pa');
    const rights = (await graded('riser', 'was_right')).map((row) => row.was_right);
    expect(rights).toEqual([false, false, false, null]);
  });

  it('leave out who did not play and what is not active, and are none without points', async () => {
    await play('riser', rising);
    await play('novice', [7, 8, 9], 10);
    for (const player of ['riser', 'novice']) await feature(player);
    await fill('ppp');
    expect(await fill('pa')).toBe(0);
    await play('second', rising, 0);
    await feature('second');
    await fill('ppp');
    expect(await fill('pa')).toBe(4);
    expect((await graded('second', 'actual_points AS points'))[0]?.points).toBe(0);
  });

  it('count each active prediction once, though rows were written twice', async () => {
    await play('riser', rising, 18);
    await play('riser', [], 18);
    await feature('riser');
    await fill('ppp');
    const table = 'nba_predictions.player_prop_predictions';
    await duckdb.run(`INSERT INTO ${table} FROM ${table}`, {});
    expect(await fill('pa')).toBe(4);
  });
});
