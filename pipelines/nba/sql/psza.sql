-- Where players shoot from: those with at least ten games this season, up to and including one date, in which they
-- attempted a field goal. Cumulative, so it never falls within a season. Some sources know threes and no other zones:
-- such a game counts as a game, and not for where its shots came from. Nothing in the first fourteen days.
WITH season AS (SELECT max(starts) AS starts FROM nba_raw.seasons WHERE starts <= $date::DATE),
shots AS (
  SELECT
    player_lookup,
    arg_max(player_name, game_date) AS player_name,
    arg_max(team_abbr, game_date) AS team_abbr,
    count(DISTINCT game_date) FILTER (fg_att > 0)::INTEGER AS games_in_sample,
    sum(fg_att) AS shots_in_sample,
    sum(paint_att) AS paint_att,
    sum(mid_att) AS mid_att,
    sum(three_att) FILTER (paint_att IS NOT NULL) AS three_att,
    sum(paint_made) AS paint_made,
    sum(mid_made) AS mid_made,
    sum(three_made) FILTER (paint_att IS NOT NULL) AS three_made
  FROM nba_analytics.player_game_summary, season
  WHERE game_date BETWEEN season.starts AND $date::DATE AND $date::DATE >= season.starts + 14
  GROUP BY player_lookup
)
SELECT
  $date::DATE AS analysis_date,
  player_lookup,
  player_name,
  team_abbr,
  games_in_sample,
  shots_in_sample,
  paint_att / nullif(paint_att + mid_att + three_att, 0) AS paint_rate,
  mid_att / nullif(paint_att + mid_att + three_att, 0) AS mid_rate,
  three_att / nullif(paint_att + mid_att + three_att, 0) AS three_rate,
  paint_made / nullif(paint_att, 0) AS paint_pct,
  mid_made / nullif(mid_att, 0) AS mid_pct,
  three_made / nullif(three_att, 0) AS three_pct,
  CASE
    WHEN paint_att IS NULL OR mid_att IS NULL OR three_att IS NULL THEN NULL
    WHEN paint_att >= mid_att AND paint_att >= three_att THEN 'paint'
    WHEN three_att >= mid_att THEN 'three'
    ELSE 'mid'
  END AS primary_zone
FROM shots
WHERE games_in_sample >= 10
