import { describe, expect, it } from 'vitest';
import { buildCoverage } from '../../../src/core/coverage/coverage.ts';
import { buildWhy } from '../../../src/core/coverage/why.ts';
import { judge } from '../../../src/core/judge/judge.ts';
import { catalogueOf, factsOf } from '../../support/old-minima.ts';

const catalogue = catalogueOf(`
pipeline: x
time_zone: UTC
seasons: [{ name: one, starts: 2021-11-01, ends: 2021-11-30 }]
services: { s: { url: "http://127.0.0.1:9", path: /p, body: {} } }
tables:
  teams: { table: d.teams, date_column: day, key: [team], dates: season, expect: { exactly: 30 }, processor: { service: s, name: T } }
  below: { table: d.below, date_column: day, key: [id], dates: season, needs: [{ table: teams, at_least: 30 }], processor: { service: s, name: B } }
`);
const facts = factsOf('2021-11-01', '2021-11-02', { teams: { '2021-11-01': 29, '2021-11-02': 28 }, below: {} });
const missing = new Map([['teams 2021-11-01', ['SAS']]]);
const judging = judge(catalogue, facts, { now: Date.UTC(2022, 0, 1), missing });
const coverage = buildCoverage(judging, { tables: ['teams', 'below'], dates: ['2021-11-01', '2021-11-02'] });

describe('a cell that lacks entities', () => {
  it('says who they are where the reference tells, and rows_short where it does not', () => {
    expect(coverage.tables[0]?.cells.map((cell) => [cell.status, cell.reason, cell.missing])).toEqual([
      ['thin', 'entity_missing', ['SAS']],
      ['thin', 'rows_short', undefined],
    ]);
  });

  it('is named as the cause of what it holds up', () => {
    const [first, second] = coverage.tables[1]?.cells ?? [];
    expect([first?.reason, second?.reason]).toEqual(['upstream_entity_missing', 'upstream_thin']);
    expect(first?.causes).toEqual([
      { table: 'teams', date: '2021-11-01', reason: 'entity_missing', have: 29, need: 30, missing: ['SAS'] },
    ]);
    expect(coverage.causes).toContainEqual({
      table: 'teams',
      reason: 'entity_missing',
      dates: ['2021-11-01'],
      missing: ['SAS'],
      explains: 2,
    });
    expect(buildWhy(judging, 'below', '2021-11-01').chain[1]).toMatchObject({
      table: 'teams',
      missing: ['SAS'],
      have: 29,
      need: 30,
    });
  });
});
