/** How attempts end, and what becomes of the cells that waited. */
import { describe, expect, it } from 'vitest';
import { beginCalls, findLiveAttempt } from '../../src/store/attempts.ts';
import { findBackfill } from '../../src/store/backfills.ts';
import { loadCells } from '../../src/store/cells.ts';
import type { Store } from '../../src/store/store.ts';
import { cellOf, claim, end, launch, ring, runCell, startCells, statesOf } from '../support/small-backfills.ts';

export function outcomesContract(storeOf: () => Store): void {
  const live = () => findLiveAttempt(storeOf().query, { backfill: 'b1', ...cellOf('pgs 11-01') });
  const started = (...cells: string[]) => startCells(storeOf(), cells);

  describe('an outcome', () => {
    it('is recorded once; a second time, or with another token, it is fenced', async () => {
      const store = await started('pgs 11-01', 'pgs 11-02');
      expect(await end(store, 'b1 pgs 11-01', 'succeeded', { token: 'guess' })).toEqual({ kind: 'fenced' });
      expect(await end(store, 'b1 pgs 11-01', 'succeeded')).toEqual({ kind: 'recorded', finished: false });
      expect(await end(store, 'b1 pgs 11-01', 'failed')).toEqual({ kind: 'fenced' });
      expect((await loadCells(store.query, 'b1'))[0]).toMatchObject({
        state: 'succeeded',
        rowsBefore: 0,
        rowsAfter: 210,
        attempts: 1,
        finishedAt: 4000,
      });
    });

    it('keeps why it failed', async () => {
      const store = await started('pgs 11-01');
      await end(store, 'b1 pgs 11-01', 'failed');
      const failed = { state: 'failed', reason: 'empty_success', detail: 'HTTP 200 and no rows', errorId: 'e1' };
      expect((await loadCells(store.query, 'b1'))[0]).toMatchObject(failed);
    });

    it('counts the rows before from the first attempt', async () => {
      const store = await started('pgs 11-01');
      const snapshot = { rows: 7, entities: 7, writtenAt: null, fingerprint: 'x' };
      const until = { leaseUntil: 60_000, holdUntil: 70_000 };
      const first = { attempt: 'b1 pgs 11-01', token: 'token of b1 pgs 11-01', ...until };
      expect(await beginCalls(store.query, [{ ...first, snapshot, inputs: 'x' }])).toEqual([true]);
      expect((await live())?.snapshot).toEqual(snapshot);
      await end(store, 'b1 pgs 11-01', { retryAt: 4000 });
      expect(await beginCalls(store.query, [{ ...first, snapshot, inputs: 'x' }])).toEqual([false]);
      await ring(store, { now: 5000 });
      await claim(store, 'b1', 'pgs 11-01', { attempt: 'second', now: 5000 });
      const second = { ...first, attempt: 'second', token: 'token of second', inputs: 'x' };
      await beginCalls(store.query, [{ ...second, snapshot: { ...snapshot, rows: 99 } }]);
      await end(store, 'second', 'succeeded');
      expect((await loadCells(store.query, 'b1'))[0]).toMatchObject({ rowsBefore: 7, rowsAfter: 210 });
    });

    it('makes ready what waited for it and for nothing else', async () => {
      const store = storeOf();
      await launch(store, 'b1', {
        cells: ['pgs 11-01', 'utgc 11-01', 'pcf 11-01', 'pdc 11-01'],
        edges: ['pcf 11-01 <- pgs 11-01', 'pcf 11-01 <- utgc 11-01', 'pdc 11-01 <- pgs 11-01'],
      });
      await runCell(store, 'b1', 'pgs 11-01', 'skipped');
      expect((await statesOf(store, 'b1')).slice(2)).toEqual(['pcf 2021-11-01 waiting', 'pdc 2021-11-01 ready']);
      await runCell(store, 'b1', 'utgc 11-01', 'succeeded');
      expect((await statesOf(store, 'b1'))[2]).toBe('pcf 2021-11-01 ready');
    });

    it('blocks what needs it on its date, and on through everything below, and leaves other dates alone', async () => {
      const store = storeOf();
      await launch(store, 'b1', {
        cells: ['pgs 11-01', 'pgs 11-02', 'pcf 11-01', 'pcf 11-02', 'mlfs 11-01', 'ppp 11-01'],
        edges: [
          'pcf 11-01 <- pgs 11-01',
          'pcf 11-02 <- pgs 11-02',
          'mlfs 11-01 <- pcf 11-01',
          'mlfs 11-01 <- pgs 11-02',
          'ppp 11-01 <- mlfs 11-01',
        ],
      });
      await runCell(store, 'b1', 'pgs 11-01', 'failed');
      expect(await statesOf(store, 'b1')).toEqual([
        'pgs 2021-11-01 failed',
        'pgs 2021-11-02 ready',
        'pcf 2021-11-01 blocked',
        'pcf 2021-11-02 waiting',
        'mlfs 2021-11-01 blocked',
        'ppp 2021-11-01 blocked',
      ]);
      const cells = await loadCells(store.query, 'b1');
      expect(cells[2]).toMatchObject({ reason: 'upstream_missing', finishedAt: 4000, attempts: 0 });
      expect(cells[2]?.detail).toContain('pgs 2021-11-01 failed');
      expect(cells[4]?.detail).toContain('pgs 2021-11-01 failed');
    });

    it('of a bad date does not stop a window, which waits for all of its dates', async () => {
      const store = storeOf();
      await launch(store, 'b1', {
        cells: ['pgs 11-01', 'pgs 11-02', 'psza 11-02'],
        edges: ['psza 11-02 <~ pgs 10-19..11-02'],
      });
      await runCell(store, 'b1', 'pgs 11-01', 'failed');
      expect((await statesOf(store, 'b1'))[2]).toBe('psza 2021-11-02 waiting');
      await runCell(store, 'b1', 'pgs 11-02', 'failed');
      expect((await statesOf(store, 'b1'))[2]).toBe('psza 2021-11-02 ready');
    });

    it('makes ready a cell whose window reaches over itself', async () => {
      const store = storeOf();
      const edges = ['psza 11-02 <~ pgs 10-19..11-02', 'psza 11-02 <~ psza 10-19..11-02'];
      await launch(store, 'b1', { cells: ['pgs 11-01', 'psza 11-02'], edges });
      await runCell(store, 'b1', 'pgs 11-01', 'succeeded');
      expect((await statesOf(store, 'b1'))[1]).toBe('psza 2021-11-02 ready');
    });

    it('that blocks cells releases the windows that waited for those', async () => {
      const store = storeOf();
      await launch(store, 'b1', {
        cells: ['togs 11-01', 'pgs 11-01', 'psza 11-02'],
        edges: ['pgs 11-01 <- togs 11-01', 'psza 11-02 <~ pgs 10-19..11-02'],
      });
      await runCell(store, 'b1', 'togs 11-01', 'failed');
      expect((await statesOf(store, 'b1')).slice(1)).toEqual(['pgs 2021-11-01 blocked', 'psza 2021-11-02 ready']);
    });

    it('that blocks a cell is named, and not one of its window', async () => {
      const store = storeOf();
      await launch(store, 'b1', {
        cells: ['pgs 11-01', 'utgc 11-02', 'pdc 11-02'],
        edges: ['pdc 11-02 <~ pgs 10-19..11-02', 'pdc 11-02 <- utgc 11-02'],
      });
      await runCell(store, 'b1', 'pgs 11-01', 'failed');
      await runCell(store, 'b1', 'utgc 11-02', 'failed');
      const [, , blocked] = await loadCells(store.query, 'b1');
      expect(blocked).toMatchObject({ state: 'blocked', detail: 'not run, since utgc 2021-11-02 failed' });
    });

    it('of the last cell finishes the backfill, also when that one blocks the rest', async () => {
      const store = storeOf();
      await launch(store, 'b1', {
        cells: ['pgs 11-01', 'pgs 11-02', 'pcf 11-02', 'mlfs 11-02'],
        edges: ['pcf 11-02 <- pgs 11-02', 'mlfs 11-02 <- pcf 11-02'],
      });
      expect(await runCell(store, 'b1', 'pgs 11-01', 'succeeded')).toBe(false);
      expect((await findBackfill(store.query, 'b1'))?.state).toBe('running');
      expect(await runCell(store, 'b1', 'pgs 11-02', 'failed')).toBe(true);
      expect((await findBackfill(store.query, 'b1'))?.state).toBe('finishing');
    });

    it('finishes nothing while fewer cells are there than were planned', async () => {
      const store = await started('pgs 11-01');
      await store.query(`update backfills set planned = 2`);
      expect(await end(store, 'b1 pgs 11-01', 'succeeded')).toEqual({ kind: 'recorded', finished: false });
    });
  });
}
