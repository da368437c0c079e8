-- All tables of the NBA pipeline, as DuckDB knows them. Statements are separated by a semicolon at the end of a line.
-- Write times are UTC. Raw tables come from scrapers; all others are filled by the SELECT in the file of their alias.

CREATE SCHEMA IF NOT EXISTS nba_raw;
CREATE SCHEMA IF NOT EXISTS nba_analytics;
CREATE SCHEMA IF NOT EXISTS nba_precompute;
CREATE SCHEMA IF NOT EXISTS nba_predictions;

-- The start of a season cannot be taken from games that are there: with a hole at the beginning every window would shift.
CREATE TABLE IF NOT EXISTS nba_raw.seasons (season VARCHAR PRIMARY KEY, starts DATE NOT NULL);
INSERT OR IGNORE INTO nba_raw.seasons VALUES
  ('2021-22', DATE '2021-10-19'),
  ('2022-23', DATE '2022-10-18'),
  ('2023-24', DATE '2023-10-24'),
  ('2024-25', DATE '2024-10-22'),
  ('2025-26', DATE '2025-10-21');

CREATE TABLE IF NOT EXISTS nba_raw.nbac_schedule (
  game_id VARCHAR NOT NULL,
  game_date DATE NOT NULL,
  season VARCHAR,
  season_type VARCHAR NOT NULL,
  game_status VARCHAR NOT NULL,
  home_team_abbr VARCHAR NOT NULL,
  away_team_abbr VARCHAR NOT NULL
);

CREATE TABLE IF NOT EXISTS nba_raw.rosters (
  team_abbr VARCHAR NOT NULL,
  player_lookup VARCHAR NOT NULL,
  player_name VARCHAR NOT NULL,
  from_date DATE NOT NULL,
  to_date DATE NOT NULL
);

CREATE TABLE IF NOT EXISTS nba_raw.nbac_gamebook_player_stats (
  game_id VARCHAR NOT NULL,
  game_date DATE NOT NULL,
  team_abbr VARCHAR NOT NULL,
  opponent_team_abbr VARCHAR NOT NULL,
  is_home BOOLEAN NOT NULL,
  player_lookup VARCHAR NOT NULL,
  player_name VARCHAR NOT NULL,
  player_status VARCHAR NOT NULL,
  minutes DOUBLE,
  points INTEGER,
  rebounds INTEGER,
  assists INTEGER,
  steals INTEGER,
  blocks INTEGER,
  turnovers INTEGER,
  fouls INTEGER,
  fg_made INTEGER,
  fg_att INTEGER,
  ft_made INTEGER,
  ft_att INTEGER,
  paint_made INTEGER,
  paint_att INTEGER,
  mid_made INTEGER,
  mid_att INTEGER,
  three_made INTEGER,
  three_att INTEGER
);

-- The second source of box scores lists whole rosters: who did not enter a game has no minutes. It knows no shot zones.
CREATE TABLE IF NOT EXISTS nba_raw.bdl_player_boxscores (
  game_id VARCHAR NOT NULL,
  game_date DATE NOT NULL,
  team_abbr VARCHAR NOT NULL,
  opponent_team_abbr VARCHAR NOT NULL,
  is_home BOOLEAN NOT NULL,
  player_lookup VARCHAR NOT NULL,
  player_name VARCHAR NOT NULL,
  minutes INTEGER,
  points INTEGER,
  rebounds INTEGER,
  assists INTEGER,
  steals INTEGER,
  blocks INTEGER,
  turnovers INTEGER,
  fouls INTEGER,
  fg_made INTEGER,
  fg_att INTEGER,
  ft_made INTEGER,
  ft_att INTEGER,
  three_made INTEGER,
  three_att INTEGER
);

CREATE TABLE IF NOT EXISTS nba_raw.nbac_team_boxscore (
  game_id VARCHAR NOT NULL,
  game_date DATE NOT NULL,
  team_abbr VARCHAR NOT NULL,
  opponent_team_abbr VARCHAR NOT NULL,
  is_home BOOLEAN NOT NULL,
  points INTEGER NOT NULL,
  rebounds INTEGER,
  assists INTEGER,
  turnovers INTEGER,
  fg_made INTEGER,
  fg_att INTEGER,
  ft_made INTEGER,
  ft_att INTEGER,
  paint_made INTEGER,
  paint_att INTEGER,
  mid_made INTEGER,
  mid_att INTEGER,
  three_made INTEGER,
  three_att INTEGER
);

