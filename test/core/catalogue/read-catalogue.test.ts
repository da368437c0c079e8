import { describe, expect, it } from 'vitest';
import { readCatalogue } from '../../../src/core/catalogue/read-catalogue.ts';
import { expectationOn, needsAsOf, rowsAsked, sayExpectation, sayNeed } from '../../../src/core/catalogue/rules.ts';
import { catalogueOf, oldMinimaYaml } from '../../support/old-minima.ts';

function problemsOf(yaml: string): string[] {
  const read = readCatalogue(yaml);
  return read.ok ? [] : read.problems.map(({ path, problem }) => `${path}: ${problem}`);
}

const base = `
pipeline: x
time_zone: UTC
tables:
  a: { table: d.a, date_column: day, key: [id], dates: daily }
`;

describe('reading a catalogue', () => {
  it('puts every table after what it needs, whatever the order of the file', () => {
    const order = [
      ...catalogueOf(
        oldMinimaYaml.replace(
          'tables:',
          'tables:\n  zz: { table: d.zz, date_column: day, key: [id], dates: games, needs: [mlfs] }',
        ),
      ).tables.keys(),
    ];
    expect(order.indexOf('zz')).toBeGreaterThan(order.indexOf('mlfs'));
    expect(order.indexOf('mlfs')).toBeGreaterThan(order.indexOf('pcf'));
  });

  it('reads who may do what, with what is not said filled in', () => {
    const read = readCatalogue(`${base}
access:
  operators: [S0DATATEAM]
  approval: { overwrites_above: 30, overrides: true }
  tables:
    a: { protected: true, approvers: [U0MAYACHEN] }
`);
    expect(read.ok && read.catalogue.access).toEqual({
      viewer: 'everybody',
      operator: ['S0DATATEAM'],
      approver: ['S0DATATEAM'],
      overwritesAbove: 30,
      overrides: true,
      answerWithin: 24 * 3_600_000,
      tables: new Map([
        [
          'a',
          {
            viewer: 'everybody',
            operator: ['S0DATATEAM'],
            approver: ['U0MAYACHEN'],
            protected: true,
            overwritesAbove: null,
          },
        ],
      ]),
    });
    expect(readCatalogue(base)).not.toHaveProperty('catalogue.access');
  });

  it('refuses names in place of ids, unknown tables, and a second yes that nobody can give', () => {
    expect(problemsOf(`${base}\naccess: { operators: ['@maya', '#data'], viewers: maya }`)).toEqual([
      'access.viewers: give `everybody`, or a list of ids: U... of people, S... of user groups, C... of channels',
      ...[0, 1].map(
        (n) =>
          `access.operators.${n}: give an id as the chat shows it: U... of a person, S... of a user group, C... of a channel`,
      ),
    ]);
    expect(
      problemsOf(`${base}
access:
  approvers: []
  approval: { overwrites_above: 3 }
  tables: { b: { protected: true, approvers: [U0MAYACHEN] }, a: { protected: true, approvers: [] } }`),
    ).toEqual([
      'access.tables.b: there is no table b',
      'access.approvers: is empty, so nobody could approve what needs a second person',
    ]);
  });

  it('names every problem with its path, all at once', () => {
    const yaml = `${base}
  b: { table: d.b, date_column: day, key: [id], dates: games, needs: [nobody, { table: a, any_of: [a, b] }, { table: a, at_least: 1, at_least_per_game: 2 }] }
  c: { table: d.c, date_column: day, key: [id], dates: daily, processor: { service: none, name: C }, expect: { share_of: ghost } }
`.replace('UTC', 'Mars/Olympus');
    expect(problemsOf(yaml)).toEqual([
      'time_zone: "Mars/Olympus" is not an IANA time zone such as America/New_York',
      'tables.b.dates: `games` needs a `schedule` in this file',
      'tables.b.dates: `games` needs `seasons` in this file',
      'tables.b.needs.0: there is no table nobody',
      'tables.b.needs.1: give either `table` or `any_of`',
      'tables.b.needs.2: give one of at_least, at_least_per_game, not several',
      'tables.b.needs.2: a figure per game needs a `schedule` in this file',
      'tables.c.processor.service: there is no service none',
      'tables.c.expect.0.share_of: there is no table ghost',
    ]);
  });

  it('finds needs that go in a circle', () => {
    const yaml = `${base}
  b: { table: d.b, date_column: day, key: [id], dates: daily, needs: [c] }
  c: { table: d.c, date_column: day, key: [id], dates: daily, needs: [b] }
`;
    expect(problemsOf(yaml)).toEqual(['tables.b.needs: the needs go in a circle: b -> c -> b']);
  });

  it('refuses keys that it does not know, names that are no identifiers, and text that is no YAML', () => {
    expect(problemsOf(base.replace('dates: daily', 'dates: daily, colour: red'))[0]).toContain('tables.a');
    expect(problemsOf(base.replace('day,', '"day; drop table x",'))[0]).toContain('tables.a.date_column');
    expect(problemsOf('pipeline: [')).toHaveLength(1);
    expect(problemsOf('')).toHaveLength(1);
  });

  it('refuses shares, multiples and lower figures that say nothing or contradict', () => {
    const needs = (text: string) =>
      problemsOf(`${base}  b: { table: d.b, date_column: day, key: [id], dates: daily }
  c: { table: d.c, date_column: day, key: [id], dates: daily, needs: [{ table: a, ${text} }] }
`);
    expect(needs('share_of: b, at_least_share: 0.9')).toEqual([]);
    expect(needs('share_of: b, window: 7')).toEqual([
      'tables.c.needs.0.share_of: is a share of the same date and goes without `window`',
    ]);
    expect(needs('share_of: b, at_least: 7')).toEqual([
      'tables.c.needs.0: give one of at_least, share_of, not several',
    ]);
    expect(needs('share_of: ghost')).toEqual(['tables.c.needs.0.share_of: there is no table ghost']);
    expect(needs('share_of: a')).toEqual(['tables.c.needs.0.share_of: a would be measured by itself']);
    expect(needs('share_of: c')).toEqual(['tables.c.needs: the needs go in a circle: c -> c']);
    expect(needs('at_least_share: 0.9')).toEqual([
      'tables.c.needs.0.at_least_share: has a meaning only together with `window` or `share_of`',
    ]);
    expect(needs('at_least: 20, in_backfill: 10')).toEqual([]);
    expect(needs('at_least: 20, in_backfill: 20')).toEqual([
      'tables.c.needs.0.in_backfill: must be lower than 20, the figure that holds otherwise',
    ]);
    expect(needs('window: 7, in_backfill: 0.6')).toEqual([
      'tables.c.needs.0.in_backfill: must be lower than 0.5, the figure that holds otherwise',
    ]);
    expect(needs('in_backfill: 20')).toEqual([
      'tables.c.needs.0.in_backfill: needs a figure beside it that it is lower than',
    ]);
    const expects = (text: string) => problemsOf(base.replace('dates: daily', `dates: daily, expect: { ${text} }`));
    expect(expects('at_least: 5, times: 2')).toEqual([
      'tables.a.expect.0.times: has a meaning only together with `share_of`',
    ]);
    expect(expects('never_falls: true')).toEqual(['tables.a.expect.0.never_falls: needs `seasons` in this file']);
    expect(expects('never_falls: true, in_backfill: 3')).toContain(
      'tables.a.expect.0.in_backfill: needs a figure beside it that it is lower than',
    );
  });

  it('refuses seasons that overlap or end before they start', () => {
    const seasons = (text: string) => problemsOf(`${base}seasons: [${text}]\n`);
    expect(seasons('{ name: one, starts: 2021-10-01, ends: 2022-06-01 }, { name: two, starts: 2022-05-01 }')).toEqual([
      'seasons.one: overlaps season two',
    ]);
    expect(seasons('{ name: one, starts: 2021-10-01, ends: 2021-06-01 }')).toEqual([
      'seasons.one: ends before it starts',
    ]);
  });

  it('fills a variable into the url of a service, and leaves an unknown one to be seen', () => {
    const yaml = `${base}services: { s: { url: "\${THERE}/x", path: /p, body: {} } }\n`;
    const urlOf = (variables: Record<string, string>) => {
      const read = readCatalogue(yaml, variables);
      return read.ok ? read.catalogue.services.get('s')?.url : undefined;
    };
    expect(urlOf({ THERE: 'http://h' })).toBe('http://h/x');
    expect(urlOf({})).toBe(['$', '{THERE}/x'].join(''));
  });
});

