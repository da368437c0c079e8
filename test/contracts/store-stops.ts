/** Pausing and canceling: what starts no more, what ends by itself, and who sees the end. */
import { describe, expect, it } from 'vitest';
import { listAudit } from '../../src/store/audit.ts';
import { findBackfill } from '../../src/store/backfills.ts';
import { listFailedCells, loadCells } from '../../src/store/cells.ts';
import { countInterrupted, recordInterrupted } from '../../src/store/outcomes.ts';
import type { Store } from '../../src/store/store.ts';
import {
  cellOf,
  claim,
  end,
  finish,
  launch,
  ring,
  ringAll,
  runCell,
  statesOf,
  steer,
} from '../support/small-backfills.ts';

export function stopsContract(storeOf: () => Store): void {
  const stateOf = async (id = 'b1') => (await findBackfill(storeOf().query, id))?.state;
  const actions = async (id = 'b1') =>
    (await listAudit(storeOf().query, id)).map(({ actor, action, detail }) => ({ actor, action, detail }));

  describe('a paused backfill', () => {
    it('starts nothing, lets go of its bells, and ends what it had started', async () => {
      const store = storeOf();
      await launch(store, 'b1', { cells: ['pgs 11-01', 'pgs 11-02', 'pgs 11-03'], concurrency: 2 });
      await ring(store);
      await claim(store, 'b1', 'pgs 11-01');
      expect(await steer(store, 'pause', 'b1', { reason: 'late data' })).toEqual({ waiting: 2, running: 1 });
      expect(await claim(store, 'b1', 'pgs 11-02')).toEqual({ kind: 'not_ready', state: 'paused' });
      expect(await ring(store)).toEqual([]);
      expect(await end(store, 'b1 pgs 11-01', 'succeeded')).toMatchObject({ finished: false });
      expect(await findBackfill(store.query, 'b1')).toMatchObject({
        state: 'paused',
        steered: { verb: 'pause', by: 'bob', reason: 'late data', at: 5000 },
      });
      const detail = { reason: 'late data', waiting: 2, running: 1 };
      expect(await actions()).toEqual([{ actor: 'bob', action: 'pause', detail }]);
    });

    it('goes on where it was when it is resumed', async () => {
      const store = storeOf();
      await launch(store, 'b1', { cells: ['pgs 11-01', 'pgs 11-02'], concurrency: 1 });
      await ring(store);
      await steer(store, 'pause', 'b1');
      expect(await steer(store, 'resume', 'b1')).toEqual({ waiting: 2, running: 0 });
      expect((await ringAll(store)).cells).toMatchObject([{ date: '2021-11-01', bell: 2 }]);
      expect(await claim(store, 'b1', 'pgs 11-01')).toMatchObject({ kind: 'claimed', number: 1 });
      expect((await actions()).map(({ action }) => action)).toEqual(['pause', 'resume']);
    });

    it('keeps the time of a retry, and does not wake for it', async () => {
      const store = storeOf();
      await launch(store, 'b1', { cells: ['pgs 11-01'] });
      await ring(store);
      await claim(store, 'b1', 'pgs 11-01');
      await steer(store, 'pause', 'b1');
      await end(store, 'b1 pgs 11-01', { retryAt: 9000 });
      expect(await ringAll(store, { now: 9500 })).toEqual({ cells: [], nextAt: null });
      await steer(store, 'resume', 'b1');
      expect(await ringAll(store, { now: 8000 })).toEqual({ cells: [], nextAt: 9000 });
      expect(await ring(store, { now: 9000 })).toEqual(['pgs 2021-11-01']);
    });

    it('ends when what was under way was all that was left', async () => {
      const store = storeOf();
      await launch(store, 'b1', { cells: ['pgs 11-01'] });
      await ring(store);
      await claim(store, 'b1', 'pgs 11-01');
      await steer(store, 'pause', 'b1');
      expect(await end(store, 'b1 pgs 11-01', 'succeeded')).toMatchObject({ finished: true });
      expect(await stateOf()).toBe('finishing');
    });
  });

  describe('a canceled backfill', () => {
    it('cancels what does not run at once, and ends with the last of what does', async () => {
      const store = storeOf();
      await launch(store, 'b1', {
        cells: ['pgs 11-01', 'pgs 11-02', 'pgs 11-03', 'pcf 11-01', 'pcf 11-02'],
        edges: ['pcf 11-01 <- pgs 11-01', 'pcf 11-02 <- pgs 11-02'],
      });
      await ring(store);
      for (const cell of ['pgs 11-01', 'pgs 11-02']) await claim(store, 'b1', cell);
      expect(await steer(store, 'cancel', 'b1')).toEqual({ stopped: 3, running: 2, finished: false });
      expect(await statesOf(store, 'b1')).toEqual([
        'pgs 2021-11-01 running',
        'pgs 2021-11-02 running',
        'pgs 2021-11-03 canceled',
        'pcf 2021-11-01 canceled',
        'pcf 2021-11-02 canceled',
      ]);
      expect(await stateOf()).toBe('canceling');
      expect(await claim(store, 'b1', 'pgs 11-03')).toEqual({ kind: 'not_ready', state: 'canceled' });
      expect(await end(store, 'b1 pgs 11-01', 'failed')).toMatchObject({ finished: false });
      expect(await end(store, 'b1 pgs 11-02', 'succeeded')).toMatchObject({ finished: true });
      expect(await statesOf(store, 'b1')).toEqual([
        'pgs 2021-11-01 failed',
        'pgs 2021-11-02 succeeded',
        'pgs 2021-11-03 canceled',
        'pcf 2021-11-01 canceled',
        'pcf 2021-11-02 canceled',
      ]);
      expect(await finish(store, 'b1', { result: 'canceled' })).toBe(true);
      expect(await findBackfill(store.query, 'b1')).toMatchObject({ state: 'canceled', result: 'canceled' });
      expect(await actions()).toEqual([
        { actor: 'bob', action: 'cancel', detail: { reason: null, stopped: 3, running: 2 } },
      ]);
    });

    it('ends at once when nothing is under way, and gives its cells back', async () => {
      const store = storeOf();
      await launch(store, 'b1', { cells: ['pgs 11-01', 'pgs 11-02'], requestKey: 'k' });
      await ring(store);
      expect(await steer(store, 'cancel', 'b1')).toEqual({ stopped: 2, running: 0, finished: true });
      expect(await ring(store)).toEqual([]);
      expect(await launch(store, 'b2', { cells: ['pgs 11-02'] })).toEqual({ kind: 'created' });
      await finish(store, 'b1', { result: 'canceled' });
      expect(await launch(store, 'b3', { cells: ['pgs 11-01'], requestKey: 'k' })).toEqual({ kind: 'created' });
    });

    it('can be paused before', async () => {
      const store = storeOf();
      await launch(store, 'b1', { cells: ['pgs 11-01'] });
      await steer(store, 'pause', 'b1');
      expect(await steer(store, 'cancel', 'b1')).toMatchObject({ stopped: 1, finished: true });
    });

    it('cancels a cell that waits for another attempt, and tries none that fails afterwards again', async () => {
      const store = storeOf();
      await launch(store, 'b1', { cells: ['pgs 11-01', 'pgs 11-02'] });
      await ring(store);
      for (const cell of ['pgs 11-01', 'pgs 11-02']) await claim(store, 'b1', cell);
      await end(store, 'b1 pgs 11-01', { retryAt: 9000 });
      expect(await steer(store, 'cancel', 'b1')).toEqual({ stopped: 1, running: 1, finished: false });
      expect(await end(store, 'b1 pgs 11-02', { retryAt: 9000 })).toMatchObject({ finished: true });
      expect(await loadCells(store.query, 'b1')).toMatchObject([
        { state: 'canceled', attempts: 1 },
        { state: 'failed', reason: 'run_failed', errorId: 'e1' },
      ]);
      expect(await ringAll(store, { now: 9500 })).toEqual({ cells: [], nextAt: null });
    });

    it('takes no failure of an earlier backfill away', async () => {
      const store = storeOf();
      await launch(store, 'b1', { cells: ['pgs 11-01'] });
      await runCell(store, 'b1', 'pgs 11-01', 'failed');
      await launch(store, 'b2', { cells: ['pgs 11-01'] });
      await runCell(store, 'b2', 'pgs 11-01', { retryAt: 9000 });
      await steer(store, 'cancel', 'b2');
      expect(await listFailedCells(store.query, 'nba')).toMatchObject([
        { date: '2021-11-01', reason: 'empty_success' },
      ]);
    });
  });

  describe('an attempt that was interrupted before its call', () => {
    const interrupt = (attempt = 'b1 pgs 11-01', now = 4000) =>
      storeOf().transaction((query) => recordInterrupted(query, { attempt, token: `token of ${attempt}`, now }));

    it('does not count, and its cell is rung for again', async () => {
      const store = storeOf();
      await launch(store, 'b1', { cells: ['pgs 11-01'] });
      await ring(store);
      await claim(store, 'b1', 'pgs 11-01');
      expect(await interrupt()).toEqual({ kind: 'recorded', finished: false });
      expect(await interrupt()).toEqual({ kind: 'fenced' });
      expect(await countInterrupted(store.query, { backfill: 'b1', ...cellOf('pgs 11-01') })).toBe(1);
      expect(await ring(store)).toEqual(['pgs 2021-11-01']);
      const again = await claim(store, 'b1', 'pgs 11-01', { attempt: 'second', now: 5000 });
      expect(again).toMatchObject({ kind: 'claimed', number: 1 });
      await end(store, 'second', { retryAt: 6000 }, { now: 6000 });
      expect(await countInterrupted(store.query, { backfill: 'b1', ...cellOf('pgs 11-01') })).toBe(0);
      expect((await loadCells(store.query, 'b1'))[0]).toMatchObject({ attempts: 1, state: 'ready' });
    });

    it('cancels its cell where the backfill is being canceled, and may be the last', async () => {
      const store = storeOf();
      await launch(store, 'b1', { cells: ['pgs 11-01'] });
      await ring(store);
      await claim(store, 'b1', 'pgs 11-01');
      await steer(store, 'cancel', 'b1');
      expect(await interrupt()).toEqual({ kind: 'recorded', finished: true });
      expect(await statesOf(store, 'b1')).toEqual(['pgs 2021-11-01 canceled']);
    });
  });
}
