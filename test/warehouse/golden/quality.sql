-- @d0 = "2021-10-11"
-- @d1 = "2021-11-24"
-- @p2 = "2021-11-01,2021-11-03"
-- @p3 = "2021-11-01,2021-11-03"
-- @p4 = "regular"
-- @p5 = "2"
-- @p6 = "true"
-- @d7 = "2021-11-01"
-- @d8 = "2021-11-03"
-- @d9 = "2021-11-01"
-- @p10 = "regular"
-- @p11 = "2"
-- @p12 = "true"
-- @p13 = "Final"
-- @p14 = "3"
WITH asked AS (SELECT CAST(d AS DATE) AS d, CAST(s AS DATE) AS s FROM UNNEST(SPLIT(@p2, ',')) AS d WITH OFFSET AS i
JOIN UNNEST(SPLIT(@p3, ',')) AS s WITH OFFSET AS j ON i = j),
stats AS (SELECT `src`.`game_date` AS d, COUNT(*) AS n, COUNT(DISTINCT CASE WHEN `src`.`game_id` IS NOT NULL AND `src`.`player` IS NOT NULL THEN TO_JSON_STRING(STRUCT(`src`.`game_id`, `src`.`player`)) END) AS e, COUNTIF(CAST(`src`.`is_ready` AS BOOL)) AS f0, COUNTIF(`src`.`points` IS NULL) AS n0, COUNT(DISTINCT CASE WHEN `src`.`points` IS NOT NULL THEN TO_JSON_STRING(`src`.`points`) END) AS v0, COUNTIF(TO_JSON_STRING(`src`.`points`) IN ('0', '-0', '0.0', '-0.0')) AS z0
FROM `other-project.nba_analytics.summary` AS `src`
WHERE `src`.`game_date` BETWEEN @d0 AND @d1 AND (CAST(`src`.`kind` AS STRING) = @p4 OR CAST(`src`.`kind` AS STRING) = @p5 OR CAST(`src`.`kind` AS STRING) = @p6)
GROUP BY `src`.`game_date`),
present AS (SELECT DISTINCT `src`.`game_date` AS d, CAST(`src`.`player` AS STRING) AS name
FROM `other-project.nba_analytics.summary` AS `src` WHERE `src`.`game_date` BETWEEN @d7 AND @d8 AND (CAST(`src`.`kind` AS STRING) = @p10 OR CAST(`src`.`kind` AS STRING) = @p11 OR CAST(`src`.`kind` AS STRING) = @p12)),
seen AS (SELECT DISTINCT `ref`.`game_date` AS d, CAST(`ref`.`player` AS STRING) AS name
FROM `acme-data.nba_raw.rosters` AS `ref` WHERE `ref`.`game_date` BETWEEN @d9 AND @d8
  AND `ref`.`player` IS NOT NULL),
starts AS (SELECT s, MAX(d) AS last FROM asked GROUP BY s),
known AS (SELECT starts.s, seen.name, MIN(seen.d) AS since
FROM starts JOIN seen ON seen.d BETWEEN starts.s AND starts.last GROUP BY starts.s, seen.name),
missing AS (SELECT asked.d, ARRAY_AGG(known.name ORDER BY known.name) AS names
FROM asked JOIN known ON known.s = asked.s AND known.since <= asked.d
LEFT JOIN present ON present.d = asked.d AND present.name = known.name
WHERE present.name IS NULL GROUP BY asked.d),
games AS (SELECT `src`.`game_date` AS d, COUNT(DISTINCT `src`.`game_id`) AS g, COUNT(DISTINCT CASE WHEN (CAST(`src`.`game_status` AS STRING) = @p13 OR CAST(`src`.`game_status` AS STRING) = @p14) THEN `src`.`game_id` END) AS o
FROM `acme-data.nba_raw.schedule` AS `src`
WHERE `src`.`game_date` BETWEEN @d0 AND @d1
GROUP BY `src`.`game_date`),
days AS (SELECT d FROM asked UNION DISTINCT SELECT d FROM stats UNION DISTINCT SELECT d FROM games)
SELECT CAST(days.d AS STRING) AS d, asked.d IS NOT NULL AS a, stats.n, stats.e, stats.f0, stats.n0, stats.v0, stats.z0, missing.names AS missing, games.g, games.o
FROM days
LEFT JOIN asked ON asked.d = days.d
LEFT JOIN stats ON stats.d = days.d
LEFT JOIN games ON games.d = days.d
LEFT JOIN missing ON missing.d = days.d
ORDER BY days.d;
