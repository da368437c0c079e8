-- Zone defense of every team that has played this season, up to and including one date, whether or not it plays then.
-- Nothing in the first fourteen days of a season.
WITH season AS (SELECT max(starts) AS starts FROM nba_raw.seasons WHERE starts <= $date::DATE),
team AS (
  SELECT
    defending_team_abbr AS team_abbr,
    count(DISTINCT game_date)::INTEGER AS games_played,
    avg(points_allowed) AS points_allowed_per_game,
    100 * sum(points_allowed) / nullif(sum(opponent_possessions), 0) AS defensive_rating,
    sum(opponent_paint_made) / nullif(sum(opponent_paint_att), 0) AS paint_pct_allowed,
    sum(opponent_mid_made) / nullif(sum(opponent_mid_att), 0) AS mid_pct_allowed,
    sum(opponent_three_made) / nullif(sum(opponent_three_att), 0) AS three_pct_allowed,
    avg(opponent_paint_att) AS paint_att_allowed_per_game,
    avg(opponent_three_att) AS three_att_allowed_per_game
  FROM nba_analytics.team_defense_game_summary, season
  WHERE game_date BETWEEN season.starts AND $date::DATE AND $date::DATE >= season.starts + 14
  GROUP BY defending_team_abbr
)
SELECT
  $date::DATE AS analysis_date,
  team.*,
  points_allowed_per_game - avg(points_allowed_per_game) OVER () AS points_allowed_vs_league
FROM team
