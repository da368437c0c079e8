-- Context of each team that plays, for a range of dates: rest and load, from the schedule alone. The schedule may hold
-- several rows per game, and events that are not games.
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
    -- A team without a game in thirty days is as rested as it can be.
    least(30, coalesce(date_diff('day', lag(game_date) OVER by_date, game_date) - 1, 30))::INTEGER AS days_rest,
    (count(*) OVER (
      PARTITION BY team_abbr ORDER BY game_date
      RANGE BETWEEN INTERVAL 7 DAY PRECEDING AND INTERVAL 1 DAY PRECEDING
    ))::INTEGER AS games_last_7_days
  FROM sides
  WINDOW by_date AS (PARTITION BY team_abbr ORDER BY game_date)
)
SELECT
  own.game_date,
  own.team_abbr,
  own.opponent_team_abbr,
  own.is_home,
  own.days_rest,
  other.days_rest AS opponent_days_rest,
  own.games_last_7_days,
  own.days_rest = 0 AS back_to_back
FROM loads AS own
JOIN loads AS other ON other.game_date = own.game_date AND other.team_abbr = own.opponent_team_abbr
WHERE own.game_date BETWEEN $from::DATE AND $to::DATE
