-- Features of one date: one row per player of pcf, with what pdc, psza and tdza know of the player and the opponent.
-- A feature that nobody could compute is NULL, and lowers the row's quality. Nothing in the first fourteen days.
WITH season AS (SELECT max(starts) AS starts FROM nba_raw.seasons WHERE starts <= $date::DATE),
factors AS (
  SELECT DISTINCT ON (player_lookup) * FROM nba_precompute.player_composite_factors WHERE game_date = $date::DATE
),
cache AS (
  SELECT DISTINCT ON (player_lookup) * FROM nba_precompute.player_daily_cache WHERE cache_date = $date::DATE
),
shot AS (
  SELECT DISTINCT ON (player_lookup) * FROM nba_precompute.player_shot_zone_analysis WHERE analysis_date = $date::DATE
),
defense AS (
  SELECT DISTINCT ON (team_abbr) * FROM nba_precompute.team_defense_zone_analysis WHERE analysis_date = $date::DATE
),
features AS (
  SELECT
    factors.game_date,
    factors.player_lookup,
    factors.player_name,
    factors.team_abbr,
    factors.opponent_team_abbr,
    cache.points_avg_last_5,
    cache.points_avg_last_10,
    cache.points_avg_season,
    cache.points_std_last_10,
    cache.games_played,
    cache.minutes_avg_last_10,
    cache.rebounds_avg_last_10,
    cache.assists_avg_last_10,
    cache.usage_avg_last_10,
    cache.true_shooting_last_10,
    cache.team_pace_last_30_days,
    cache.team_rating_last_30_days,
    factors.fatigue_score,
    factors.matchup_score,
    factors.pace_score,
    factors.usage_score,
    shot.paint_rate,
    shot.mid_rate,
    shot.three_rate,
    shot.paint_pct,
    shot.three_pct,
    defense.defensive_rating AS opponent_defensive_rating,
    defense.points_allowed_per_game AS opponent_points_allowed,
    defense.paint_pct_allowed AS opponent_paint_pct_allowed,
    defense.three_pct_allowed AS opponent_three_pct_allowed,
    factors.is_production_ready AS factors_ready
  FROM factors
  LEFT JOIN cache USING (player_lookup)
  LEFT JOIN shot ON shot.player_lookup = factors.player_lookup
  LEFT JOIN defense ON defense.team_abbr = factors.opponent_team_abbr
),
scored AS (
  SELECT
    *,
    list_count([
      points_avg_last_5, points_avg_last_10, points_avg_season, points_std_last_10, games_played, minutes_avg_last_10,
      rebounds_avg_last_10, assists_avg_last_10, usage_avg_last_10, true_shooting_last_10, team_pace_last_30_days,
      team_rating_last_30_days, fatigue_score, matchup_score, pace_score, usage_score, paint_rate, mid_rate,
      three_rate, paint_pct, three_pct, opponent_defensive_rating, opponent_points_allowed,
      opponent_paint_pct_allowed, opponent_three_pct_allowed
    ])::INTEGER AS feature_count
  FROM features
)
SELECT
  scored.* EXCLUDE (factors_ready),
  100 * feature_count / 25 AS feature_quality_score,
  CASE WHEN feature_count >= 24 THEN 'gold' WHEN feature_count >= 15 THEN 'silver' ELSE 'bronze' END AS quality_tier,
  factors_ready AND feature_count >= 24 AS is_production_ready
FROM scored, season
WHERE $date::DATE >= season.starts + 14