CREATE TABLE IF NOT EXISTS nba_analytics.team_offense_game_summary (
  game_id VARCHAR NOT NULL,
  game_date DATE NOT NULL,
  team_abbr VARCHAR NOT NULL,
  opponent_team_abbr VARCHAR NOT NULL,
  is_home BOOLEAN,
  points INTEGER,
  opponent_points INTEGER,
  won BOOLEAN,
  possessions DOUBLE,
  pace DOUBLE,
  offensive_rating DOUBLE,
  assists INTEGER,
  turnovers INTEGER,
  fg_att INTEGER,
  ft_att INTEGER,
  three_att_rate DOUBLE,
  processed_at TIMESTAMP NOT NULL
);

CREATE TABLE IF NOT EXISTS nba_analytics.team_defense_game_summary (
  game_id VARCHAR NOT NULL,
  game_date DATE NOT NULL,
  defending_team_abbr VARCHAR NOT NULL,
  opponent_team_abbr VARCHAR NOT NULL,
  points_allowed INTEGER,
  opponent_possessions DOUBLE,
  defensive_rating DOUBLE,
  turnovers_forced INTEGER,
  opponent_paint_made INTEGER,
  opponent_paint_att INTEGER,
  opponent_mid_made INTEGER,
  opponent_mid_att INTEGER,
  opponent_three_made INTEGER,
  opponent_three_att INTEGER,
  processed_at TIMESTAMP NOT NULL
);

CREATE TABLE IF NOT EXISTS nba_analytics.player_game_summary (
  game_id VARCHAR NOT NULL,
  game_date DATE NOT NULL,
  player_lookup VARCHAR NOT NULL,
  player_name VARCHAR,
  team_abbr VARCHAR,
  opponent_team_abbr VARCHAR,
  is_home BOOLEAN,
  minutes_played DOUBLE,
  points INTEGER,
  rebounds INTEGER,
  assists INTEGER,
  steals INTEGER,
  blocks INTEGER,
  turnovers INTEGER,
  fg_made INTEGER,
  fg_att INTEGER,
  ft_made INTEGER,
  ft_att INTEGER,
  paint_made INTEGER,
  paint_att INTEGER,
  mid_made INTEGER,
  mid_att INTEGER,
  three_made INTEGER,
  three_att INTEGER,
  usage_rate DOUBLE,
  true_shooting DOUBLE,
  processed_at TIMESTAMP NOT NULL
);

CREATE TABLE IF NOT EXISTS nba_analytics.upcoming_player_game_context (
  game_date DATE NOT NULL,
  player_lookup VARCHAR NOT NULL,
  player_name VARCHAR,
  team_abbr VARCHAR,
  opponent_team_abbr VARCHAR,
  is_home BOOLEAN,
  days_rest INTEGER,
  games_last_7_days INTEGER,
  back_to_back BOOLEAN,
  context_source VARCHAR,
  processed_at TIMESTAMP NOT NULL
);

CREATE TABLE IF NOT EXISTS nba_analytics.upcoming_team_game_context (
  game_date DATE NOT NULL,
  team_abbr VARCHAR NOT NULL,
  opponent_team_abbr VARCHAR,
  is_home BOOLEAN,
  days_rest INTEGER,
  opponent_days_rest INTEGER,
  games_last_7_days INTEGER,
  back_to_back BOOLEAN,
  processed_at TIMESTAMP NOT NULL
);

CREATE TABLE IF NOT EXISTS nba_precompute.team_defense_zone_analysis (
  analysis_date DATE NOT NULL,
  team_abbr VARCHAR NOT NULL,
  games_played INTEGER,
  points_allowed_per_game DOUBLE,
  defensive_rating DOUBLE,
  paint_pct_allowed DOUBLE,
  mid_pct_allowed DOUBLE,
  three_pct_allowed DOUBLE,
  paint_att_allowed_per_game DOUBLE,
  three_att_allowed_per_game DOUBLE,
  points_allowed_vs_league DOUBLE,
  processed_at TIMESTAMP NOT NULL
);

CREATE TABLE IF NOT EXISTS nba_precompute.player_shot_zone_analysis (
  analysis_date DATE NOT NULL,
  player_lookup VARCHAR NOT NULL,
  player_name VARCHAR,
  team_abbr VARCHAR,
  games_in_sample INTEGER,
  shots_in_sample INTEGER,
  paint_rate DOUBLE,
  mid_rate DOUBLE,
  three_rate DOUBLE,
  paint_pct DOUBLE,
  mid_pct DOUBLE,
  three_pct DOUBLE,
  primary_zone VARCHAR,
  processed_at TIMESTAMP NOT NULL
);

