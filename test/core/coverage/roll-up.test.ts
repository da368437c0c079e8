import { describe, expect, it } from 'vitest';
import { buildCoverage } from '../../../src/core/coverage/coverage.ts';
import { daysBetween } from '../../../src/core/dates.ts';
import { judge } from '../../../src/core/judge/judge.ts';
import { sayRollUp } from '../../../src/messages/phrases.ts';
import { catalogueOf, factsOf } from '../../support/old-minima.ts';

const catalogue = catalogueOf(`
pipeline: x
time_zone: UTC
bootstrap_days: 2
seasons: [{ name: one, starts: 2021-11-29, ends: 2021-12-31 }]
targets: { 4: 0.881 }
periods: [{ name: first week, from: 2021-12-01, to: 2021-12-07 }, { name: spring, from: 2022-03-01, to: 2022-03-31 }]
services: { s: { url: "http://127.0.0.1:9", path: /p, body: {} } }
tables:
  raw: { table: d.raw, phase: 2, date_column: day, key: [id], dates: season }
  one: { table: d.one, phase: 4, date_column: day, key: [id], dates: season, bootstrap: true, needs: [raw], processor: { service: s, name: A } }
  two: { table: d.two, phase: 4, date_column: day, key: [id], dates: season, bootstrap: true, processor: { service: s, name: B } }
`);
const dates = daysBetween('2021-11-29', '2021-12-03');
const all = Object.fromEntries(dates.map((date) => [date, 5]));
const facts = factsOf('2021-11-29', '2021-12-31', {
  raw: { ...all, '2021-12-02': 0 },
  one: { ...all, '2021-12-02': 0, '2021-11-29': 0, '2021-11-30': 0 },
  two: { ...all, '2021-12-03': 0, '2021-11-29': 0, '2021-11-30': 0 },
});
const { rollUp } = buildCoverage(judge(catalogue, facts, { now: Date.UTC(2022, 5, 1) }), {
  tables: ['raw', 'one', 'two'],
  dates,
});

describe('coverage rolled up', () => {
  it('adds cells up by phase, against the target of the catalogue', () => {
    expect(rollUp.phases).toEqual([
      { name: 'phase 2', calendar: 5, expected: 5, reachable: 4, complete: 4, share: 0.8, target: null },
      { name: 'phase 4', calendar: 10, expected: 6, reachable: 5, complete: 4, share: 4 / 6, target: 0.881 },
    ]);
  });

  it('adds them up by month, and by the named periods that the dates touch', () => {
    expect(rollUp.months.map(({ name, calendar, complete }) => [name, calendar, complete])).toEqual([
      ['2021-11', 6, 2],
      ['2021-12', 9, 6],
    ]);
    expect(rollUp.periods.map(({ name, calendar }) => [name, calendar])).toEqual([['first week', 9]]);
  });

  it('is said with what can be reached and how far the target is', () => {
    const phase = rollUp.phases[1];
    expect(phase && sayRollUp(phase)).toBe(
      '66.7 % of 6 expected complete (4), 5 reachable; 40.0 % of all 10, target 88.1 %',
    );
  });
});
