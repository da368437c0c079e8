import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { buildCoverage } from '../../../src/core/coverage/coverage.ts';
import { judge } from '../../../src/core/judge/judge.ts';
import { catalogues, cellsDrawn, dates, factsOf, now } from '../../support/drawn-pipelines.ts';

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
});
