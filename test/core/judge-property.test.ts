import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Catalogue } from '../../src/core/catalogue.ts';
import { buildCoverage } from '../../src/core/coverage.ts';
import { addDays, daysBetween } from '../../src/core/dates.ts';
import { emptyTableFacts, type Facts, type TableFacts } from '../../src/core/facts.ts';
import { judge } from '../../src/core/judge.ts';
import { planRepair } from '../../src/core/plan.ts';
import { catalogueOf } from '../support/old-minima.ts';

const from = '2021-11-01';
const days = 14;
const dates = daysBetween(from, addDays(from, days - 1));
const now = Date.UTC(2022, 5, 1);

/** Tables t0..tn, each with needs among the earlier ones: same date, windows, minima, wanted. */
const catalogues = fc.integer({ min: 2, max: 6 }).chain((size) =>
  fc
    .tuple(
      ...Array.from({ length: size }, (_, n) =>
        fc.record({
          processor: fc.boolean(),
          expect: fc.constantFrom('', 'expect: { at_least: 3 }', 'expect: { exactly: 4 }'),
          needs: fc.array(
            fc.record({
              table: fc.nat(Math.max(0, n - 1)),
              kind: fc.constantFrom('', ', window: season', ', window: 3', ', at_least: 2', ', wanted: true'),
            }),
            { maxLength: n === 0 ? 0 : 3 },
          ),
        }),
      ),
    )
    .map((tables) => catalogueOf(yamlOf(tables))),
);

type Drawn = { processor: boolean; expect: string; needs: { table: number; kind: string }[] };

function yamlOf(tables: readonly Drawn[]): string {
  const lines = tables.map((table, n) => {
    const needs = table.needs.map((need) => `      - { table: t${need.table}${need.kind} }`);
    return [
      `  t${n}:`,
      `    table: d.t${n}`,
      '    date_column: day',
      '    key: [id]',
      '    written_at: at',
      '    dates: season',
      ...(table.expect === '' ? [] : [`    ${table.expect}`]),
      ...(table.processor ? ['    processor: { service: s, name: P }'] : []),
      ...(needs.length > 0 ? ['    needs:', ...needs] : []),
    ].join('\n');
  });
  return `
pipeline: drawn
time_zone: UTC
seasons: [{ name: one, starts: ${from}, ends: ${dates.at(-1)} }]
services: { s: { url: "http://127.0.0.1:9", path: /p, body: {} } }
tables:
${lines.join('\n')}
`;
}

type Drawing = { rows: number; twice: boolean; at: number };
const cellsDrawn = fc.array(
  fc.array(fc.record({ rows: fc.constantFrom(0, 0, 1, 3, 4, 4, 4, 5), twice: fc.boolean(), at: fc.nat(5) }), {
    minLength: days,
    maxLength: days,
  }),
  { minLength: 6, maxLength: 6 },
);

function factsOf(catalogue: Catalogue, drawn: readonly (readonly Drawing[])[], unread: string | undefined): Facts {
  const tables = new Map<string, TableFacts>();
  [...catalogue.tables.keys()].forEach((alias, n) => {
    if (alias === unread) return;
    const facts = emptyTableFacts(days);
    drawn[n]?.forEach((cell, i) => {
      facts.entities[i] = cell.rows;
      facts.rows[i] = cell.twice && cell.rows === 5 ? cell.rows * 2 : cell.rows;
      if (cell.rows > 0) facts.writtenAt[i] = cell.at;
    });
    tables.set(alias, facts);
  });
  return { from, days, tables, unread: new Map(unread === undefined ? [] : [[unread, 'gone']]) };
}

describe('judging random catalogues and facts', () => {
  it('gives statuses that add up, figures in order, and causes that are broken with nothing broken above them', () => {
    fc.assert(
      fc.property(catalogues, cellsDrawn, fc.boolean(), (catalogue, drawn, lose) => {
        const aliases = [...catalogue.tables.keys()];
        const judging = judge(catalogue, factsOf(catalogue, drawn, lose ? 't0' : undefined), { now });
        const coverage = buildCoverage(judging, { tables: aliases, dates });
        for (const table of coverage.tables) {
          const total = Object.values(table.byStatus).reduce((sum, n) => sum + n, 0);
          expect(total).toBe(table.calendar);
          expect(table.complete).toBeLessThanOrEqual(table.reachable);
          expect(table.reachable).toBeLessThanOrEqual(table.expected);
          for (const cell of table.cells) {
            expect(cell.reason === null).toBe(cell.status === 'complete');
            if (cell.status !== 'complete' && cell.status !== 'not_expected')
              expect(cell.causes.length).toBeGreaterThan(0);
            for (const cause of cell.causes) {
              const own = coverage.tables
                .find((t) => t.table === cause.table)
                ?.cells.find((c) => c.date === cause.date);
              const isMinimum = cause.reason === 'rows_short' && own?.status === 'complete';
              const roots = own?.causes.map((c) => `${c.table} ${c.date}`) ?? [];
              expect(isMinimum || own?.status === 'stale' || roots.join() === `${cause.table} ${cause.date}`).toBe(
                true,
              );
            }
          }
        }
      }),
      { numRuns: 300 },
    );
  });

  it('plans cells that, once mended, leave the asked cells complete or named', () => {
    fc.assert(
      fc.property(catalogues, cellsDrawn, (catalogue, drawn) => {
        const target = [...catalogue.tables.keys()].at(-1) ?? '';
        const facts = factsOf(catalogue, drawn, undefined);
        const { plan, blocked } = planRepair(judge(catalogue, facts, { now }), target, dates);
        let at = 100;
        for (const cell of plan.cells) {
          const table = facts.tables.get(cell.table);
          const i = dates.indexOf(cell.date);
          if (!table) continue;
          table.rows[i] = 4;
          table.entities[i] = 4;
          table.writtenAt[i] = at++;
        }
        const after = buildCoverage(judge(catalogue, facts, { now }), { tables: [target], dates }).tables[0];
        const named = new Set([...blocked.map((b) => b.date)]);
        const planned = new Set(plan.cells.filter((c) => c.table === target).map((c) => c.date));
        for (const cell of after?.cells ?? []) {
          if (cell.status === 'complete' || named.has(cell.date)) continue;
          // What was run on a hole that cannot be mended stays tainted, and names it.
          expect(planned.has(cell.date) && cell.status === 'tainted' && cell.causes.length > 0).toBe(true);
        }
      }),
      { numRuns: 300 },
    );
  });

  it('orders the plan so that every cell comes after the planned cells that it reads', () => {
    fc.assert(
      fc.property(catalogues, cellsDrawn, (catalogue, drawn) => {
        const target = [...catalogue.tables.keys()].at(-1) ?? '';
        const { plan } = planRepair(judge(catalogue, factsOf(catalogue, drawn, undefined), { now }), target, dates);
        const place = new Map(plan.cells.map((cell, n) => [`${cell.table} ${cell.date}`, n]));
        for (const edge of plan.edges) {
          for (const date of daysBetween(edge.from, edge.to)) {
            const above = place.get(`${edge.needs} ${date}`);
            if (above !== undefined) expect(above).toBeLessThan(place.get(`${edge.table} ${edge.date}`) ?? -1);
          }
        }
      }),
      { numRuns: 200 },
    );
  });
});
