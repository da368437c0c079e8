import { describe, expect, it } from 'vitest';
import { buildCoverage } from '../../../src/core/coverage/coverage.ts';
import { daysBetween } from '../../../src/core/dates.ts';
import { judge } from '../../../src/core/judge/judge.ts';
import { catalogueOf, factsOf } from '../../support/old-minima.ts';

const yaml = `
pipeline: small
time_zone: America/New_York
bootstrap_days: 3
schedule: { table: sched, final: { column: status, values: [Final] } }
seasons:
  - { name: 2021-22, starts: 2021-11-01, ends: 2021-11-20, free: [2021-11-10], schedule_decides: [2021-11-18..2021-11-20] }
tables:
  sched: { table: r.sched, date_column: day, key: [id], dates: games, may_repeat: true }
  play: { table: a.play, date_column: day, key: [id], dates: games, bootstrap: true, expect: { at_least_per_game: 5 } }
  daily: { table: p.daily, date_column: day, key: [id], dates: season, bootstrap: true, may_be_empty_until_day: 5 }
  late: { table: p.late, date_column: day, key: [id], dates: season, due_after_hours: 12 }
  web: { table: w.web, date_column: day, key: [id], dates: weekdays, except: [2021-11-11], starts: 2021-11-02 }
`;
const catalogue = catalogueOf(yaml);
const games = Object.fromEntries(daysBetween('2021-11-01', '2021-11-17').map((date) => [date, 2]));
delete games['2021-11-10'];
delete games['2021-11-12'];

function reasonsOf(
  table: string,
  dates: readonly string[],
  options: { now?: number; rows?: Record<string, number> } = {},
) {
  const facts = factsOf('2021-10-30', '2021-11-30', {
    sched: games,
    play: {},
    daily: {},
    late: {},
    web: {},
    ...(options.rows ? { [table]: options.rows } : {}),
  });
  const judging = judge(catalogue, facts, { now: options.now ?? Date.UTC(2022, 5, 1) });
  const cells = buildCoverage(judging, { tables: [table], dates }).tables[0]?.cells ?? [];
  return Object.fromEntries(cells.map((cell) => [cell.date.slice(5), `${cell.status} ${cell.reason}`]));
}

