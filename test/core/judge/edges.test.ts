import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addDays, daysBetween } from '../../../src/core/dates.ts';
import { emptyTableFacts, type Facts } from '../../../src/core/facts.ts';
import { judge } from '../../../src/core/judge/judge.ts';
import { edgeState, judgementOf, statusAt } from '../../../src/core/judge/judgement.ts';
import { catalogueOf } from '../../support/old-minima.ts';

const from = '2021-11-01';
const days = 30;
const dates = daysBetween(from, addDays(from, days - 1));
const seasons = [
  { starts: '2021-11-04', ends: '2021-11-10' },
  { starts: '2021-11-20', ends: '2021-11-24' },
];

const catalogueWith = (window: number) =>
  catalogueOf(`
pipeline: two-seasons
time_zone: UTC
seasons:
${seasons.map(({ starts, ends }) => `  - { name: s${starts}, starts: ${starts}, ends: ${ends} }`).join('\n')}
services: { s: { url: "http://127.0.0.1:9", path: /p, body: {} } }
tables:
  above: { table: d.above, date_column: day, key: [id], written_at: at, dates: daily, processor: { service: s, name: P } }
  below:
    table: d.below
    date_column: day
    key: [id]
    written_at: at
    dates: daily
    needs: [{ table: above, window: ${window} }]
    processor: { service: s, name: P }
`);

type Drawn = { rows: number; at: number };

function factsOf(above: readonly Drawn[]): Facts {
  const tables = new Map(
    [above, dates.map(() => ({ rows: 1, at: 5 }))].map((cells, n) => {
      const facts = emptyTableFacts(days);
      cells.forEach(({ rows, at }, i) => {
        facts.rows[i] = rows;
        facts.entities[i] = rows;
        if (rows > 0) facts.writtenAt[i] = at;
      });
      return [n === 0 ? 'above' : 'below', facts] as const;
    }),
  );
  return { from, days, tables, unread: new Map() };
}

/** The dates of a window that ends on a date: within a season it does not reach over the season's start. */
function windowOf(i: number, window: number): number[] {
  const date = dates[i] ?? '';
  const start = seasons.find(({ starts, ends }) => starts <= date && date <= ends)?.starts ?? from;
  const first = Math.max(i - window + 1, dates.indexOf(start));
  return Array.from({ length: i - first + 1 }, (_, n) => first + n);
}

describe('a window need of a daily table in a pipeline with seasons', () => {
  it('finds on every date, in and out of season, what a walk over its window finds', () => {
    const cells = fc.array(fc.record({ rows: fc.constantFrom(0, 1, 1, 1), at: fc.nat(9) }), {
      minLength: days,
      maxLength: days,
    });
    fc.assert(
      fc.property(cells, fc.integer({ min: 1, max: 12 }), (above, window) => {
        const judging = judge(catalogueWith(window), factsOf(above), { now: Date.UTC(2022, 0, 1) });
        const below = judgementOf(judging, 'below');
        const [edge] = below.edges;
        dates.forEach((_, i) => {
          const seen = windowOf(i, window).map((j) => above[j] ?? { rows: 0, at: 0 });
          const there = seen.filter(({ rows }) => rows > 0);
          const whole = there.length === seen.length;
          const latest = Math.max(Number.NEGATIVE_INFINITY, ...there.map(({ at }) => at));
          expect(edge?.state[i]).toBe(there.length >= seen.length / 2 ? edgeState.met : edgeState.unmet);
          expect(edge?.dirty[i]).toBe(whole ? 0 : 1);
          expect(edge?.written[i]).toBe(there.length > 0 ? latest : Number.NaN);
          expect(statusAt(below, i)).toBe(!whole ? 'tainted' : latest > 5 ? 'stale' : 'complete');
        });
      }),
      { numRuns: 200 },
    );
  });
});
