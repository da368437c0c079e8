-- @p0 = "schedule"
-- @p1 = "summary"
SELECT 0 AS t, lower(column_name) AS name, data_type AS type FROM `acme-data.nba_raw`.INFORMATION_SCHEMA.COLUMNS WHERE table_name = @p0
UNION ALL
SELECT 1 AS t, lower(column_name) AS name, data_type AS type FROM `other-project.nba_analytics`.INFORMATION_SCHEMA.COLUMNS WHERE table_name = @p1;
