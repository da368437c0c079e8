import { describe, expect, it } from 'vitest';
import { duckdbDialect } from '../../src/warehouse/dialect.ts';
import { factsQuery } from '../../src/warehouse/facts-query.ts';
import { labTable, testSchedule } from '../contracts/warehouse-under-test.ts';

const range = { from: '2021-11-01', to: '2021-11-30' };

describe('the query for facts', () => {
  it('is one SELECT per table, with names in quotes, values as parameters, and a range of dates', () => {
    const one = labTable('sched', { table: 'my-project.lab.games' });
    const two = labTable('b', {
      key: ['k', 'l'],
      writtenAt: 'w',
      where: [{ column: 'kind', values: ["it's", 2] }],
    });
    expect(factsQuery(duckdbDialect, [one, two], range, testSchedule)).toEqual({
      sql: `SELECT 0 AS t, CAST(CAST("src"."d" AS DATE) AS STRING) AS d, COUNT(*) AS n,
  COUNT(DISTINCT "src"."k") AS e, CAST(NULL AS INT64) AS w, COUNT(DISTINCT CASE WHEN ("src"."game_status" = $p2 OR "src"."game_status" = $p3) THEN "src"."k" END) AS f
FROM "lab"."games" AS "src"
WHERE CAST("src"."d" AS DATE) BETWEEN CAST($d0 AS DATE) AND CAST($d1 AS DATE)
GROUP BY CAST("src"."d" AS DATE)
UNION ALL
SELECT 1 AS t, CAST(CAST("src"."d" AS DATE) AS STRING) AS d, COUNT(*) AS n,
  COUNT(DISTINCT CASE WHEN "src"."k" IS NOT NULL AND "src"."l" IS NOT NULL THEN row("src"."k", "src"."l") END) AS e, epoch_ms(MAX(CAST("src"."w" AS TIMESTAMPTZ))) AS w, CAST(NULL AS INT64) AS f
FROM "lab"."b" AS "src"
WHERE CAST("src"."d" AS DATE) BETWEEN CAST($d0 AS DATE) AND CAST($d1 AS DATE) AND ("src"."kind" = $p4 OR "src"."kind" = $p5)
GROUP BY CAST("src"."d" AS DATE)`,
      params: { d0: '2021-11-01', d1: '2021-11-30', p2: 'Final', p3: '3', p4: "it's", p5: 2 },
    });
  });
});
