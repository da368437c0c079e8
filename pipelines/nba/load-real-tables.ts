/**
 * Loads one season of real box scores from CSV files into the raw tables. The files are a developer's own copy of facts
 * that may be read but not passed on; nothing of them is kept in the project. They list only players who entered a game.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Run } from '../../src/warehouse/duckdb-connection.ts';
import { createSchema, type Duckdb, insertedRows, processors } from './processors.ts';
import { fillSecondSource } from './second-source.ts';

const files = ['games.csv', 'player_box.csv.gz'] as const;

/** What was loaded, in rows. */
export type Loaded = { readonly sched: number; readonly gb: number; readonly bdl: number; readonly ntb: number };

/** Which of the two files a folder lacks; empty when it can be loaded. */
export function missingFiles(folder: string): string[] {
  return files.filter((file) => !existsSync(join(folder, file)));
}

function csv(folder: string, file: (typeof files)[number]): string {
  const path = join(folder, file).replaceAll("'", "''");
  return `read_csv('${path}', types = {'game_id': 'VARCHAR', 'season': 'VARCHAR', 'game_date': 'DATE'})`;
}

const schedule = (folder: string) => `INSERT INTO nba_raw.nbac_schedule BY NAME
SELECT game_id, game_date, season, season_type, 'Final' AS game_status, home_team_abbr, away_team_abbr
FROM ${csv(folder, 'games.csv')} WHERE season = $season`;

const gamebook = (folder: string) => `INSERT INTO nba_raw.nbac_gamebook_player_stats BY NAME
SELECT game_id, game_date, team_abbr, opponent_team_abbr, is_home, player_lookup, player_name, 'active' AS player_status,
  minutes, points, rebounds, assists, steals, blocks, turnovers, fouls, fg_made, fg_att, ft_made, ft_att,
  paint_made, paint_att, mid_made, mid_att, three_made, three_att
FROM ${csv(folder, 'player_box.csv.gz')} WHERE season = $season`;

// The team's points come from the schedule's file; the rest are sums over its players.
const teams = (folder: string) => `INSERT INTO nba_raw.nbac_team_boxscore BY NAME
WITH games AS (SELECT * FROM ${csv(folder, 'games.csv')} WHERE season = $season),
sides AS (
  SELECT game_id, game_date, home_team_abbr AS team_abbr, away_team_abbr AS opponent_team_abbr, true AS is_home,
    home_points AS points FROM games
  UNION ALL
  SELECT game_id, game_date, away_team_abbr, home_team_abbr, false, away_points FROM games
),
sums AS (
  SELECT game_id, team_abbr, sum(rebounds) AS rebounds, sum(assists) AS assists, sum(turnovers) AS turnovers,
    sum(fg_made) AS fg_made, sum(fg_att) AS fg_att, sum(ft_made) AS ft_made, sum(ft_att) AS ft_att,
    sum(paint_made) AS paint_made, sum(paint_att) AS paint_att, sum(mid_made) AS mid_made, sum(mid_att) AS mid_att,
    sum(three_made) AS three_made, sum(three_att) AS three_att
  FROM nba_raw.nbac_gamebook_player_stats GROUP BY game_id, team_abbr
)
SELECT * FROM sides LEFT JOIN sums USING (game_id, team_abbr)`;

/** Everything of the season goes: tables computed from other games, or rosters of other players, would stay as a mix. */
async function emptySeason(run: Run, season: string): Promise<void> {
  const dated = [
    ...['nbac_schedule', 'nbac_gamebook_player_stats', 'bdl_player_boxscores', 'nbac_team_boxscore'].map((name) => ({
      table: `nba_raw.${name}`,
      dateColumn: 'game_date',
    })),
    { table: 'nba_raw.rosters', dateColumn: 'to_date' },
    ...processors,
  ];
  for (const { table, dateColumn } of dated) {
    await run(
      `DELETE FROM ${table} WHERE ${dateColumn} BETWEEN
         (SELECT starts FROM nba_raw.seasons WHERE season = $season)
         AND coalesce((SELECT min(starts) - 1 FROM nba_raw.seasons WHERE season > $season), DATE '9999-12-31')`,
      { season },
    );
  }
}

async function insertSeason(run: Run, folder: string, season: string): Promise<Loaded> {
  const sched = insertedRows(await run(schedule(folder), { season }));
  const gb = insertedRows(await run(gamebook(folder), { season }));
  const ntb = insertedRows(await run(teams(folder), { season }));
  const bdl = await fillSecondSource(run, season);
  return { sched, gb, bdl, ntb };
}

/**
 * Creates the schema and replaces one season ("2021-22"), in one transaction: raw tables as in the files, computed ones
 * empty. Undefined if the pipeline does not know the season.
 */
export async function loadReal(duckdb: Duckdb, folder: string, season: string): Promise<Loaded | undefined> {
  return await duckdb.withConnection(async ({ run }) => {
    await createSchema(run);
    const known = await run('SELECT season FROM nba_raw.seasons WHERE season = $season', { season });
    if (known.length === 0) return undefined;
    await run('BEGIN', {});
    try {
      await emptySeason(run, season);
      const loaded = await insertSeason(run, folder, season);
      await run('COMMIT', {});
      return loaded;
    } catch (error) {
      await run('ROLLBACK', {}).catch(() => undefined);
      throw error;
    }
  });
}
