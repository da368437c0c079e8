-- Context of each player whose team plays, for a range of dates. Three roads, in this order: the roster of the date;
-- where no roster of the team is known, who was in a gamebook within thirty days; where the schedule itself is empty,
-- who played that day (synthetic: it knows afterwards what should have been known before).
WITH games AS (
  SELECT DISTINCT game_id, game_date, home_team_abbr, away_team_abbr
  FROM nba_raw.nbac_schedule
  WHERE game_date BETWEEN $from::DATE - 30 AND $to::DATE
    AND season_type IN ('Regular Season', 'Cup Final', 'Play-In', 'Playoffs')
),
sides AS (
  SELECT game_date, home_team_abbr AS team_abbr, away_team_abbr AS opponent_team_abbr, true AS is_home FROM games
  UNION ALL
  SELECT game_date, away_team_abbr, home_team_abbr, false FROM games
),
loads AS (
  SELECT
    *,
    least(30, coalesce(date_diff('day', lag(game_date) OVER by_date, game_date) - 1, 30))::INTEGER AS days_rest,
    (count(*) OVER (
      PARTITION BY team_abbr ORDER BY game_date
      RANGE BETWEEN INTERVAL 7 DAY PRECEDING AND INTERVAL 1 DAY PRECEDING
    ))::INTEGER AS games_last_7_days
  FROM sides
  WINDOW by_date AS (PARTITION BY team_abbr ORDER BY game_date)
),
dates AS (
  SELECT DISTINCT game_date FROM games WHERE game_date BETWEEN $from::DATE AND $to::DATE
),
roster AS (
  SELECT dates.game_date, player_lookup, player_name, team_abbr, 'roster' AS context_source
  FROM dates JOIN nba_raw.rosters ON dates.game_date BETWEEN from_date AND to_date
),
recent AS (
  SELECT
    dates.game_date,
    gb.player_lookup,
    any_value(gb.player_name) AS player_name,
    arg_max(gb.team_abbr, gb.game_date) AS team_abbr,
    'recent_games' AS context_source
  FROM dates
  JOIN nba_raw.nbac_gamebook_player_stats AS gb
    ON gb.game_date BETWEEN dates.game_date - 30 AND dates.game_date
  GROUP BY dates.game_date, gb.player_lookup
),
known AS (
  FROM roster
  UNION ALL
  FROM recent ANTI JOIN roster USING (game_date, team_abbr)
)
SELECT
  game_date,
  known.player_lookup,
  known.player_name,
  team_abbr,
  loads.opponent_team_abbr,
  loads.is_home,
  loads.days_rest,
  loads.games_last_7_days,
  loads.days_rest = 0 AS back_to_back,
  known.context_source
FROM known JOIN loads USING (game_date, team_abbr)
UNION ALL
SELECT
  game_date, player_lookup, player_name, team_abbr, opponent_team_abbr, is_home,
  NULL AS days_rest, NULL AS games_last_7_days, NULL AS back_to_back, 'synthetic' AS context_source
FROM nba_analytics.player_game_summary ANTI JOIN dates USING (game_date)
WHERE game_date BETWEEN $from::DATE AND $to::DATE
