/** Services that fail whatever they are asked, or ask for patience: all processes leave them alone together. */
import { describe, expect, it } from 'vitest';
import type { Limits } from '../../src/core/backfill/share.ts';
import { listHolds, listOutages, listWaitingFor, noteBusy, noteDown, noteUp } from '../../src/store/outages.ts';
import type { Store } from '../../src/store/store.ts';
import { claim, end, launch, pipeline, ring, ringAll } from '../support/small-backfills.ts';

const days = ['01', '02', '03', '04', '05', '06', '07', '08', '09', '10'];
const limits: Limits = new Map([['pgs', { service: 'phase3', max: 4, interval: 0 }]]);
const name = { pipeline, service: 'phase3', tables: ['pgs'], max: 4 };

export function outagesContract(storeOf: () => Store): void {
  const down = (cell: string, now = 4000, startedAt = 3000) =>
    noteDown(storeOf().query, name, { cell, detail: `500 for ${cell}`, startedAt, now });
  const up = (now = 4000) => noteUp(storeOf().query, name, now);
  const busy = (now: number, until: number, narrow = true) => noteBusy(storeOf().query, name, { now, until, narrow });
  const fall = async () => {
    for (const cell of days.slice(0, 7)) expect(await down(cell)).toBeNull();
    return down('08');
  };
  const launched = async () => {
    await launch(storeOf(), 'b1', { cells: days.map((each) => `pgs 11-${each}`) });
    await launch(storeOf(), 'b2', { cells: ['togs 11-01'] });
  };

  describe('an outage', () => {
    it('begins with the eighth different cell in a row', async () => {
      expect(await fall()).toEqual({
        service: 'phase3',
        failures: 8,
        detail: '500 for 08',
        openedAt: 4000,
        heldUntil: 34_000,
        trials: 0,
        closedAt: null,
      });
    });

    it('does not begin with few cells that fail often, nor with a success between', async () => {
      for (let n = 0; n < 30; n++) expect(await down(days[n % 7] ?? '')).toBeNull();
      expect(await up()).toBeNull();
      for (const cell of days.slice(0, 7)) expect(await down(cell)).toBeNull();
    });

    it('holds the calls of its service and of no other, and then lets one cell try', async () => {
      const store = storeOf();
      await launched();
      expect(await ring(store, { limits })).toHaveLength(5);
      await fall();
      expect(await claim(store, 'b1', 'pgs 11-01', { now: 33_999, service: 'phase3' })).toEqual({
        kind: 'not_ready',
        state: 'calls to its service are held',
      });
      await store.query(`update cells set rung = false where state = 'ready'`);
      const early = await ringAll(store, { now: 33_999, limits });
      expect([early.cells.map((cell) => cell.table), early.nextAt]).toEqual([['togs'], 34_000]);
      expect(await ring(store, { now: 34_000, limits })).toEqual(['pgs 2021-11-01']);
      expect(await claim(store, 'b1', 'pgs 11-01', { now: 34_000, service: 'phase3' })).toMatchObject({
        kind: 'claimed',
      });
      expect(await ring(store, { now: 34_000, limits })).toEqual([]);
    });

    it('is met by the backfills that wait for its service, and ends with the first success', async () => {
      const store = storeOf();
      await launched();
      await fall();
      expect(await listWaitingFor(store.query, name)).toEqual(['b1']);
      expect(await listOutages(store.query, 'b1')).toMatchObject([{ service: 'phase3', closedAt: null }]);
      expect(await listOutages(store.query, 'b2')).toEqual([]);
      expect(await up(9000)).toMatchObject({ failures: 8, closedAt: 9000 });
      expect(await up(9500)).toBeNull();
      expect(await listOutages(store.query, 'b1')).toMatchObject([{ closedAt: 9000 }]);
      expect(await ring(store, { now: 9000, limits })).toHaveLength(5);
    });

    it('takes no attempt from a cell that tried', async () => {
      const store = storeOf();
      await launched();
      await fall();
      const shown = { name, state: 'down' as const, startedAt: 34_000, waitUntil: null };
      for (let n = 1; n <= 4; n++) {
        const now = n * 10_000_000;
        await ring(store, { now, limits });
        const claimed = await claim(store, 'b1', 'pgs 11-01', { now, attempt: `try ${n}` });
        expect(claimed).toMatchObject({ kind: 'claimed', number: 1 });
        const recorded = await end(store, `try ${n}`, 'run_failed', { now, shown: { ...shown, startedAt: now } });
        expect(recorded).toMatchObject({ finished: false, outage: { trials: n } });
      }
    });
  });

  describe('a service that asks for patience', () => {
    it('is left alone until then, and is asked half as much at a time, until it stands more', async () => {
      const store = storeOf();
      await launched();
      await busy(2000, 62_000);
      await busy(2001, 62_000);
      expect(await listHolds(store.query, pipeline)).toEqual([{ service: 'phase3', until: 62_000, slots: 2 }]);
      expect((await ringAll(store, { now: 61_999, limits })).nextAt).toBe(62_000);
      expect(await ring(store, { now: 62_000, limits })).toEqual(['pgs 2021-11-01', 'pgs 2021-11-02']);
      await up();
      expect(await listHolds(store.query, pipeline)).toMatchObject([{ slots: 3 }]);
      await up();
      expect(await listHolds(store.query, pipeline)).toMatchObject([{ slots: null }]);
    });

    it('is narrowed again by the next time it asks, and never to nothing', async () => {
      for (const now of [10_000, 20_000, 30_000, 40_000]) await busy(now, now + 5000);
      expect(await listHolds(storeOf().query, pipeline)).toEqual([{ service: 'phase3', until: 45_000, slots: 1 }]);
    });

    it('keeps its width when it only asks to wait', async () => {
      await busy(10_000, 15_000, false);
      await busy(20_000, 25_000, false);
      expect(await listHolds(storeOf().query, pipeline)).toEqual([{ service: 'phase3', until: 25_000, slots: null }]);
    });
  });
}
