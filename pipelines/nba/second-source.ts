/**
 * The second source of box scores (bdl), made of what the gamebook and the rosters say: it tells of the same games, with
 * numbers for ids, whole minutes and no shot zones, and lists whole rosters where rosters are known.
 */
import type { Run } from '../../src/warehouse/duckdb-connection.ts';
import { insertedRows } from './processors.ts';

const fill = `INSERT INTO nba_raw.bdl_player_boxscores BY NAME
WITH gamebook AS (
  FROM nba_raw.nbac_gamebook_player_stats
  WHERE game_date IN (SELECT game_date FROM nba_raw.nbac_schedule WHERE season = $season)
),
side AS (
  SELECT DISTINCT game_id, game_date, team_abbr, opponent_team_abbr, is_home FROM gamebook
),
listed AS (
  SELECT side.*, player_lookup, player_name
  FROM side JOIN nba_raw.rosters USING (team_abbr)
  WHERE side.game_date BETWEEN rosters.from_date AND rosters.to_date
),
line AS (
  SELECT * EXCLUDE (player_status, minutes, paint_made, paint_att, mid_made, mid_att), round(minutes)::INTEGER AS minutes
  FROM gamebook
  UNION ALL BY NAME
  FROM listed ANTI JOIN gamebook USING (game_id, player_lookup)
)
SELECT * REPLACE (ltrim(game_id, '0') AS game_id) FROM line`;

/** Fills the second source for a season ("2021-22") whose schedule, gamebook and rosters are there. Returns its rows. */
export async function fillSecondSource(run: Run, season: string): Promise<number> {
  return insertedRows(await run(fill, { season }));
}
