-- Daily cache of one date: rolling averages of the players that shot-zone analysis covers (ten games with a field goal
-- attempt) and whose team, of their last game, plays that day. They are counted here from the games themselves, so
-- that shot zones are wanted, not required. Nothing in the first fourteen days of a season.
WITH season AS (SELECT max(starts) AS starts FROM nba_raw.seasons WHERE starts <= $date::DATE),
playing AS (
  SELECT unnest([home_team_abbr, away_team_abbr]) AS team_abbr
  FROM nba_raw.nbac_schedule
  WHERE game_date = $date::DATE AND season_type IN ('Regular Season', 'Cup Final', 'Play-In', 'Playoffs')
),
games AS (
  SELECT
    pgs.*,
    row_number() OVER (PARTITION BY player_lookup ORDER BY game_date DESC) AS back
  FROM (
    SELECT DISTINCT ON (player_lookup, game_date) *
    FROM nba_analytics.player_game_summary, season
    WHERE game_date BETWEEN season.starts AND $date::DATE AND $date::DATE >= season.starts + 14
  ) AS pgs
),
player AS (
  SELECT
    player_lookup,
    arg_min(player_name, back) AS player_name,
    arg_min(team_abbr, back) AS team_abbr,
    count(*)::INTEGER AS games_played,
    avg(points) FILTER (back <= 5) AS points_avg_last_5,
    avg(points) FILTER (back <= 10) AS points_avg_last_10,
    avg(points) AS points_avg_season,
    stddev_samp(points) FILTER (back <= 10) AS points_std_last_10,
    avg(minutes_played) FILTER (back <= 10) AS minutes_avg_last_10,
    avg(rebounds) FILTER (back <= 10) AS rebounds_avg_last_10,
    avg(assists) FILTER (back <= 10) AS assists_avg_last_10,
    avg(usage_rate) FILTER (back <= 10) AS usage_avg_last_10,
    avg(true_shooting) FILTER (back <= 10) AS true_shooting_last_10
  FROM games
  GROUP BY player_lookup
  HAVING count(*) FILTER (fg_att > 0) >= 10
),
team AS (
  SELECT team_abbr, avg(pace) AS team_pace_last_30_days, avg(offensive_rating) AS team_rating_last_30_days
  FROM nba_analytics.team_offense_game_summary
  WHERE game_date BETWEEN $date::DATE - 29 AND $date::DATE
  GROUP BY team_abbr
),
shot AS (
  SELECT DISTINCT ON (player_lookup) player_lookup, primary_zone FROM nba_precompute.player_shot_zone_analysis
  WHERE analysis_date = $date::DATE
)
SELECT
  $date::DATE AS cache_date,
  player.*,
  team.team_pace_last_30_days,
  team.team_rating_last_30_days,
  shot.primary_zone,
  team.team_pace_last_30_days IS NOT NULL AND shot.primary_zone IS NOT NULL AS is_production_ready
FROM player
LEFT JOIN team USING (team_abbr)
LEFT JOIN shot USING (player_lookup)
WHERE team_abbr IN (SELECT team_abbr FROM playing)
