import { describe, expect, it } from 'vitest';
import { closureOf } from '../../../src/core/catalogue/closure.ts';
import { buildCoverage } from '../../../src/core/coverage/coverage.ts';
import { daysBetween } from '../../../src/core/dates.ts';
import type { Facts } from '../../../src/core/facts.ts';
import { judge } from '../../../src/core/judge/judge.ts';
import { planRepair, reportPlan } from '../../../src/core/plan/plan.ts';
import type { Verdict } from '../../../src/core/verdict.ts';
import { catalogueOf, factsOf } from '../../support/old-minima.ts';

const catalogue = catalogueOf(`
pipeline: x
time_zone: UTC
seasons: [{ name: one, starts: 2021-11-01, ends: 2021-11-30 }]
services: { s: { url: "http://127.0.0.1:9", path: /p, body: {} } }
tables:
  people: { table: d.people, date_column: day, key: [id], dates: season, processor: { service: s, name: P } }
  features: { table: d.features, date_column: day, key: [id], dates: season, processor: { service: s, name: F } }
  guesses:
    table: d.guesses
    date_column: day
    key: [id, system]
    dates: season
    expect: { share_of: features, times: 5, at_least_share: 0.95 }
    needs: [{ table: features, share_of: people, at_least_share: 0.9 }]
    processor: { service: s, name: G }
`);
const days = daysBetween('2021-11-01', '2021-11-04');
const now = Date.UTC(2022, 0, 1);

function judged(counts: Record<'people' | 'features' | 'guesses', readonly number[]>, lose?: string) {
  const perDate = Object.fromEntries(
    Object.entries(counts).map(([alias, rows]) => [alias, Object.fromEntries(rows.map((n, i) => [days[i], n]))]),
  );
  const facts: Facts = factsOf('2021-11-01', '2021-11-04', perDate);
  const tables = new Map([...facts.tables].filter(([alias]) => alias !== lose));
  const unread = new Map(lose === undefined ? [] : [[lose, 'gone']]);
  return judge(catalogue, { ...facts, tables, unread }, { now });
}

function guesses(judging: ReturnType<typeof judged>): readonly Verdict[] {
  return buildCoverage(judging, { tables: ['guesses'], dates: days }).tables[0]?.cells ?? [];
}

const has = (people: number, features: number, rows: number) => {
  const [cell] = guesses(judged({ people: [people], features: [features], guesses: [rows] }));
  if (!cell) throw new Error('no cell');
  return cell;
};

describe('a need that is a share of another table', () => {
  it('asks for that share of what the other table holds on the date, in whole rows', () => {
    expect(has(100, 90, 0)).toMatchObject({ status: 'missing' });
    const short = has(100, 89, 0);
    expect(short).toMatchObject({ status: 'blocked', reason: 'upstream_thin' });
    expect(short.failing).toMatchObject([{ table: 'features', have: 89, need: 90 }]);
    expect(short.causes).toEqual([{ table: 'features', date: '2021-11-01', reason: 'rows_short', have: 89, need: 90 }]);
    expect(short.rule).toBe('R3: needs features, at least 90 % of people');
    expect(has(101, 90, 0).failing).toMatchObject([{ have: 90, need: 91 }]);
  });

  it('is not met where the other table has no rows, however many the needed one has', () => {
    const cell = has(0, 90, 0);
    expect(cell).toMatchObject({ status: 'blocked', reason: 'upstream_missing' });
    expect(cell.failing).toMatchObject([{ table: 'people', have: 0, need: 1 }]);
    expect(cell.causes).toMatchObject([{ table: 'people', reason: 'never_run' }]);
    expect(has(0, 90, 450).status).toBe('tainted');
  });

  it('is unread where the other table could not be read', () => {
    const cells = (rows: number) => guesses(judged({ people: [100], features: [90], guesses: [rows] }, 'people'))[0];
    expect(cells(0)).toMatchObject({ status: 'blocked', reason: 'upstream_unknown' });
    expect(cells(450)).toMatchObject({ status: 'unknown', reason: 'upstream_unknown' });
  });

  it('has the other table read, and judged before', () => {
    expect(closureOf(catalogue, ['guesses']).map((table) => table.alias)).toEqual(['people', 'features', 'guesses']);
  });

  it('plans both tables where both have no rows, the cell after them', () => {
    const plan = reportPlan(
      planRepair(judged({ people: [0], features: [0], guesses: [0] }), 'guesses', ['2021-11-01']),
    );
    expect(plan.steps.map((step) => step.table)).toEqual(['people', 'features', 'guesses']);
    expect(plan.blocked).toEqual([]);
  });

  it('leaves a cell blocked whose needed table is complete and still too small', () => {
    const { plan, blocked } = planRepair(judged({ people: [100], features: [50], guesses: [0] }), 'guesses', [
      '2021-11-01',
    ]);
    expect(plan.cells).toEqual([]);
    expect(blocked).toMatchObject([{ cause: { table: 'features', have: 50, need: 90 } }]);
  });
});

describe('an expectation of several rows for each entity of another table', () => {
  it('is a share of so many times its entities, in whole rows', () => {
    expect(has(100, 100, 475)).toMatchObject({ status: 'complete', expected: 475 });
    expect(has(100, 100, 474)).toMatchObject({ status: 'thin', reason: 'rows_short', expected: 475 });
    expect(has(91, 91, 433)).toMatchObject({ status: 'complete', expected: 433 });
    expect(has(100, 100, 474).rule).toBe('expects at least 95 % of 5 rows for each of features');
  });
});
