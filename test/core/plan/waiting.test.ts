import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { PlannedCell, PlannedEdge } from '../../../src/core/backfill/backfill.ts';
import { findWaiting } from '../../../src/core/plan/waiting.ts';

const date = fc.integer({ min: 10, max: 19 }).map((n) => `2021-11-${n}`);
const table = fc.constantFrom('a', 'b', 'c');
const cell: fc.Arbitrary<PlannedCell> = fc.record({ table, date, status: fc.constant('missing' as const) });
const edge: fc.Arbitrary<PlannedEdge> = fc
  .record({ table, date, needs: table, from: date, to: date, strict: fc.boolean() })
  .map((one) => (one.from <= one.to ? one : { ...one, from: one.to, to: one.from }));

describe('the cells of a plan that wait', () => {
  it('are those with an edge to another planned cell, whatever the plan', () => {
    const cells = fc.uniqueArray(cell, { maxLength: 12, selector: (one) => `${one.table} ${one.date}` });
    fc.assert(
      fc.property(cells, fc.array(edge, { maxLength: 12 }), (planned, edges) => {
        const isAbove = (one: PlannedEdge) => (other: PlannedCell) =>
          other.table === one.needs &&
          other.date >= one.from &&
          other.date <= one.to &&
          !(other.table === one.table && other.date === one.date);
        const expected = edges.filter((one) => planned.some(isAbove(one))).map((one) => `${one.table} ${one.date}`);
        expect([...findWaiting({ cells: planned, edges })].sort()).toEqual([...new Set(expected)].sort());
      }),
      { numRuns: 500 },
    );
  });
});
