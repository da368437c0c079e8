-- Player game summary of a range of dates: one row per player who entered the game (whole-minute sources show 0 minutes for
-- less than 30 seconds, so it is the status that tells, not the minutes). Usage needs the team's figures from togs;
-- without them it is NULL.
WITH team AS (
  SELECT DISTINCT ON (game_date, team_abbr) game_date, team_abbr, fg_att + 0.44 * ft_att + turnovers AS plays
  FROM nba_analytics.team_offense_game_summary
  WHERE game_date BETWEEN $from::DATE AND $to::DATE
)
SELECT
  strftime(gb.game_date, '%Y%m%d') || '_'
    || CASE WHEN gb.is_home THEN gb.opponent_team_abbr || '_' || gb.team_abbr
            ELSE gb.team_abbr || '_' || gb.opponent_team_abbr END AS game_id,
  gb.game_date,
  gb.player_lookup,
  gb.player_name,
  gb.team_abbr,
  gb.opponent_team_abbr,
  gb.is_home,
  gb.minutes AS minutes_played,
  gb.points,
  gb.rebounds,
  gb.assists,
  gb.steals,
  gb.blocks,
  gb.turnovers,
  gb.fg_made,
  gb.fg_att,
  gb.ft_made,
  gb.ft_att,
  gb.paint_made,
  gb.paint_att,
  gb.mid_made,
  gb.mid_att,
  gb.three_made,
  gb.three_att,
  100 * (gb.fg_att + 0.44 * gb.ft_att + gb.turnovers) * 48 / nullif(gb.minutes * team.plays, 0) AS usage_rate,
  gb.points / nullif(2 * (gb.fg_att + 0.44 * gb.ft_att), 0) AS true_shooting
FROM nba_raw.nbac_gamebook_player_stats AS gb
LEFT JOIN team USING (game_date, team_abbr)
WHERE gb.game_date BETWEEN $from::DATE AND $to::DATE AND gb.player_status = 'active'
