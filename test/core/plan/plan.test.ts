import { describe, expect, it } from 'vitest';
import { addDays, daysBetween } from '../../../src/core/dates.ts';
import { emptyTableFacts, type Facts } from '../../../src/core/facts.ts';
import { judge } from '../../../src/core/judge/judge.ts';
import { planRepair, reportPlan } from '../../../src/core/plan/plan.ts';
import { catalogueOf } from '../../support/old-minima.ts';

const from = '2021-11-01';
const days = 4;
const dates = daysBetween(from, addDays(from, days - 1));

type Given = { readonly needs: string; readonly holes: readonly string[]; readonly tables?: string };

/**
 * A plan for `top`, written as its cells: `own` and `deep` are filled here, `deep` needs `base`; `raw` is filled
 * elsewhere. All is there but for the holes: a table, or a table on a day.
 */
function plan({ needs, holes, tables = '' }: Given, asked = [dates[1] ?? '']) {
  const catalogue = catalogueOf(`
pipeline: choices
time_zone: UTC
seasons: [{ name: one, starts: ${from}, ends: 2021-11-30 }]
services: { s: { url: "http://127.0.0.1:9", path: /p, body: {} } }
tables:
  raw: { table: d.raw, date_column: day, key: [id], dates: season }
  base: { table: d.base, date_column: day, key: [id], dates: season, processor: { service: s, name: Base } }
  deep: { table: d.deep, date_column: day, key: [id], dates: season, needs: [base], processor: { service: s, name: Deep } }
  own: { table: d.own, date_column: day, key: [id], dates: season, processor: { service: s, name: Own } }
${tables}  top: { table: d.top, date_column: day, key: [id], dates: season, needs: ${needs}, processor: { service: s, name: Top } }
`);
  const facts: Facts = { from, days, tables: new Map(), unread: new Map() };
  for (const alias of catalogue.tables.keys()) {
    const table = emptyTableFacts(days);
    dates.forEach((date, i) => {
      const there = !holes.includes(alias) && !holes.includes(`${alias} ${Number(date.slice(8))}`);
      table.rows[i] = there ? 5 : 0;
      table.entities[i] = there ? 5 : 0;
    });
    (facts.tables as Map<string, typeof table>).set(alias, table);
  }
  const repair = planRepair(judge(catalogue, facts, { now: Date.UTC(2022, 5, 1) }), 'top', asked);
  const name = (cell: { table: string; date: string }) => `${cell.table} ${Number(cell.date.slice(8))}`;
  return {
    cells: repair.plan.cells.map(name),
    blocked: repair.blocked.map((cell) => `${name(cell)} by ${name(cell.cause)}`),
    staysTainted: repair.staysTainted.map((cell) => `${name(cell)} by ${name(cell.cause)}`),
    needNothing: repair.needNothing,
    report: reportPlan(repair, null),
  };
}

describe('a plan where none of the alternatives will do', () => {
  const holes = ['raw', 'base', 'deep', 'own', 'top'];

  it('mends the one that takes the fewest cells', () => {
    expect(plan({ needs: '[{ any_of: [deep, own] }]', holes }).cells).toEqual(['own 2', 'top 2']);
    expect(plan({ needs: '[{ table: deep, fallback: own }]', holes }).cells).toEqual(['own 2', 'top 2']);
  });

  it('mends the first named of equals', () => {
    expect(plan({ needs: '[{ any_of: [own, base] }]', holes }).cells).toEqual(['own 2', 'top 2']);
    expect(plan({ needs: '[{ table: base, fallback: own }]', holes }).cells).toEqual(['base 2', 'top 2']);
  });

  it('mends what runs anyway rather than another one', () => {
    const found = plan({ needs: '[{ any_of: [own, deep] }, deep]', holes });
    expect(found.cells).toEqual(['base 2', 'deep 2', 'top 2']);
  });

  it('passes over what nobody here can fill, named first or not', () => {
    expect(plan({ needs: '[{ any_of: [raw, own] }]', holes }).cells).toEqual(['own 2', 'top 2']);
    expect(plan({ needs: '[{ table: own, fallback: raw }]', holes }).cells).toEqual(['own 2', 'top 2']);
    expect(plan({ needs: '[{ table: raw, fallback: own }]', holes }).cells).toEqual(['own 2', 'top 2']);
    expect(plan({ needs: '[raw]', holes }).blocked).toEqual(['top 2 by raw 2']);
  });

  it('leaves them all alone where one will do', () => {
    expect(plan({ needs: '[{ any_of: [deep, own] }]', holes: ['deep', 'top'] }).cells).toEqual(['top 2']);
    expect(plan({ needs: '[{ table: deep, fallback: own }]', holes: ['deep', 'top'] }).cells).toEqual(['top 2']);
  });

  it('mends rather the one that will be good than the one that stays tainted', () => {
    const tables = `  part: { table: d.part, date_column: day, key: [id], dates: season, needs: [{ table: raw, window: season }], processor: { service: s, name: Part } }\n`;
    const found = plan({
      needs: '[{ any_of: [part, deep] }]',
      holes: ['raw 1', 'part', 'deep', 'base', 'top'],
      tables,
    });
    expect(found).toMatchObject({ cells: ['base 2', 'deep 2', 'top 2'], staysTainted: [] });
  });
});

describe('a plan with a hole that stays', () => {
  const tables = `  sum: { table: d.sum, date_column: day, key: [id], dates: season, needs: [{ table: raw, window: season }], processor: { service: s, name: Sum } }\n`;

  it('names every cell that runs and stays tainted, however far below the hole', () => {
    const found = plan({ needs: '[sum]', holes: ['raw 1', 'sum 2', 'top 2'], tables }, dates.slice(1));
    expect(found.cells).toEqual(['sum 2', 'top 2']);
    expect(found.staysTainted).toEqual(['sum 2 by raw 1', 'top 2 by raw 1']);
    expect(found.blocked).toEqual(['top 3 by raw 1', 'top 4 by raw 1']);
  });

  it('names a date that is complete by its own rule and too small for the window that reads it', () => {
    const found = plan({ needs: '[{ table: raw, window: season, at_least: 6 }]', holes: ['top 2'] });
    expect(found.cells).toEqual([]);
    expect(found.blocked).toEqual(['top 2 by raw 1']);
  });

  it('says what needs nothing, and of which kind', () => {
    const found = plan({ needs: '[own]', holes: ['top 2'] }, dates);
    expect(found.cells).toEqual(['top 2']);
    expect(found.report).toMatchObject({
      needNothing: [{ status: 'complete', reason: null, dates: ['2021-11-01', '2021-11-03', '2021-11-04'] }],
      estimate: null,
    });
  });
});
