/** What runs took, and what is foreseen from it. */
import { describe, expect, it } from 'vitest';
import type { Forecast } from '../../src/core/backfill/backfill.ts';
import { markAmbiguous } from '../../src/store/attempts.ts';
import { findBackfill, insertBackfill } from '../../src/store/backfills.ts';
import { loadCells } from '../../src/store/cells.ts';
import { listDurations } from '../../src/store/durations.ts';
import type { Store } from '../../src/store/store.ts';
import { claim, end, ring, smallBackfill, startCells } from '../support/small-backfills.ts';

export function durationsContract(storeOf: () => Store): void {
  const measured = (tables: readonly string[]) => listDurations(storeOf().query, { pipeline: 'nba', tables });

  describe('durations', () => {
    it('are those of attempts that ended well, of the tables asked, latest first', async () => {
      const store = await startCells(storeOf(), ['pgs 11-01', 'pgs 11-02', 'pgs 11-03', 'pcf 11-01', 'pdc 11-01']);
      await end(store, 'b1 pgs 11-01', 'succeeded', { now: 3500 });
      await end(store, 'b1 pgs 11-02', 'failed', { now: 3600 });
      await end(store, 'b1 pcf 11-01', 'succeeded', { now: 3700 });
      await end(store, 'b1 pdc 11-01', 'succeeded', { now: 3800 });
      expect(await measured(['pgs', 'pcf', 'mlfs'])).toEqual([
        { table: 'pcf', size: null, ms: 700 },
        { table: 'pgs', size: null, ms: 500 },
      ]);
    });

    it('leave out attempts whose end nobody saw', async () => {
      const store = await startCells(storeOf(), ['pgs 11-01']);
      const lost = { attempt: 'b1 pgs 11-01', token: 'token of b1 pgs 11-01', detail: 'timeout', holdUntil: 9000 };
      await markAmbiguous(store.query, lost);
      await end(store, 'b1 pgs 11-01', 'succeeded', { now: 8000 });
      expect(await measured(['pgs'])).toEqual([]);
    });

    it('are of the attempt that ended well, and not of those before it', async () => {
      const store = await startCells(storeOf(), ['pgs 11-01']);
      await end(store, 'b1 pgs 11-01', { retryAt: 4000 }, { now: 4000 });
      await ring(store, { now: 5000 });
      await claim(store, 'b1', 'pgs 11-01', { attempt: 'again', now: 5000 });
      await end(store, 'again', 'succeeded', { now: 5900 });
      expect(await measured(['pgs'])).toEqual([{ table: 'pgs', size: null, ms: 900 }]);
    });

    it('are at most two hundred of a table', async () => {
      const store = await startCells(storeOf(), ['pgs 11-01']);
      await store.query(
        `insert into attempts (id, backfill_id, pipeline, table_name, cell_date, number, token, instance, live, started_at, lease_until, hold_until, ended_at, state)
         select 'old ' || n, 'b1', 'nba', 'pgs', date '2021-11-01', 1, 't', 'i', false, 1000, 1000, 1000, 1000 + n, 'succeeded' from generate_series(1, 205) n`,
      );
      const found = await measured(['pgs']);
      expect([found.length, found[0]?.ms, found.at(-1)?.ms]).toEqual([200, 205, 6]);
    });

    it('carry the size of their date, and a backfill what was foreseen of it', async () => {
      const store = storeOf();
      const forecast: Forecast = {
        estimate: { leastMs: 500, mostMs: 900, measured: 3 },
        paces: [{ table: 'pgs', size: 7, least: 500.5, most: 900, runs: 3 }],
        other: null,
        waits: [{ table: 'pcf', needs: 'pgs', days: 0 }],
        lanes: [{ tables: ['pgs'], max: 2, interval: 0 }],
        concurrency: null,
      };
      const cells = [
        { table: 'pgs', date: '2021-11-01', status: 'missing', size: 7 },
        { table: 'tdza', date: '2021-11-01', status: 'missing' },
      ] as const;
      const backfill = smallBackfill('b1', { more: { forecast } });
      const plan = { target: 'pgs', from: '2021-11-01', to: '2021-11-01', cells, edges: [] };
      await store.transaction((query) =>
        insertBackfill(query, { backfill, requestKey: 'k', plan, reads: [[], []], sample: null }),
      );
      expect((await findBackfill(store.query, 'b1'))?.forecast).toEqual(forecast);
      expect((await loadCells(store.query, 'b1')).map((cell) => cell.size)).toEqual([7, null]);
      await ring(store);
      await claim(store, 'b1', 'pgs 11-01');
      await end(store, 'b1 pgs 11-01', 'succeeded', { now: 3400 });
      expect(await measured(['pgs', 'tdza'])).toEqual([{ table: 'pgs', size: 7, ms: 400 }]);
    });
  });
}
