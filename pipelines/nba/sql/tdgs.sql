-- Team defense of a range of dates: one row per team that played, made of what its opponent did.
WITH box AS (
  SELECT
    *,
    fg_att + 0.44 * ft_att + turnovers - 0.24 * rebounds AS possessions
  FROM nba_raw.nbac_team_boxscore
  WHERE game_date BETWEEN $from::DATE AND $to::DATE
)
SELECT
  strftime(game_date, '%Y%m%d') || '_'
    || CASE WHEN is_home THEN opponent_team_abbr || '_' || team_abbr
            ELSE team_abbr || '_' || opponent_team_abbr END AS game_id,
  game_date,
  opponent_team_abbr AS defending_team_abbr,
  team_abbr AS opponent_team_abbr,
  points AS points_allowed,
  possessions AS opponent_possessions,
  100 * points / nullif(possessions, 0) AS defensive_rating,
  turnovers AS turnovers_forced,
  paint_made AS opponent_paint_made,
  paint_att AS opponent_paint_att,
  mid_made AS opponent_mid_made,
  mid_att AS opponent_mid_att,
  three_made AS opponent_three_made,
  three_att AS opponent_three_att
FROM box
