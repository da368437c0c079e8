-- Player game summary of a range of dates: one row per player who entered the game (whole-minute sources show 0 minutes for
-- less than 30 seconds, so it is the status that tells, not the minutes). Where the gamebook has nothing of a team on a
-- date, the second source stands in: it has no minutes for those who did not enter, and knows no shot zones. Usage needs
-- the team's figures from togs; without them it is NULL.
WITH team AS (
  SELECT DISTINCT ON (game_date, team_abbr) game_date, team_abbr, fg_att + 0.44 * ft_att + turnovers AS plays
  FROM nba_analytics.team_offense_game_summary
  WHERE game_date BETWEEN $from::DATE AND $to::DATE
),
gamebook AS (
  FROM nba_raw.nbac_gamebook_player_stats WHERE game_date BETWEEN $from::DATE AND $to::DATE
),
line AS (
  FROM gamebook WHERE player_status = 'active'
  UNION ALL BY NAME
  FROM (
    FROM nba_raw.bdl_player_boxscores
    WHERE game_date BETWEEN $from::DATE AND $to::DATE AND minutes IS NOT NULL
  ) ANTI JOIN gamebook USING (game_date, team_abbr)
)
SELECT
  strftime(line.game_date, '%Y%m%d') || '_'
    || CASE WHEN line.is_home THEN line.opponent_team_abbr || '_' || line.team_abbr
            ELSE line.team_abbr || '_' || line.opponent_team_abbr END AS game_id,
  line.game_date,
  line.player_lookup,
  line.player_name,
  line.team_abbr,
  line.opponent_team_abbr,
  line.is_home,
  line.minutes AS minutes_played,
  line.points,
  line.rebounds,
  line.assists,
  line.steals,
  line.blocks,
  line.turnovers,
  line.fg_made,
  line.fg_att,
  line.ft_made,
  line.ft_att,
  line.paint_made,
  line.paint_att,
  line.mid_made,
  line.mid_att,
  line.three_made,
  line.three_att,
  100 * (line.fg_att + 0.44 * line.ft_att + line.turnovers) * 48 / nullif(line.minutes * team.plays, 0) AS usage_rate,
  line.points / nullif(2 * (line.fg_att + 0.44 * line.ft_att), 0) AS true_shooting
FROM line
LEFT JOIN team USING (game_date, team_abbr)
