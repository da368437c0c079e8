import { describe, expect, it } from 'vitest';
import { daysBetween } from '../../../src/core/dates.ts';
import { judge } from '../../../src/core/judge/judge.ts';
import { findUnblocked, planLaunches } from '../../../src/core/plan/unblocked.ts';
import type { Status } from '../../../src/core/verdict.ts';
import { catalogueOf, factsOf } from '../../support/old-minima.ts';

/** a feeds b and c; d needs both; w reads a over the season; v is filled elsewhere; e needs d and only wants c. */
const processor = (name: string) => `processor: { service: s, name: ${name} }`;
const catalogue = catalogueOf(`
pipeline: chain
time_zone: UTC
seasons: [{ name: one, starts: 2021-11-01, ends: 2021-11-30 }]
services: { s: { url: "http://127.0.0.1:9", path: /p, body: {} } }
tables:
  a: { table: d.a, date_column: day, key: [id], dates: season, expect: { at_least: 10 }, ${processor('A')} }
  b: { table: d.b, date_column: day, key: [id], dates: season, expect: { at_least: 10 }, needs: [a], ${processor('B')} }
  c: { table: d.c, date_column: day, key: [id], dates: season, expect: { at_least: 10 }, ${processor('C')} }
  v: { table: d.v, date_column: day, key: [id], dates: season, expect: { at_least: 10 }, needs: [a] }
  w: { table: d.w, date_column: day, key: [id], dates: season, expect: { at_least: 10 }, needs: [{ table: a, window: season }], ${processor('W')} }
  d: { table: d.d, date_column: day, key: [id], dates: season, expect: { at_least: 10 }, needs: [b, c], ${processor('D')} }
`);
const [from, to] = ['2021-11-01', '2021-11-06'];
const on = (day: number) => `2021-11-0${day}`;

/** Everything is there but for these cells; `filled` was filled by the backfill. */
function find(missing: readonly string[], filled: readonly string[], status: Status = 'missing', taken: string[] = []) {
  const counts = Object.fromEntries(
    [...catalogue.tables.keys()].map((table) => [
      table,
      Object.fromEntries(
        daysBetween(from, to).map((date, n) => [date, missing.includes(`${table} ${n + 1}`) ? 0 : 10]),
      ),
    ]),
  );
  const judging = judge(catalogue, factsOf(from, to, counts), { now: Date.UTC(2022, 5, 1) });
  const cells = filled.map((name) => {
    const [table = '', day] = name.split(' ');
    return { table, date: on(Number(day)), status };
  });
  return findUnblocked(judging, cells, new Set(taken));
}

describe('what a backfill unblocked', () => {
  it('is what waited for it, and what waits for that alone', () => {
    const found = find(['b 2', 'd 2', 'b 3', 'd 3'], ['a 2', 'a 3']);
    expect(found).toEqual([
      { table: 'b', dates: [on(2), on(3)] },
      { table: 'd', dates: [on(2), on(3)] },
    ]);
  });

  it('is nothing that lacks something else too, is filled elsewhere, or was not asked of this date', () => {
    expect(find(['b 2', 'c 2', 'd 2', 'v 2', 'b 4'], ['a 2'])).toEqual([{ table: 'b', dates: [on(2)] }]);
  });

  it('is nothing that was not held up: it was missing while what it needs was there', () => {
    expect(find(['b 2', 'd 2'], ['a 2'], 'complete')).toEqual([]);
  });

  it('is nothing that a backfill fills or filled itself', () => {
    expect(find(['b 2', 'b 3'], ['a 2', 'a 3'], 'missing', [`b ${on(2)}`])).toEqual([{ table: 'b', dates: [on(3)] }]);
  });

  it('reaches as far as a window does, on the dates that were filled', () => {
    expect(find(['w 5', 'w 6'], ['a 1', 'a 5'])).toEqual([{ table: 'w', dates: [on(5)] }]);
  });
});

describe('the launches that fill it', () => {
  it('are as few as can be: what is downstream takes its upstream along', () => {
    const unblocked = [
      { table: 'b', dates: [on(2), on(3), on(4)] },
      { table: 'w', dates: [on(2)] },
      { table: 'd', dates: [on(2), on(3)] },
    ];
    expect(planLaunches(catalogue, unblocked)).toEqual([
      { tables: ['b', 'd'], dates: [on(2), on(3)] },
      { tables: ['w'], dates: [on(2)] },
      { tables: ['b'], dates: [on(4)] },
    ]);
    expect(planLaunches(catalogue, [])).toEqual([]);
  });
});
