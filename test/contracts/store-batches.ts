/** Cells start and end in company: many in one transaction, as if one after the other. */
import { describe, expect, it } from 'vitest';
import { loadCells } from '../../src/store/cells.ts';
import { claimCells } from '../../src/store/claims.ts';
import { recordOutcomes } from '../../src/store/outcomes.ts';
import type { Store } from '../../src/store/store.ts';
import { cellOf, launch, pipeline, ring, startCells, statesOf } from '../support/small-backfills.ts';

export function batchesContract(storeOf: () => Store): void {
  const claimOf = (backfill: string, cell: string, more: { service?: string; interval?: number } = {}) => ({
    backfill,
    ...cellOf(cell),
    attempt: { id: `${backfill} ${cell}`, token: `token of ${backfill} ${cell}`, instance: 'here' },
    now: 3000,
    goneAt: 13_000,
    leaseUntil: 23_000,
    ...(more.service ? { service: more.service } : {}),
    ...(more.service && more.interval ? { spacing: { service: more.service, interval: more.interval } } : {}),
  });
  const claimAll = (...claims: ReturnType<typeof claimOf>[]) =>
    storeOf().transaction((query) => claimCells(query, pipeline, claims));
  const endOf = (attempt: string, state: 'succeeded' | 'failed', now = 4000) => ({
    attempt,
    token: `token of ${attempt}`,
    now,
    outcome: {
      state,
      reason: state === 'failed' ? ('empty_success' as const) : null,
      detail: state === 'failed' ? 'no rows' : null,
      errorId: state === 'failed' ? 'e1' : null,
      rowsBefore: 0,
      rowsAfter: state === 'failed' ? 0 : 210,
      retryAt: null,
      transient: false,
    },
  });
  const endAll = (...ends: ReturnType<typeof endOf>[]) =>
    storeOf().transaction((query) => recordOutcomes(query, pipeline, ends));

  describe('claims in one batch', () => {
    it('are answered in their order, each by itself', async () => {
      const store = storeOf();
      await launch(store, 'b1', { cells: ['pgs 11-01', 'pgs 11-02', 'pcf 11-01'], edges: ['pcf 11-01 <- pgs 11-01'] });
      await launch(store, 'b2', { cells: ['pgs 11-09'], more: { state: 'paused' } });
      await ring(store);
      const claimed = await claimAll(
        claimOf('b2', 'pgs 11-09'),
        claimOf('b1', 'pgs 11-02'),
        claimOf('b1', 'pcf 11-01'),
        claimOf('b1', 'pgs 12-25'),
        claimOf('b1', 'pgs 11-01'),
      );
      expect(claimed).toEqual([
        { kind: 'not_ready', state: 'paused' },
        { kind: 'claimed', number: 1, status: 'missing' },
        { kind: 'not_ready', state: 'waiting' },
        { kind: 'not_ready', state: 'unknown' },
        { kind: 'claimed', number: 1, status: 'missing' },
      ]);
    });

    it('see each other: the same cell twice, and what one reads of another', async () => {
      const store = storeOf();
      await launch(store, 'b1', { cells: ['pgs 11-01'] });
      await launch(store, 'b2', { cells: ['psza 11-02'], reads: { 'psza 11-02': ['pgs 10-19..11-02'] } });
      await store.query(`update cells set rung = true`);
      const twice = { ...claimOf('b1', 'pgs 11-01'), attempt: { id: 'again', token: 'again', instance: 'here' } };
      const claimed = await claimAll(claimOf('b1', 'pgs 11-01'), twice, claimOf('b2', 'psza 11-02'));
      expect(claimed.map(({ kind }) => kind)).toEqual(['claimed', 'busy', 'busy']);
      expect(await store.query(`select id from attempts`)).toEqual([{ id: 'b1 pgs 11-01' }]);
      expect(await store.query(`select table_name as t from cells where rung`)).toEqual([]);
    });

    it('keep the time between two calls of a service', async () => {
      const store = storeOf();
      await launch(store, 'b1', { cells: ['pgs 11-01', 'pgs 11-02'] });
      await ring(store);
      const spaced = { service: 'phase3', interval: 500 };
      const claimed = await claimAll(claimOf('b1', 'pgs 11-01', spaced), claimOf('b1', 'pgs 11-02', spaced));
      expect(claimed).toMatchObject([{ kind: 'claimed' }, { state: 'too early for its service' }]);
    });
  });

  describe('outcomes in one batch', () => {
    it('tell of the end to exactly one of the last cells', async () => {
      await startCells(storeOf(), ['pgs 11-01', 'pgs 11-02', 'pgs 11-03']);
      const recorded = await endAll(
        endOf('b1 pgs 11-01', 'succeeded'),
        endOf('b1 pgs 11-02', 'failed'),
        endOf('b1 pgs 11-03', 'succeeded'),
      );
      expect(recorded.map((one) => one.kind === 'recorded' && one.finished).filter(Boolean)).toHaveLength(1);
    });

    it('leave out those that are over or taken over, and write the others', async () => {
      const store = await startCells(storeOf(), ['pgs 11-01', 'pgs 11-02', 'pgs 11-03']);
      await endAll(endOf('b1 pgs 11-01', 'succeeded'));
      const guess = { ...endOf('b1 pgs 11-02', 'succeeded'), token: 'guess' };
      const recorded = await endAll(endOf('b1 pgs 11-01', 'failed'), guess, endOf('b1 pgs 11-03', 'failed', 5000));
      expect(recorded).toEqual([{ kind: 'fenced' }, { kind: 'fenced' }, { kind: 'recorded', finished: false }]);
      expect(await loadCells(store.query, 'b1')).toMatchObject([
        { state: 'succeeded', rowsAfter: 210, finishedAt: 4000 },
        { state: 'running' },
        { state: 'failed', reason: 'empty_success', detail: 'no rows', errorId: 'e1', finishedAt: 5000 },
      ]);
    });

    it('of several backfills move what waits in each, and end each', async () => {
      const store = storeOf();
      await launch(store, 'b1', { cells: ['pgs 11-01', 'pcf 11-01'], edges: ['pcf 11-01 <- pgs 11-01'] });
      await launch(store, 'b2', { cells: ['pgs 11-02', 'pcf 11-02'], edges: ['pcf 11-02 <- pgs 11-02'] });
      await launch(store, 'b3', { cells: ['pgs 11-03'] });
      await ring(store);
      await claimAll(claimOf('b1', 'pgs 11-01'), claimOf('b2', 'pgs 11-02'), claimOf('b3', 'pgs 11-03'));
      const recorded = await endAll(
        endOf('b1 pgs 11-01', 'succeeded'),
        endOf('b2 pgs 11-02', 'failed'),
        endOf('b3 pgs 11-03', 'succeeded'),
      );
      expect(recorded).toEqual([
        { kind: 'recorded', finished: false },
        { kind: 'recorded', finished: true },
        { kind: 'recorded', finished: true },
      ]);
      expect(await statesOf(store, 'b1')).toEqual(['pgs 2021-11-01 succeeded', 'pcf 2021-11-01 ready']);
      expect(await statesOf(store, 'b2')).toEqual(['pgs 2021-11-02 failed', 'pcf 2021-11-02 blocked']);
    });
  });
}
