import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { PlannedCell } from '../../../src/core/backfill/backfill.ts';
import type { Catalogue } from '../../../src/core/catalogue/catalogue.ts';
import { buildCoverage } from '../../../src/core/coverage/coverage.ts';
import { daysBetween } from '../../../src/core/dates.ts';
import type { Facts } from '../../../src/core/facts.ts';
import { judge } from '../../../src/core/judge/judge.ts';
import { planRepair } from '../../../src/core/plan/plan.ts';
import type { Status } from '../../../src/core/verdict.ts';
import { catalogues, cellsDrawn, dates, factsOf, now, tidyCatalogues } from '../../support/drawn-pipelines.ts';

/** Facts as they are after the cells ran, each well and after those before it. */
function mendAll(facts: Facts, cells: readonly PlannedCell[]): Facts {
  const tables = new Map(
    [...facts.tables].map(([alias, table]) => [
      alias,
      {
        ...table,
        rows: table.rows.slice(),
        entities: table.entities.slice(),
        writtenAt: table.writtenAt.slice(),
      },
    ]),
  );
  for (const [n, cell] of cells.entries()) {
    const table = tables.get(cell.table);
    const i = dates.indexOf(cell.date);
    if (!table) continue;
    table.rows[i] = 4;
    table.entities[i] = 4;
    table.writtenAt[i] = 100 + n;
  }
  return { ...facts, tables };
}

/** By `table date`, of all tables. */
function statusesOf(catalogue: Catalogue, facts: Facts): ReadonlyMap<string, Status> {
  const { tables } = buildCoverage(judge(catalogue, facts, { now }), { tables: [...catalogue.tables.keys()], dates });
  return new Map(tables.flatMap(({ table, cells }) => cells.map((cell) => [`${table} ${cell.date}`, cell.status])));
}

const nameOf = (cell: { table: string; date: string }) => `${cell.table} ${cell.date}`;

describe('the plan for random catalogues and facts', () => {
  it('leaves the asked cells complete, once its cells have run, or names them with what stays bad', () => {
    fc.assert(
      fc.property(tidyCatalogues, cellsDrawn, (catalogue, drawn) => {
        const target = [...catalogue.tables.keys()].at(-1) ?? '';
        const facts = factsOf(catalogue, drawn, undefined);
        const { plan, blocked, staysTainted, needNothing } = planRepair(
          judge(catalogue, facts, { now }),
          target,
          dates,
        );
        const after = statusesOf(catalogue, mendAll(facts, plan.cells));
        const stays = new Set(staysTainted.map(nameOf));
        for (const name of plan.cells.map(nameOf))
          expect([name, after.get(name)]).toEqual([name, stays.has(name) ? 'tainted' : 'complete']);
        const held = new Set(blocked.map((cell) => cell.date));
        const fine = new Set(needNothing.flatMap((group) => group.dates));
        const run = new Set(plan.cells.filter((cell) => cell.table === target).map((cell) => cell.date));
        for (const date of dates) {
          expect([held, fine, run].filter((dates) => dates.has(date))).toHaveLength(1);
          const status = after.get(`${target} ${date}`);
          if (fine.has(date)) expect(['complete', 'not_expected']).toContain(status);
          if (held.has(date)) expect(status).not.toBe('complete');
        }
      }),
      { numRuns: 400 },
    );
  });

  it('promises too little rather than too much where what is filled elsewhere needs what is filled here', () => {
    fc.assert(
      fc.property(catalogues, cellsDrawn, (catalogue, drawn) => {
        const target = [...catalogue.tables.keys()].at(-1) ?? '';
        const facts = factsOf(catalogue, drawn, undefined);
        const { plan, blocked, staysTainted } = planRepair(judge(catalogue, facts, { now }), target, dates);
        const after = statusesOf(catalogue, mendAll(facts, plan.cells));
        const named = new Set([...blocked, ...staysTainted].map(nameOf));
        for (const name of dates.map((date) => `${target} ${date}`))
          if (!named.has(name)) expect(['complete', 'not_expected']).toContain(after.get(name));
      }),
      { numRuns: 400 },
    );
  });

  it('holds no cell that could be left out: none without a processor, and none without which all would be as well', () => {
    fc.assert(
      fc.property(catalogues, cellsDrawn, fc.nat(), (catalogue, drawn, seed) => {
        const target = [...catalogue.tables.keys()].at(-1) ?? '';
        const facts = factsOf(catalogue, drawn, undefined);
        const { plan, staysTainted } = planRepair(judge(catalogue, facts, { now }), target, dates);
        for (const cell of plan.cells) expect(catalogue.tables.get(cell.table)?.processor).toBeDefined();
        const spare = plan.cells[seed % Math.max(1, plan.cells.length)];
        if (spare === undefined || staysTainted.length > 0) return;
        const after = statusesOf(
          catalogue,
          mendAll(
            facts,
            plan.cells.filter((cell) => cell !== spare),
          ),
        );
        expect(plan.cells.filter((cell) => after.get(nameOf(cell)) !== 'complete')).not.toEqual([]);
      }),
      { numRuns: 400 },
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