CREATE TABLE IF NOT EXISTS nba_precompute.player_composite_factors (
  game_date DATE NOT NULL,
  player_lookup VARCHAR NOT NULL,
  player_name VARCHAR,
  team_abbr VARCHAR,
  opponent_team_abbr VARCHAR,
  fatigue_score DOUBLE,
  matchup_score DOUBLE,
  pace_score DOUBLE,
  usage_score DOUBLE,
  context_source VARCHAR,
  completeness_percentage DOUBLE,
  is_production_ready BOOLEAN,
  all_upstreams_ready BOOLEAN,
  upstream_player_shot_ready BOOLEAN,
  upstream_team_defense_ready BOOLEAN,
  upstream_player_context_ready BOOLEAN,
  upstream_team_context_ready BOOLEAN,
  processed_at TIMESTAMP NOT NULL
);

CREATE TABLE IF NOT EXISTS nba_precompute.player_daily_cache (
  cache_date DATE NOT NULL,
  player_lookup VARCHAR NOT NULL,
  player_name VARCHAR,
  team_abbr VARCHAR,
  games_played INTEGER,
  points_avg_last_5 DOUBLE,
  points_avg_last_10 DOUBLE,
  points_avg_season DOUBLE,
  points_std_last_10 DOUBLE,
  minutes_avg_last_10 DOUBLE,
  rebounds_avg_last_10 DOUBLE,
  assists_avg_last_10 DOUBLE,
  usage_avg_last_10 DOUBLE,
  true_shooting_last_10 DOUBLE,
  team_pace_last_30_days DOUBLE,
  team_rating_last_30_days DOUBLE,
  primary_zone VARCHAR,
  is_production_ready BOOLEAN,
  processed_at TIMESTAMP NOT NULL
);

CREATE TABLE IF NOT EXISTS nba_predictions.ml_feature_store_v2 (
  game_date DATE NOT NULL,
  player_lookup VARCHAR NOT NULL,
  player_name VARCHAR,
  team_abbr VARCHAR,
  opponent_team_abbr VARCHAR,
  points_avg_last_5 DOUBLE,
  points_avg_last_10 DOUBLE,
  points_avg_season DOUBLE,
  points_std_last_10 DOUBLE,
  games_played DOUBLE,
  minutes_avg_last_10 DOUBLE,
  rebounds_avg_last_10 DOUBLE,
  assists_avg_last_10 DOUBLE,
  usage_avg_last_10 DOUBLE,
  true_shooting_last_10 DOUBLE,
  team_pace_last_30_days DOUBLE,
  team_rating_last_30_days DOUBLE,
  fatigue_score DOUBLE,
  matchup_score DOUBLE,
  pace_score DOUBLE,
  usage_score DOUBLE,
  paint_rate DOUBLE,
  mid_rate DOUBLE,
  three_rate DOUBLE,
  paint_pct DOUBLE,
  three_pct DOUBLE,
  opponent_defensive_rating DOUBLE,
  opponent_points_allowed DOUBLE,
  opponent_paint_pct_allowed DOUBLE,
  opponent_three_pct_allowed DOUBLE,
  feature_count INTEGER,
  feature_quality_score DOUBLE,
  quality_tier VARCHAR,
  is_production_ready BOOLEAN,
  updated_at TIMESTAMP NOT NULL
);

CREATE TABLE IF NOT EXISTS nba_predictions.player_prop_predictions (
  game_date DATE NOT NULL,
  player_lookup VARCHAR NOT NULL,
  player_name VARCHAR,
  team_abbr VARCHAR,
  opponent_team_abbr VARCHAR,
  system_id VARCHAR NOT NULL,
  predicted_points DOUBLE,
  estimated_line DOUBLE,
  edge DOUBLE,
  recommendation VARCHAR,
  games_in_sample INTEGER,
  confidence_score DOUBLE,
  is_active BOOLEAN,
  updated_at TIMESTAMP NOT NULL
);

CREATE TABLE IF NOT EXISTS nba_predictions.prediction_accuracy (
  game_date DATE NOT NULL,
  player_lookup VARCHAR NOT NULL,
  player_name VARCHAR,
  team_abbr VARCHAR,
  system_id VARCHAR NOT NULL,
  predicted_points DOUBLE,
  actual_points INTEGER,
  minutes_played DOUBLE,
  signed_error DOUBLE,
  absolute_error DOUBLE,
  estimated_line DOUBLE,
  recommendation VARCHAR,
  was_right BOOLEAN,
  confidence_score DOUBLE,
  graded_at TIMESTAMP NOT NULL
);
