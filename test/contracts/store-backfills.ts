/** Backfills as they are stored: once for one request, never two on one cell, ended once. */
import { describe, expect, it } from 'vitest';
import {
  findBackfill,
  finishBackfill,
  listActiveBackfills,
  listBackfills,
  listHeldCells,
} from '../../src/store/backfills.ts';
import { listFailedCells, loadCells } from '../../src/store/cells.ts';
import { putMessage } from '../../src/store/messages.ts';
import type { Store } from '../../src/store/store.ts';
import { claim, end, launch, ring, runCell, smallBackfill, statesOf } from '../support/small-backfills.ts';
import { sendNow } from '../support/small-messages.ts';

export function backfillsContract(storeOf: () => Store): void {
  describe('a backfill', () => {
    it('comes back as it was stored', async () => {
      const store = storeOf();
      const quality = {
        table: 'mlfs',
        dates: [],
        total: { rows: 0, entities: 0, duplicates: 0, flags: {}, nulls: {}, missing: ['ATL'] },
      };
      const more = { qualityBefore: quality, channel: null };
      expect(await launch(store, 'b1', { cells: ['pgs 11-01'], concurrency: 3, more })).toEqual({ kind: 'created' });
      expect(await findBackfill(store.query, 'b1')).toEqual(smallBackfill('b1', { concurrency: 3, more }));
      expect(await findBackfill(store.query, 'b2')).toBeUndefined();
    });

    it('has its cells in the order of its plan, ready where they wait for nothing in it', async () => {
      const store = storeOf();
      await launch(store, 'b1', {
        cells: ['pgs 11-02', 'pgs 11-01', 'pcf 11-02', 'pcf 11-01', 'psza 11-02'],
        edges: ['pcf 11-02 <- pgs 11-02', 'pcf 11-01 <- pgs 11-01', 'psza 11-02 <~ pgs 10-19..11-02'],
      });
      expect(await statesOf(store, 'b1')).toEqual([
        'pgs 2021-11-02 ready',
        'pgs 2021-11-01 ready',
        'pcf 2021-11-02 waiting',
        'pcf 2021-11-01 waiting',
        'psza 2021-11-02 waiting',
      ]);
      expect((await loadCells(store.query, 'b1'))[0]).toEqual({
        table: 'pgs',
        date: '2021-11-02',
        state: 'ready',
        status: 'missing',
        size: null,
        attempts: 0,
        rowsBefore: null,
        rowsAfter: null,
        reason: null,
        detail: null,
        errorId: null,
        startedAt: null,
        finishedAt: null,
      });
    });

    it('does not wait for cells that are not in the plan, nor for itself', async () => {
      const store = storeOf();
      await launch(store, 'b1', {
        cells: ['pcf 11-02'],
        edges: ['pcf 11-02 <- pgs 11-02', 'pcf 11-02 <~ pcf 10-19..11-02'],
      });
      expect(await statesOf(store, 'b1')).toEqual(['pcf 2021-11-02 ready']);
    });

    it('is made once for one request while that one lasts, and again when it is over', async () => {
      const store = storeOf();
      const small = { cells: ['pgs 11-01'], requestKey: 'k' };
      await launch(store, 'b1', small);
      expect(await launch(store, 'b2', small)).toEqual({ kind: 'same', id: 'b1' });
      expect(await findBackfill(store.query, 'b2')).toBeUndefined();
      expect(await runCell(store, 'b1', 'pgs 11-01', 'succeeded')).toBe(true);
      expect(await launch(store, 'b2', small)).toEqual({ kind: 'same', id: 'b1' });
      await finish(store, 'b1');
      expect(await launch(store, 'b2', small)).toEqual({ kind: 'created' });
    });

    it('is not stored at all when another one owns a cell of it, and that one is named', async () => {
      const store = storeOf();
      await launch(store, 'b1', { cells: ['pgs 11-01', 'pgs 11-02'], more: { requestedBy: 'bob' } });
      const second = { cells: ['pgs 11-02', 'pgs 11-03'] };
      expect(await launch(store, 'b2', second)).toEqual({
        kind: 'overlap',
        cells: [{ table: 'pgs', date: '2021-11-02', backfill: 'b1', requestedBy: 'bob' }],
      });
      expect(await findBackfill(store.query, 'b2')).toBeUndefined();
      expect(await loadCells(store.query, 'b2')).toEqual([]);
      await runCell(store, 'b1', 'pgs 11-02', 'failed');
      expect(await launch(store, 'b2', second)).toEqual({ kind: 'created' });
    });

    it('cannot share a cell even if the check before were wrong', async () => {
      const store = storeOf();
      await launch(store, 'b1', { cells: ['pgs 11-01'] });
      const steal = store.query(
        `insert into cells (backfill_id, pipeline, table_name, cell_date, ordinal, planned_status, reads, state)
         values ('b1', 'nba', 'pgs', '2021-11-01', 1, 'missing', '[]', 'ready')`,
      );
      await expect(steal).rejects.toMatchObject({ retry: 'never', cause: { code: '23505' } });
    });

    it('shares no cell with a pipeline of the same table names', async () => {
      const store = storeOf();
      await launch(store, 'b1', { cells: ['pgs 11-01'] });
      const other = await launch(store, 'b2', { cells: ['pgs 11-01'], more: { pipeline: 'wnba' } });
      expect(other).toEqual({ kind: 'created' });
      expect((await listActiveBackfills(store.query, 'wnba')).map(({ id }) => id)).toEqual(['b2']);
    });

    it('is listed newest first, and as active until it is over', async () => {
      const store = storeOf();
      for (const n of [1, 2, 3]) await launch(store, `b${n}`, { cells: [`pgs 11-0${n}`], createdAt: n * 1000 });
      const listed = await listBackfills(store.query, { pipeline: 'nba', limit: 2 });
      expect(listed.map(({ id }) => id)).toEqual(['b3', 'b2']);
      await runCell(store, 'b2', 'pgs 11-02', 'succeeded');
      const states = async () =>
        (await listActiveBackfills(store.query, 'nba')).map(({ id, state }) => `${id} ${state}`);
      expect(await states()).toEqual(['b1 running', 'b2 finishing', 'b3 running']);
      await finish(store, 'b2');
      expect(await states()).toEqual(['b1 running', 'b3 running']);
    });

    it('ends once, with its result and quality, and not before all cells are final', async () => {
      const store = storeOf();
      await launch(store, 'b1', { cells: ['pgs 11-01'] });
      expect(await finish(store, 'b1')).toBe(false);
      await runCell(store, 'b1', 'pgs 11-01', 'succeeded');
      expect(await finish(store, 'b1', 7000)).toBe(true);
      expect(await finish(store, 'b1', 8000)).toBe(false);
      expect(await findBackfill(store.query, 'b1')).toMatchObject({
        state: 'done',
        result: 'succeeded',
        finishedAt: 7000,
        quality: { table: 'mlfs' },
      });
    });

    it('may be stored without a cell, ready to be ended', async () => {
      const store = storeOf();
      await launch(store, 'b1', { cells: [], more: { state: 'finishing' } });
      expect(await ring(store)).toEqual([]);
      expect(await finish(store, 'b1')).toBe(true);
    });
  });

  describe('cells of all backfills', () => {
    it('are held while an attempt is under way', async () => {
      const store = storeOf();
      await launch(store, 'b1', { cells: ['pgs 11-01', 'pgs 11-02'], more: { requestedBy: 'bob' } });
      await ring(store);
      expect(await listHeldCells(store.query, 'nba')).toEqual([]);
      await claim(store, 'b1', 'pgs 11-01');
      const cell = { table: 'pgs', date: '2021-11-01', backfill: 'b1', requestedBy: 'bob' };
      const held = { ...cell, channel: 'C1', ts: null };
      expect(await listHeldCells(store.query, 'nba')).toEqual([held]);
      const key = 'backfill:b1:root';
      await putMessage(store.query, { key, channel: 'C1', threadOf: null, content: { text: 'x', blocks: [] }, now: 1 });
      await sendNow(store, key, { revision: 1, ts: '12.34' });
      expect(await listHeldCells(store.query, 'nba')).toEqual([{ ...held, ts: '12.34' }]);
      await end(store, 'b1 pgs 11-01', 'failed');
      expect(await listHeldCells(store.query, 'nba')).toEqual([]);
    });

    it('count as failed until they succeed in a later backfill', async () => {
      const store = storeOf();
      await launch(store, 'b1', { cells: ['pgs 11-01', 'pgs 11-02'] });
      await ring(store);
      for (const cell of ['pgs 11-01', 'pgs 11-02']) {
        await claim(store, 'b1', cell);
        await end(store, `b1 ${cell}`, 'failed', { now: 4000 });
      }
      expect(await listFailedCells(store.query, 'nba')).toEqual([
        { table: 'pgs', date: '2021-11-01', reason: 'empty_success' },
        { table: 'pgs', date: '2021-11-02', reason: 'empty_success' },
      ]);
      await launch(store, 'b2', { cells: ['pgs 11-01'] });
      await ring(store);
      await claim(store, 'b2', 'pgs 11-01');
      await end(store, 'b2 pgs 11-01', 'succeeded', { now: 5000 });
      expect(await listFailedCells(store.query, 'nba')).toEqual([
        { table: 'pgs', date: '2021-11-02', reason: 'empty_success' },
      ]);
    });
  });
}

function finish(store: Store, id: string, now = 6000): Promise<boolean> {
  const total = { rows: 1, entities: 1, duplicates: 0, flags: {}, nulls: {}, missing: [] };
  const quality = { table: 'mlfs', dates: [], total };
  return store.transaction((query) =>
    finishBackfill(query, { id, round: 1, result: 'succeeded', quality, coverage: null, now }),
  );
}