describe('rules that changed over time', () => {
  const table = catalogueOf(`
pipeline: x
time_zone: UTC
seasons: [{ name: one, starts: 2021-10-01 }]
tables:
  a: { table: d.a, date_column: day, key: [id], dates: season }
  b:
    table: d.b
    date_column: day
    key: [id]
    dates: season
    expect: [{ at_least: 200 }, { at_least: 100, since: 2025-12-02 }, { at_least: 10, from_day: 30, since: 2025-12-02 }]
    needs: [{ table: a, at_least: 20 }, { table: a, at_least: 30, since: 2025-12-02 }]
`).tables.get('b');
  if (!table) throw new Error('no table');

  it('are those of the day on which a date is judged, the last one that holds', () => {
    const asked = (day: number, asOf: string) => expectationOn(table, day, asOf)?.atLeast?.count;
    expect([asked(5, '2025-12-01'), asked(5, '2025-12-02'), asked(30, '2025-12-02'), asked(30, '2025-12-01')]).toEqual([
      200, 100, 10, 200,
    ]);
    expect(needsAsOf(table, '2025-12-01').map((need) => need.atLeast?.count)).toEqual([20]);
    expect(needsAsOf(table, '2026-01-01').map((need) => need.atLeast?.count)).toEqual([30]);
  });

  it('are said with the day since which they hold', () => {
    expect(sayExpectation(expectationOn(table, 30, '2026-01-01'))).toBe(
      'at least 10 rows since 2025-12-02 from day 30 of the season',
    );
    const [need] = needsAsOf(table, '2026-01-01');
    expect(need && sayNeed(need)).toBe('a, at least 30 rows since 2025-12-02');
  });

  it('ask for whole rows of a figure per game, and for none while the games are not known', () => {
    expect(rowsAsked({ count: 17.5, perGame: true }, 3)).toBe(53);
    expect(rowsAsked({ count: 0.1, perGame: true }, 30)).toBe(3);
    expect(rowsAsked({ count: 17, perGame: true }, -1)).toBeNull();
    expect(rowsAsked({ count: 100, perGame: false }, -1)).toBe(100);
  });
});
