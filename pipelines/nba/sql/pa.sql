-- Predictions of one date against what was scored: one row per active prediction of a player who entered a game. Who did
-- not play is not graded, and a pass is neither right nor wrong.
WITH prediction AS (
  SELECT DISTINCT ON (player_lookup, system_id) *
  FROM nba_predictions.player_prop_predictions
  WHERE game_date = $date::DATE AND is_active
),
played AS (
  SELECT DISTINCT ON (player_lookup) player_lookup, points, minutes_played
  FROM nba_analytics.player_game_summary
  WHERE game_date = $date::DATE AND points IS NOT NULL
)
SELECT
  prediction.game_date,
  prediction.player_lookup,
  prediction.player_name,
  prediction.team_abbr,
  prediction.system_id,
  prediction.predicted_points,
  played.points AS actual_points,
  played.minutes_played,
  prediction.predicted_points - played.points AS signed_error,
  abs(prediction.predicted_points - played.points) AS absolute_error,
  prediction.estimated_line,
  prediction.recommendation,
  CASE prediction.recommendation
    WHEN 'over' THEN played.points > prediction.estimated_line
    WHEN 'under' THEN played.points < prediction.estimated_line
  END AS was_right,
  prediction.confidence_score
FROM prediction JOIN played USING (player_lookup)
