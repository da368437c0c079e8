import { describe, expect, it } from 'vitest';
import { googleSql } from '../../src/warehouse/dialect.ts';
import { missingQuery } from '../../src/warehouse/missing-query.ts';
import { qualityQuery } from '../../src/warehouse/quality-query.ts';
import { labCatalogue, labTable } from '../contracts/warehouse-under-test.ts';

const google = googleSql({ project: 'project', location: 'US' });
const sched = labTable('sched', { mayRepeat: true });
const teams = labTable('teams', { key: ['team'] });
const table = labTable('a', {
  key: ['k', 'l'],
  dates: 'games',
  where: [{ column: 'kind', values: ['r'] }],
  quality: {
    flags: ['Ready'],
    critical: ['Points'],
    entity: 'k',
    reference: { table: 'teams', column: 'team' },
  },
});
const catalogue = labCatalogue([sched, teams, table]);
const dates = ['2021-11-01', '2021-11-30'];

describe('the query for quality', () => {
  const { sql, params } = qualityQuery(google, { table, dates, catalogue, schedule: sched });

  it('takes all that differs between warehouses from the dialect', () => {
    expect(sql).toContain(
      `COUNTIF(CAST(\`src\`.\`Ready\` AS BOOL)) AS f0, COUNTIF(\`src\`.\`Points\` IS NULL) AS n0, ` +
        `COUNT(DISTINCT CASE WHEN \`src\`.\`Points\` IS NOT NULL THEN TO_JSON_STRING(\`src\`.\`Points\`) END) AS v0, ` +
        `COUNTIF(TO_JSON_STRING(\`src\`.\`Points\`) IN ('0', '-0', '0.0', '-0.0')) AS z0`,
    );
    expect(sql).toContain(
      'days AS (SELECT d FROM asked UNION DISTINCT SELECT d FROM stats UNION DISTINCT SELECT d FROM games)',
    );
    expect(sql).not.toMatch(/"|::|typeof|TRY_CAST|epoch_ms|row\(|\$p/i);
  });

  it('has every table within a range of dates, and every parameter once at least', () => {
    for (const read of ['`project.lab.a`', '`project.lab.teams`', '`project.lab.sched`']) {
      expect(sql).toMatch(new RegExp(`FROM ${read} AS \\S+\\s+WHERE \\S+ BETWEEN @d\\d+ AND @d\\d+`));
    }
    expect(params).toMatchObject({ d0: '2021-10-11', d1: '2021-12-21' });
    expect(Object.keys(params).filter((name) => !new RegExp(`@${name}\\b`).test(sql))).toEqual([]);
  });
});

describe('the query for missing entities', () => {
  it('has names of its own for each table', () => {
    const { sql, params } = missingQuery(
      google,
      [0, 1].map(() => ({ table, dates })),
      catalogue,
    );
    const made = [...sql.matchAll(/(\w+) AS \(SELECT/g)].map(([, name]) => name);
    expect(made).toHaveLength(12);
    expect(new Set(made).size).toBe(12);
    expect(sql.match(/UNION ALL/g)).toHaveLength(1);
    expect(Object.keys(params).filter((name) => !new RegExp(`@${name}\\b`).test(sql))).toEqual([]);
  });
});
