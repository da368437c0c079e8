-- Team offense of a range of dates: one row per team that played. Possessions are estimated from the team's box score.
WITH box AS (
  SELECT
    *,
    fg_att + 0.44 * ft_att + turnovers - 0.24 * rebounds AS possessions
  FROM nba_raw.nbac_team_boxscore
  WHERE game_date BETWEEN $from::DATE AND $to::DATE
)
SELECT
  strftime(own.game_date, '%Y%m%d') || '_'
    || CASE WHEN own.is_home THEN own.opponent_team_abbr || '_' || own.team_abbr
            ELSE own.team_abbr || '_' || own.opponent_team_abbr END AS game_id,
  own.game_date,
  own.team_abbr,
  own.opponent_team_abbr,
  own.is_home,
  own.points,
  other.points AS opponent_points,
  own.points > other.points AS won,
  own.possessions,
  (own.possessions + other.possessions) / 2 AS pace,
  100 * own.points / nullif(own.possessions, 0) AS offensive_rating,
  own.assists,
  own.turnovers,
  own.fg_att,
  own.ft_att,
  own.three_att / nullif(own.fg_att, 0) AS three_att_rate
FROM box AS own
LEFT JOIN box AS other ON other.game_id = own.game_id AND other.team_abbr = own.opponent_team_abbr
