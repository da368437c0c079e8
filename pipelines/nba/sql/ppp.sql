-- Predictions of points for one date: each player of mlfs by each of five systems, whether or not a system has enough to
-- go by; its row is active where it has. mlfs's own averages count the date's game, as the cache does, so form is taken
-- here from the games before the date: nothing may know the result that it predicts. There are no bookmakers' lines
-- here; the line is an estimate, the half point above the player's whole average. Nothing in the first fourteen days.
WITH season AS (SELECT max(starts) AS starts FROM nba_raw.seasons WHERE starts <= $date::DATE),
features AS (
  SELECT DISTINCT ON (player_lookup) mlfs.*
  FROM nba_predictions.ml_feature_store_v2 AS mlfs, season
  WHERE game_date = $date::DATE AND $date::DATE >= season.starts + 14
),
before AS (
  SELECT
    player_lookup,
    points,
    row_number() OVER (PARTITION BY player_lookup ORDER BY game_date DESC) AS back
  FROM (
    SELECT DISTINCT ON (player_lookup, game_date) player_lookup, game_date, points
    FROM nba_analytics.player_game_summary, season
    WHERE game_date BETWEEN season.starts AND $date::DATE - 1
  )
),
form AS (
  SELECT
    player_lookup,
    count(*)::INTEGER AS games,
    avg(points) FILTER (back <= 5) AS last_5,
    avg(points) FILTER (back <= 10) AS last_10,
    avg(points) AS whole
  FROM before
  GROUP BY player_lookup
),
known AS (
  SELECT
    features.*,
    coalesce(form.games, 0) AS games,
    form.last_5,
    form.last_10,
    form.whole,
    -- What his shots are worth against this defense, of what they are worth against a usual one. The usual shares of
    -- made shots by zone are those that pcf measures its matchup against.
    form.last_10 * (1 + matchup_score / 100 / nullif(0.55 * paint_rate + 0.41 * mid_rate + 1.5 * 0.35 * three_rate, 0))
      AS against_zones,
    floor(form.whole) + 0.5 AS estimated_line
  FROM features LEFT JOIN form USING (player_lookup)
),
-- `wanted`: the games that a system would like to have before it is sure of itself.
system AS (
  SELECT *, unnest([
    {'system_id': 'moving_average_5', 'predicted_points': last_5, 'wanted': 5},
    {'system_id': 'moving_average_10', 'predicted_points': last_10, 'wanted': 10},
    {'system_id': 'season_average', 'predicted_points': whole, 'wanted': 20},
    {'system_id': 'zone_matchup', 'predicted_points': against_zones, 'wanted': 10},
    {'system_id': 'ensemble', 'predicted_points': list_avg([last_5, last_10, whole, against_zones]), 'wanted': 10}
  ], recursive := true)
  FROM known
)
SELECT
  game_date,
  player_lookup,
  player_name,
  team_abbr,
  opponent_team_abbr,
  system_id,
  predicted_points,
  estimated_line,
  predicted_points - estimated_line AS edge,
  CASE
    WHEN predicted_points - estimated_line >= 1 THEN 'over'
    WHEN predicted_points - estimated_line <= -1 THEN 'under'
    WHEN predicted_points IS NOT NULL THEN 'pass'
  END AS recommendation,
  games AS games_in_sample,
  CASE WHEN predicted_points IS NOT NULL THEN feature_quality_score * least(1, games / wanted) END AS confidence_score,
  predicted_points IS NOT NULL AND games >= 5 AS is_active
FROM system
