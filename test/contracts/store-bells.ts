/** Which cells are rung for: backfills share, within the limits, and nothing that could not start. */
import { describe, expect, it } from 'vitest';
import { unringCells, unringLost } from '../../src/store/bells.ts';
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

    it('go to the backfill with the fewest under way, then to the older one, and to as many as it wants', async () => {
      const store = storeOf();
      const limits = new Map([['pgs', { service: 'one', max: 3, interval: 0 }]]);
      const long = ['pgs 11-01', 'pgs 11-02', 'pgs 11-03', 'pgs 11-04', 'pgs 11-05'];
      await launch(store, 'old', { cells: long, createdAt: 1000 });
      expect(await ring(store, { limits })).toEqual(['pgs 2021-11-01', 'pgs 2021-11-02', 'pgs 2021-11-03']);
      for (const cell of long.slice(0, 3)) await claim(store, 'old', cell);
      await launch(store, 'year', { cells: ['pgs 12-01', 'pgs 12-02', 'pgs 12-03'], createdAt: 2000 });
      await launch(store, 'repair', { cells: ['pgs 11-11'], createdAt: 3000 });
      expect(await ring(store, { limits })).toEqual([]);
      await end(store, 'old pgs 11-01', 'succeeded');
      expect(await ring(store, { limits })).toEqual(['pgs 2021-12-01']);
      await end(store, 'old pgs 11-02', 'succeeded');
      expect(await ring(store, { limits })).toEqual(['pgs 2021-11-11']);
      await end(store, 'old pgs 11-03', 'succeeded');
      expect(await ring(store, { limits })).toEqual(['pgs 2021-11-04']);
    });

    it('keep to as many as a backfill wants at a time', async () => {
      const store = storeOf();
      await launch(store, 'b1', { cells: ['pgs 11-01', 'pgs 11-02', 'pgs 11-03'], concurrency: 2 });
      expect(await ring(store)).toEqual(['pgs 2021-11-01', 'pgs 2021-11-02']);
      await claim(store, 'b1', 'pgs 11-01');
      expect(await ring(store)).toEqual([]);
      await end(store, 'b1 pgs 11-01', 'succeeded');
      expect(await ring(store)).toEqual(['pgs 2021-11-03']);
    });

    it('keep time between the starts of a service that asks for it, whichever backfill they are of', async () => {
      const store = storeOf();
      const limits = new Map([['pgs', { service: 'one', max: 9, interval: 500 }]]);
      const spacing = { service: 'one', interval: 500 };
      await launch(store, 'b1', { cells: ['pgs 11-01', 'pgs 11-02'], createdAt: 1000 });
      await launch(store, 'b2', { cells: ['pgs 11-11'], createdAt: 2000 });
      expect(await ringAll(store, { now: 3000, limits })).toMatchObject({ cells: [{ backfill: 'b1' }], nextAt: null });
      expect(await ring(store, { now: 3000, limits })).toEqual([]);
      expect(await claim(store, 'b1', 'pgs 11-01', { now: 3100, spacing })).toMatchObject({ kind: 'claimed' });
      expect(await ringAll(store, { now: 3200, limits })).toEqual({ cells: [], nextAt: 3600 });
      expect(await ringAll(store, { now: 3600, limits })).toMatchObject({ cells: [{ backfill: 'b2' }], nextAt: null });
      expect(await claim(store, 'b2', 'pgs 11-11', { now: 3600, spacing })).toMatchObject({ kind: 'claimed' });
      await store.query(`update cells set rung = true where state = 'ready'`);
      expect(await claim(store, 'b1', 'pgs 11-02', { now: 4099, spacing })).toMatchObject({ kind: 'not_ready' });
      expect(await ring(store, { now: 4100, limits })).toEqual(['pgs 2021-11-02']);
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
        ['pcf', { service: 'precompute', max: 1, interval: 0 }],
        ['pdc', { service: 'precompute', max: 1, interval: 0 }],
        ['pgs', { service: 'analytics', max: 5, interval: 0 }],
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

    it('are forgotten one by one when nobody follows them for long', async () => {
      const store = storeOf();
      await launch(store, 'b1', { cells: ['pgs 11-01', 'pgs 11-02', 'pgs 11-03'], concurrency: 2 });
      await ring(store, { now: 2000 });
      await claim(store, 'b1', 'pgs 11-01');
      const forget = (before: number) => store.transaction((query) => unringLost(query, { pipeline: 'nba', before }));
      expect(await forget(1999)).toBe(0);
      expect(await ring(store)).toEqual([]);
      expect(await forget(2000)).toBe(1);
      expect((await ringAll(store, { now: 9000 })).cells).toMatchObject([{ date: '2021-11-02', bell: 2 }]);
      expect(await forget(8999)).toBe(0);
      expect(await statesOf(store, 'b1')).toContain('pgs 2021-11-01 running');
    });

    it('are silent for a backfill that is paused', async () => {
      const store = storeOf();
      await launch(store, 'b1', { cells: ['pgs 11-01'], more: { state: 'paused' } });
      expect(await ringAll(store)).toEqual({ cells: [], nextAt: null });
    });
  });
}
