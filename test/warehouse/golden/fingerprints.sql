-- @p0 = "2021-11-01,2021-11-03"
-- @d1 = "2021-11-01"
-- @d2 = "2021-11-03"
WITH asked AS (SELECT CAST(d AS DATE) AS d, CAST(s AS DATE) AS s FROM UNNEST(SPLIT(@p0, ',')) AS d WITH OFFSET AS i
JOIN UNNEST(SPLIT(@p0, ',')) AS s WITH OFFSET AS j ON i = j)
SELECT CAST(`the row`.`game_date` AS STRING) AS d, CAST(COUNT(*) AS STRING) || ':' || CAST(SUM(CAST(FARM_FINGERPRINT(TO_JSON_STRING(`the row`)) AS NUMERIC)) AS STRING) AS v
FROM `acme-data.nba_raw.rosters` AS `the row`
WHERE `the row`.`game_date` BETWEEN @d1 AND @d2 AND `the row`.`game_date` IN (SELECT asked.d FROM asked)
GROUP BY `the row`.`game_date`
ORDER BY d;
