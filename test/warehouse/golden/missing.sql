-- @p0 = "2021-11-01,2021-11-03"
-- @p1 = "2021-11-01,2021-11-03"
-- @d2 = "2021-11-01"
-- @d3 = "2021-11-03"
-- @d4 = "2021-11-01"
-- @p5 = "regular"
-- @p6 = "2"
-- @p7 = "true"
WITH asked0 AS (SELECT CAST(d AS DATE) AS d, CAST(s AS DATE) AS s FROM UNNEST(SPLIT(@p0, ',')) AS d WITH OFFSET AS i
JOIN UNNEST(SPLIT(@p1, ',')) AS s WITH OFFSET AS j ON i = j),
present0 AS (SELECT DISTINCT `src`.`game_date` AS d, CAST(`src`.`player` AS STRING) AS name
FROM `other-project.nba_analytics.summary` AS `src` WHERE `src`.`game_date` BETWEEN @d2 AND @d3 AND (CAST(`src`.`kind` AS STRING) = @p5 OR CAST(`src`.`kind` AS STRING) = @p6 OR CAST(`src`.`kind` AS STRING) = @p7)),
seen0 AS (SELECT DISTINCT `ref`.`game_date` AS d, CAST(`ref`.`player` AS STRING) AS name
FROM `acme-data.nba_raw.rosters` AS `ref` WHERE `ref`.`game_date` BETWEEN @d4 AND @d3
  AND `ref`.`player` IS NOT NULL),
starts0 AS (SELECT s, MAX(d) AS last FROM asked0 GROUP BY s),
known0 AS (SELECT starts0.s, seen0.name, MIN(seen0.d) AS since
FROM starts0 JOIN seen0 ON seen0.d BETWEEN starts0.s AND starts0.last GROUP BY starts0.s, seen0.name),
missing0 AS (SELECT asked0.d, ARRAY_AGG(known0.name ORDER BY known0.name) AS names
FROM asked0 JOIN known0 ON known0.s = asked0.s AND known0.since <= asked0.d
LEFT JOIN present0 ON present0.d = asked0.d AND present0.name = known0.name
WHERE present0.name IS NULL GROUP BY asked0.d)
SELECT 0 AS t, CAST(d AS STRING) AS d, names AS missing FROM missing0;