describe('the calendar', () => {
  it('expects no rows outside a season, on free dates, in bootstrap, and says which it is', () => {
    expect(
      reasonsOf('play', ['2021-10-31', '2021-11-01', '2021-11-03', '2021-11-04', '2021-11-10', '2021-11-21']),
    ).toEqual({
      '10-31': 'not_expected off_season',
      '11-01': 'not_expected bootstrap',
      '11-03': 'not_expected bootstrap',
      '11-04': 'missing never_run',
      '11-10': 'not_expected no_games',
      '11-21': 'not_expected off_season',
    });
  });

  it('takes an empty schedule for a hole, unless the date is declared free or left to the schedule', () => {
    expect(reasonsOf('play', ['2021-11-12', '2021-11-18'])).toEqual({
      '11-12': 'blocked upstream_missing',
      '11-18': 'not_expected no_games',
    });
    expect(reasonsOf('sched', ['2021-11-12'])).toEqual({ '11-12': 'missing never_run' });
  });

  it('gives a date with games its rows even where it was declared free', () => {
    const facts = factsOf('2021-11-01', '2021-11-20', { sched: { '2021-11-10': 3 }, play: {} });
    const judging = judge(catalogue, facts, { now: Date.UTC(2022, 5, 1) });
    expect(buildCoverage(judging, { tables: ['play'], dates: ['2021-11-10'] }).tables[0]?.cells[0]?.status).toBe(
      'missing',
    );
  });

  it('finds rows on a date that can have none, but lets placeholders stand in bootstrap', () => {
    const rows = { '2021-11-10': 4, '2021-11-02': 4 };
    expect(reasonsOf('play', ['2021-11-02', '2021-11-10'], { rows })).toEqual({
      '11-02': 'not_expected bootstrap',
      '11-10': 'over unexpected_rows',
    });
  });

  it('lets a table be truthfully empty until its day of the season', () => {
    expect(reasonsOf('daily', ['2021-11-04', '2021-11-06', '2021-11-07'])).toEqual({
      '11-04': 'not_expected ramp_up',
      '11-06': 'not_expected ramp_up',
      '11-07': 'missing never_run',
    });
  });

  it('does not wait for a date before it is over in the zone of the pipeline, nor before its delay', () => {
    const evening = Date.UTC(2021, 10, 9, 4, 30); // 23:30 on the 8th in New York
    expect(reasonsOf('daily', ['2021-11-07', '2021-11-08'], { now: evening })).toEqual({
      '11-07': 'missing never_run',
      '11-08': 'not_expected not_due',
    });
    const morning = Date.UTC(2021, 10, 9, 15, 0); // 10:00 on the 9th
    expect(reasonsOf('daily', ['2021-11-08'], { now: morning })).toEqual({ '11-08': 'missing never_run' });
    expect(reasonsOf('late', ['2021-11-08'], { now: morning })).toEqual({ '11-08': 'not_expected not_due' });
    expect(reasonsOf('late', ['2021-11-08'], { now: morning + 3 * 3_600_000 })).toEqual({
      '11-08': 'missing never_run',
    });
  });

  it('does not wait for a date whose games are not finished', () => {
    const facts = factsOf('2021-11-01', '2021-11-20', { sched: games, play: {} });
    const sched = facts.tables.get('sched');
    if (!sched) throw new Error('no schedule');
    const finals = Int32Array.from(sched.entities);
    finals[4] = 1;
    const tables = new Map(facts.tables).set('sched', { ...sched, finals });
    const judging = judge(catalogue, { ...facts, tables }, { now: Date.UTC(2022, 5, 1) });
    const cells = buildCoverage(judging, { tables: ['play'], dates: ['2021-11-04', '2021-11-05'] }).tables[0]?.cells;
    expect(cells?.map((cell) => cell.reason)).toEqual(['never_run', 'not_due']);
  });

  it('knows weekdays, exceptions and a first date without any schedule', () => {
    expect(reasonsOf('web', ['2021-11-01', '2021-11-02', '2021-11-06', '2021-11-11', '2021-11-12'])).toEqual({
      '11-01': 'not_expected off_season',
      '11-02': 'missing never_run',
      '11-06': 'not_expected off_season',
      '11-11': 'not_expected off_season',
      '11-12': 'missing never_run',
    });
  });

  it('says of an empty date how its last run failed, where one did', () => {
    const facts = factsOf('2021-11-01', '2021-11-20', { sched: games, play: {} });
    const failed = new Map([
      ['play 2021-11-05', 'empty_success'],
      ['play 2021-11-06', 'run_failed'],
      ['play 2021-11-07', 'duplicates'],
    ] as const);
    const judging = judge(catalogue, facts, { now: Date.UTC(2022, 5, 1), failed });
    const dates = ['2021-11-04', '2021-11-05', '2021-11-06', '2021-11-07'];
    const cells = buildCoverage(judging, { tables: ['play'], dates }).tables[0]?.cells;
    expect(cells?.map((cell) => cell.reason)).toEqual(['never_run', 'empty_success', 'run_failed', 'never_run']);
    expect(cells?.[1]?.rule).toBe('expects at least 5 rows per game; the last run said it succeeded and wrote nothing');
  });

  it('takes an accepted gap for not expected, but judges rows that came after all', () => {
    const facts = factsOf('2021-11-01', '2021-11-20', { sched: games, play: { '2021-11-05': 4, '2021-11-06': 10 } });
    const dates = ['2021-11-04', '2021-11-05', '2021-11-06', '2021-11-07'];
    const accepted = new Set(dates.slice(0, 3).map((date) => `play ${date}`));
    const judging = judge(catalogue, facts, { now: Date.UTC(2022, 5, 1), accepted });
    const table = buildCoverage(judging, { tables: ['play'], dates }).tables[0];
    expect(table?.cells.map((cell) => `${cell.status} ${cell.reason}`)).toEqual([
      'not_expected accepted_gap',
      'not_expected accepted_gap',
      'complete null',
      'missing never_run',
    ]);
    expect(table).toMatchObject({ calendar: 4, expected: 2, complete: 1 });
  });
});
