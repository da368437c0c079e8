-- Composite factors of one date: one row per player of the context (upgc), or of the games themselves (pgs) where there
-- is no context. Nobody is left out; the flags say what each row could not be built on. Upstream rows that were written
-- twice count once. Nothing in the first fourteen days of a season.
WITH season AS (SELECT max(starts) AS starts FROM nba_raw.seasons WHERE starts <= $date::DATE),
context AS (
  SELECT DISTINCT ON (player_lookup)
    player_lookup, player_name, team_abbr, opponent_team_abbr, context_source
  FROM nba_analytics.upcoming_player_game_context
  WHERE game_date = $date::DATE
),
player AS (
  FROM context
  UNION ALL
  SELECT DISTINCT ON (player_lookup) player_lookup, player_name, team_abbr, opponent_team_abbr, 'synthetic'
  FROM nba_analytics.player_game_summary
  WHERE game_date = $date::DATE AND NOT EXISTS (FROM context)
),
played AS (
  SELECT
    player_lookup,
    count(DISTINCT game_date) AS games,
    sum(minutes_played) FILTER (game_date BETWEEN $date::DATE - 7 AND $date::DATE - 1) AS minutes_last_7,
    avg(usage_rate) AS usage_rate
  FROM nba_analytics.player_game_summary, season
  WHERE game_date BETWEEN season.starts AND $date::DATE
  GROUP BY player_lookup
),
scheduled AS (
  SELECT team_abbr, count(DISTINCT game_date) AS games
  FROM (
    SELECT home_team_abbr AS team_abbr, game_date, season_type FROM nba_raw.nbac_schedule
    UNION ALL
    SELECT away_team_abbr, game_date, season_type FROM nba_raw.nbac_schedule
  ), season
  WHERE game_date BETWEEN season.starts AND $date::DATE
    AND season_type IN ('Regular Season', 'Cup Final', 'Play-In', 'Playoffs')
  GROUP BY team_abbr
),
shot AS (
  SELECT DISTINCT ON (player_lookup) * FROM nba_precompute.player_shot_zone_analysis
  WHERE analysis_date = $date::DATE
),
defense AS (
  SELECT DISTINCT ON (team_abbr) * FROM nba_precompute.team_defense_zone_analysis
  WHERE analysis_date = $date::DATE
),
team AS (
  SELECT DISTINCT ON (team_abbr) * FROM nba_analytics.upcoming_team_game_context
  WHERE game_date = $date::DATE
),
flagged AS (
  SELECT
    player.*,
    shot.player_lookup IS NOT NULL AS upstream_player_shot_ready,
    defense.team_abbr IS NOT NULL AS upstream_team_defense_ready,
    player.context_source <> 'synthetic' AS upstream_player_context_ready,
    team.team_abbr IS NOT NULL AS upstream_team_context_ready,
    least(100, 100 * coalesce(played.games, 0) / nullif(scheduled.games, 0)) AS completeness_percentage,
    100 - coalesce(played.minutes_last_7, 0) / 2.4 - 10 * (coalesce(team.days_rest, 1) = 0)::INTEGER AS fatigue_score,
    shot.paint_rate * (defense.paint_pct_allowed - 0.55) + shot.mid_rate * (defense.mid_pct_allowed - 0.41)
      + 1.5 * shot.three_rate * (defense.three_pct_allowed - 0.35) AS matchup,
    team.games_last_7_days - 3.5 AS pace_score,
    played.usage_rate - 20 AS usage_score
  FROM player
  LEFT JOIN played USING (player_lookup)
  LEFT JOIN scheduled ON scheduled.team_abbr = player.team_abbr
  LEFT JOIN shot ON shot.player_lookup = player.player_lookup
  LEFT JOIN defense ON defense.team_abbr = player.opponent_team_abbr
  LEFT JOIN team ON team.team_abbr = player.team_abbr
)
SELECT
  $date::DATE AS game_date,
  player_lookup,
  player_name,
  team_abbr,
  opponent_team_abbr,
  greatest(0, fatigue_score) AS fatigue_score,
  100 * matchup AS matchup_score,
  pace_score,
  usage_score,
  context_source,
  completeness_percentage,
  upstream_player_shot_ready AND upstream_team_defense_ready AND upstream_player_context_ready
    AND upstream_team_context_ready AS all_upstreams_ready,
  -- A context that was made of the games themselves is good enough for production; its own flag says which one it was.
  upstream_player_shot_ready AND upstream_team_defense_ready AND upstream_team_context_ready
    AND coalesce(completeness_percentage >= 90, false) AS is_production_ready,
  upstream_player_shot_ready,
  upstream_team_defense_ready,
  upstream_player_context_ready,
  upstream_team_context_ready
FROM flagged, season
WHERE $date::DATE >= season.starts + 14
