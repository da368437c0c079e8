/** Rounds: a backfill that is over takes some of its cells again. And what an option of the launch stops by itself. */
import { describe, expect, it } from 'vitest';
import { noOptions } from '../../src/core/request/options.ts';
import { listAudit } from '../../src/store/audit.ts';
import { findBackfill } from '../../src/store/backfills.ts';
import { loadCells } from '../../src/store/cells.ts';
import { listFailedAttempts } from '../../src/store/steering.ts';
import type { Store } from '../../src/store/store.ts';
import { claim, end, finish, launch, retry, ring, runCell, statesOf, steer } from '../support/small-backfills.ts';

export function retriesContract(storeOf: () => Store): void {
  describe('a retry', () => {
    /** pgs 11-01 fails and blocks pcf; pgs 11-02 succeeds. */
    async function failed(): Promise<Store> {
      const store = storeOf();
      await launch(store, 'b1', {
        cells: ['pgs 11-01', 'pgs 11-02', 'pcf 11-01'],
        edges: ['pcf 11-01 <- pgs 11-01'],
        requestKey: 'k',
      });
      await runCell(store, 'b1', 'pgs 11-01', 'run_failed');
      expect(await runCell(store, 'b1', 'pgs 11-02', 'succeeded')).toBe(true);
      await finish(store, 'b1', { result: 'succeeded_with_gaps' });
      return store;
    }

    it('opens the cells again, as ready or waiting by the edges of the plan, in a new round', async () => {
      const store = await failed();
      await retry(store, 'b1', ['pgs 11-01', 'pcf 11-01']);
      expect(await statesOf(store, 'b1')).toEqual([
        'pgs 2021-11-01 ready',
        'pgs 2021-11-02 succeeded',
        'pcf 2021-11-01 waiting',
      ]);
      expect(await findBackfill(store.query, 'b1')).toMatchObject({
        state: 'running',
        round: 2,
        result: null,
        quality: null,
        startedAt: 7000,
        finishedAt: null,
        steered: { verb: 'retry', by: 'bob' },
      });
      expect((await loadCells(store.query, 'b1'))[0]).toMatchObject({ reason: null, detail: null, errorId: null });
      expect(await listAudit(store.query, 'b1')).toMatchObject([{ action: 'retry', detail: { again: 2, stay: 0 } }]);
    });

    it('begins at the first attempt again, and keeps the count of all', async () => {
      const store = await failed();
      await retry(store, 'b1', ['pgs 11-01', 'pcf 11-01']);
      await ring(store, { now: 7000 });
      const first = await claim(store, 'b1', 'pgs 11-01', { attempt: 'again', now: 7000 });
      expect(first).toMatchObject({ kind: 'claimed', number: 1 });
      await end(store, 'again', { retryAt: 8000 }, { now: 7500 });
      await ring(store, { now: 8000 });
      const second = await claim(store, 'b1', 'pgs 11-01', { attempt: 'once more', now: 8000 });
      expect(second).toMatchObject({ kind: 'claimed', number: 2 });
      expect((await loadCells(store.query, 'b1'))[0]).toMatchObject({ attempts: 3 });
    });

    it('ends when all that was planned is final again, once in each round', async () => {
      const store = await failed();
      expect(await finish(store, 'b1')).toBe(false);
      await retry(store, 'b1', ['pgs 11-01', 'pcf 11-01']);
      await ring(store, { now: 7000 });
      await claim(store, 'b1', 'pgs 11-01', { attempt: 'again', now: 7000 });
      expect(await end(store, 'again', 'succeeded', { now: 7500 })).toMatchObject({ finished: false });
      await ring(store, { now: 7500 });
      await claim(store, 'b1', 'pcf 11-01', { attempt: 'below', now: 7500 });
      expect(await end(store, 'below', 'succeeded', { now: 7900 })).toMatchObject({ finished: true });
      expect(await finish(store, 'b1', { round: 1 })).toBe(false);
      expect(await finish(store, 'b1', { round: 2 })).toBe(true);
      expect(await findBackfill(store.query, 'b1')).toMatchObject({ state: 'done', result: 'succeeded' });
    });

    it('owns its cells and its request as a launch does', async () => {
      const store = await failed();
      await retry(store, 'b1', ['pgs 11-01', 'pcf 11-01']);
      expect(await launch(store, 'b2', { cells: ['pgs 11-01'] })).toMatchObject({ kind: 'overlap' });
      expect(await launch(store, 'b3', { cells: ['pgs 11-02'], requestKey: 'k' })).toEqual({ kind: 'same', id: 'b1' });
    });

    it('learns of each failed cell what its last attempt left', async () => {
      const store = await failed();
      const left = { table: 'pgs', date: '2021-11-01', transient: true, inputs: null };
      expect(await listFailedAttempts(store.query, 'b1')).toEqual([left]);
    });

    it('of a canceled backfill lets its last state be told by how it ends', async () => {
      const store = storeOf();
      await launch(store, 'b1', { cells: ['pgs 11-01'] });
      await steer(store, 'cancel', 'b1');
      await finish(store, 'b1', { result: 'canceled' });
      await retry(store, 'b1', ['pgs 11-01']);
      await ring(store, { now: 7000 });
      await claim(store, 'b1', 'pgs 11-01', { now: 7000 });
      await end(store, 'b1 pgs 11-01', 'succeeded');
      await finish(store, 'b1', { round: 2 });
      expect(await findBackfill(store.query, 'b1')).toMatchObject({ state: 'done', result: 'succeeded' });
    });
  });

  describe('a backfill that stops on failures', () => {
    const cells = ['01', '02', '03', '04', '05', '06', '07'].map((day) => `pgs 11-${day}`);
    const start = async (stopOnFailure: typeof noOptions.stopOnFailure) => {
      await launch(storeOf(), 'b1', { cells, more: { options: { ...noOptions, stopOnFailure } } });
      await ring(storeOf());
      for (const cell of cells) await claim(storeOf(), 'b1', cell);
    };

    it('cancels the rest with the failure that is too much, and says why', async () => {
      const store = storeOf();
      await launch(store, 'b1', {
        cells: [...cells, 'pcf 11-07'],
        edges: ['pcf 11-07 <- pgs 11-07'],
        concurrency: 3,
        more: { options: { ...noOptions, stopOnFailure: { kind: 'count', n: 2 } } },
      });
      await ring(store);
      for (const cell of cells.slice(0, 3)) await claim(store, 'b1', cell);
      await end(store, 'b1 pgs 11-01', 'failed');
      expect((await findBackfill(store.query, 'b1'))?.state).toBe('running');
      expect(await end(store, 'b1 pgs 11-02', 'failed')).toMatchObject({ finished: false });
      const reason = '2 of 2 cells failed (--stop-on-failure=2)';
      expect(await findBackfill(store.query, 'b1')).toMatchObject({
        state: 'canceling',
        steered: { verb: 'cancel', by: 'engine', reason },
      });
      expect((await statesOf(store, 'b1')).filter((text) => text.endsWith('canceled'))).toHaveLength(5);
      expect(await end(store, 'b1 pgs 11-03', 'succeeded')).toMatchObject({ finished: true });
    });

    it('ends with that failure when nothing else is under way', async () => {
      const options = { ...noOptions, stopOnFailure: { kind: 'count', n: 1 } as const };
      await launch(storeOf(), 'b1', { cells, concurrency: 1, more: { options } });
      expect(await runCell(storeOf(), 'b1', 'pgs 11-01', 'failed')).toBe(true);
      expect((await findBackfill(storeOf().query, 'b1'))?.state).toBe('finishing');
    });

    it('takes a share for one only when enough have ended', async () => {
      const store = storeOf();
      await start({ kind: 'share', percent: 40 });
      for (const day of ['01', '02']) await end(store, `b1 pgs 11-${day}`, 'failed');
      for (const day of ['03', '04']) await end(store, `b1 pgs 11-${day}`, 'succeeded');
      expect((await findBackfill(store.query, 'b1'))?.state).toBe('running');
      await end(store, 'b1 pgs 11-05', 'succeeded');
      expect((await findBackfill(store.query, 'b1'))?.state).toBe('running');
      await end(store, 'b1 pgs 11-06', 'failed');
      expect((await findBackfill(store.query, 'b1'))?.steered?.reason).toContain('3 of 6 cells failed');
    });

    it('counts anew in every round', async () => {
      const store = storeOf();
      await start({ kind: 'count', n: 1 });
      await end(store, 'b1 pgs 11-01', 'failed');
      for (const cell of cells.slice(1)) await end(store, `b1 ${cell}`, 'succeeded');
      await finish(store, 'b1', { result: 'canceled' });
      await retry(store, 'b1', ['pgs 11-02', 'pgs 11-03'], 7000);
      await ring(store, { now: 7000 });
      await claim(store, 'b1', 'pgs 11-02', { attempt: 'again', now: 7000 });
      await end(store, 'again', 'succeeded', { now: 7100 });
      expect((await findBackfill(store.query, 'b1'))?.state).toBe('running');
    });
  });
}
