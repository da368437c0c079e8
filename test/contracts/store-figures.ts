/** What whoever watches a process is told of the state. */
import { describe, expect, it } from 'vitest';
import { type Figures, readFigures } from '../../src/store/figures.ts';
import { putMessage } from '../../src/store/messages.ts';
import { noteDown } from '../../src/store/outages.ts';
import type { Store } from '../../src/store/store.ts';
import { claim, end, launch, pipeline, ring } from '../support/small-backfills.ts';
import { failToSend, sendNow } from '../support/small-messages.ts';

export function figuresContract(storeOf: () => Store): void {
  const figures = (now: number): Promise<Figures> => readFigures(storeOf().query, pipeline, now);

  describe('figures', () => {
    it('are all nothing where nothing is under way', async () => {
      expect(await figures(1000)).toEqual({
        cells: {},
        backfills: {},
        lag: 0,
        expiredLeases: 0,
        unsent: { messages: 0, oldestMs: 0 },
        givenUp: 0,
        heldServices: 0,
      });
    });

    it('count the cells and backfills that are not over, and how long the oldest bell is unheard', async () => {
      const store = storeOf();
      await launch(store, 'b1', { cells: ['pgs 11-01', 'pgs 11-02', 'pgs 11-03'], concurrency: 2 });
      await ring(store, { now: 2000 });
      await claim(store, 'b1', 'pgs 11-01', { now: 3000 });
      expect(await figures(5000)).toMatchObject({
        cells: { ready: 2, running: 1 },
        backfills: { running: 1 },
        lag: 3000,
        expiredLeases: 0,
      });
      await end(store, 'b1 pgs 11-01', 'succeeded', { now: 4000 });
      expect((await figures(5000)).cells).toEqual({ ready: 2, succeeded: 1 });
    });

    it('count leases that ran out, and nobody took over', async () => {
      const store = storeOf();
      await launch(store, 'b1', { cells: ['pgs 11-01'] });
      await ring(store);
      await claim(store, 'b1', 'pgs 11-01', { now: 3000 });
      expect((await figures(23_000)).expiredLeases).toBe(0);
      expect((await figures(23_001)).expiredLeases).toBe(1);
    });

    it('count messages that wait, since when, and those that were given up', async () => {
      const store = storeOf();
      const put = (key: string, now: number) =>
        putMessage(store.query, { key, channel: 'C1', threadOf: null, content: { text: key, blocks: [] }, now });
      await put('waits', 1000);
      await put('waits longer', 400);
      await put('sent', 100);
      await sendNow(store, 'sent', { revision: 1 });
      await put('given up', 100);
      await failToSend(store, 'given up', { detail: 'channel_not_found', final: true });
      expect(await figures(2000)).toMatchObject({ unsent: { messages: 2, oldestMs: 1600 }, givenUp: 1 });
    });

    it('count services whose calls are held', async () => {
      const name = { pipeline, service: 'phase4', tables: ['pgs'], max: 4 };
      for (let n = 0; n < 8; n++) {
        expect((await figures(4000)).heldServices).toBe(0);
        await noteDown(storeOf().query, name, { cell: `c${n}`, detail: 'answered 500', startedAt: 3000, now: 4000 });
      }
      expect((await figures(4000)).heldServices).toBe(1);
    });
  });
}
