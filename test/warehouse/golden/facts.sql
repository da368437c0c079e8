-- @d0 = "2021-11-01"
-- @d1 = "2021-11-30"
-- @p2 = "Final"
-- @p3 = "3"
-- @p4 = "regular"
-- @p5 = "2"
-- @p6 = "true"
SELECT 0 AS t, CAST(`src`.`game_date` AS STRING) AS d, COUNT(*) AS n,
  COUNT(DISTINCT `src`.`game_id`) AS e, CAST(NULL AS INT64) AS w, COUNT(DISTINCT CASE WHEN (CAST(`src`.`game_status` AS STRING) = @p2 OR CAST(`src`.`game_status` AS STRING) = @p3) THEN `src`.`game_id` END) AS f
FROM `acme-data.nba_raw.schedule` AS `src`
WHERE `src`.`game_date` BETWEEN @d0 AND @d1
GROUP BY `src`.`game_date`
UNION ALL
SELECT 1 AS t, CAST(`src`.`game_date` AS STRING) AS d, COUNT(*) AS n,
  COUNT(DISTINCT CASE WHEN `src`.`game_id` IS NOT NULL AND `src`.`player` IS NOT NULL THEN TO_JSON_STRING(STRUCT(`src`.`game_id`, `src`.`player`)) END) AS e, UNIX_MILLIS(MAX(CAST(`src`.`processed_at` AS TIMESTAMP))) AS w, CAST(NULL AS INT64) AS f
FROM `other-project.nba_analytics.summary` AS `src`
WHERE `src`.`game_date` BETWEEN @d0 AND @d1 AND (CAST(`src`.`kind` AS STRING) = @p4 OR CAST(`src`.`kind` AS STRING) = @p5 OR CAST(`src`.`kind` AS STRING) = @p6)
GROUP BY `src`.`game_date`;
