/** Which cells are rung for: the oldest backfill first, within the limits, and nothing that could not start. */
import { describe, expect, it } from 'vitest';
import { unringCells } from '../../src/store/cells.ts';
import type { Store } from '../../src/store/store.ts';
import { claim, end, launch, ring, ringAll, runCell, statesOf } from '../support/small-backfills.ts';

export function bellsContract(storeOf: () => Store): void {
  describe('bells', () => {
    it('are rung once for each cell that is ready', async () => {
      const store = storeOf();
      await launch(store, 'b1', {
        cells: ['pgs 11-01', 'pgs 11-02', 'pcf 11-01'],
        edges: ['pcf 11-01 <- pgs 11-01'],
      });
      const first = await ringAll(store);
      expect(first.cells).toHaveLength(2);
      expect(first.cells).toContainEqual({ backfill: 'b1', table: 'pgs', date: '2021-11-01', bell: 1 });
      expect(first.nextAt).toBeNull();
      expect(await ring(store)).toEqual([]);
    });

    it('go to the older backfill first, and to as many as it wants at a time', async () => {
      const store = storeOf();
      await launch(store, 'young', { cells: ['pgs 11-11'], createdAt: 2000 });
      await launch(store, 'old', { cells: ['pgs 11-01', 'pgs 11-02', 'pgs 11-03'], createdAt: 1000, concurrency: 2 });
      const limits = new Map([['pgs', { service: 'one', max: 2 }]]);
      expect(await ring(store, { limits })).toEqual(['pgs 2021-11-01', 'pgs 2021-11-02']);
      await claim(store, 'old', 'pgs 11-01');
      expect(await ring(store, { limits })).toEqual([]);
      await end(store, 'old pgs 11-01', 'succeeded');
      expect(await ring(store, { limits })).toEqual(['pgs 2021-11-03']);
    });

    it('leave what one backfill may not start to the next one', async () => {
      const store = storeOf();
      await launch(store, 'old', { cells: ['pgs 11-01', 'pgs 11-02'], createdAt: 1000, concurrency: 1 });
      await launch(store, 'young', { cells: ['pgs 11-11'], createdAt: 2000 });
      expect(await ring(store)).toEqual(['pgs 2021-11-01', 'pgs 2021-11-11']);
    });

    it('keep the limit of a service over all its tables', async () => {
      const store = storeOf();
      await launch(store, 'b1', { cells: ['pcf 11-01', 'pdc 11-01', 'pgs 11-01', 'pgs 11-02'] });
      const limits = new Map([
        ['pcf', { service: 'precompute', max: 1 }],
        ['pdc', { service: 'precompute', max: 1 }],
        ['pgs', { service: 'analytics', max: 5 }],
      ]);
      expect(await ring(store, { limits })).toEqual(['pcf 2021-11-01', 'pgs 2021-11-01', 'pgs 2021-11-02']);
    });

    it('are not rung for a cell that reads what is being written, or is read', async () => {
      const store = storeOf();
      await launch(store, 'b1', { cells: ['pgs 11-02'], createdAt: 1000 });
      await launch(store, 'b2', {
        cells: ['psza 11-03', 'psza 11-01'],
        reads: { 'psza 11-03': ['pgs 10-19..11-03'], 'psza 11-01': ['pgs 10-19..11-01'] },
        createdAt: 2000,
      });
      expect(await ring(store)).toEqual(['pgs 2021-11-02', 'psza 2021-11-01']);
      await claim(store, 'b1', 'pgs 11-02');
      expect(await ring(store)).toEqual([]);
      await end(store, 'b1 pgs 11-02', 'succeeded');
      expect(await ring(store)).toEqual(['psza 2021-11-03']);
    });

    it('wait for the time of a retry, say when that is, and ring with a new number', async () => {
      const store = storeOf();
      await launch(store, 'b1', { cells: ['pgs 11-01', 'pgs 11-02'] });
      await runCell(store, 'b1', 'pgs 11-01', { retryAt: 9000 });
      expect(await ringAll(store, { now: 8999 })).toEqual({ cells: [], nextAt: 9000 });
      expect(await ringAll(store, { now: 9000 })).toEqual({
        cells: [{ backfill: 'b1', table: 'pgs', date: '2021-11-01', bell: 2 }],
        nextAt: null,
      });
    });

    it('are rung again after they were all forgotten', async () => {
      const store = storeOf();
      await launch(store, 'b1', { cells: ['pgs 11-01', 'pgs 11-02'] });
      await ring(store);
      await claim(store, 'b1', 'pgs 11-01');
      await unringCells(store.query, 'nba');
      const again = await ringAll(store);
      expect(again.cells).toEqual([{ backfill: 'b1', table: 'pgs', date: '2021-11-02', bell: 2 }]);
      expect(await statesOf(store, 'b1')).toEqual(['pgs 2021-11-01 running', 'pgs 2021-11-02 ready']);
    });

    it('are silent for a backfill that is paused', async () => {
      const store = storeOf();
      await launch(store, 'b1', { cells: ['pgs 11-01'], more: { state: 'paused' } });
      expect(await ringAll(store)).toEqual({ cells: [], nextAt: null });
    });
  });
}
