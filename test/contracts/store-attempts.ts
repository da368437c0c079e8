/** Attempts: who may fill a cell, what becomes of what waited for it, and who sees the end. */
import { describe, expect, it } from 'vitest';
import {
  beginCalls,
  findLiveAttempt,
  listOrphans,
  markAmbiguous,
  renewLease,
  takeOverAttempt,
} from '../../src/store/attempts.ts';
import { loadCells } from '../../src/store/cells.ts';
import type { Store } from '../../src/store/store.ts';
import { cellOf, claim, end, launch, ring, runCell, startCells, statesOf } from '../support/small-backfills.ts';

export function attemptsContract(storeOf: () => Store): void {
  const live = (cell = 'pgs 11-01') => findLiveAttempt(storeOf().query, { backfill: 'b1', ...cellOf(cell) });
  const orphans = async (now: number, predecessors?: string, instance = 'here') => {
    const found = await listOrphans(storeOf().query, { pipeline: 'nba', instance, predecessors, now });
    return found.map(({ id }) => id);
  };
  const takeOver = (token = 'token of b1 pgs 11-01') =>
    storeOf().transaction((query) =>
      takeOverAttempt(query, { attempt: 'b1 pgs 11-01', token, newToken: 'new', instance: 'there', now: 50_000 }),
    );
  const started = (...cells: string[]) => startCells(storeOf(), cells);

  describe('a claim', () => {
    it('is given once, with its number and what the cell was planned for', async () => {
      const store = storeOf();
      await launch(store, 'b1', { cells: ['pgs 11-01'] });
      await ring(store);
      expect(await claim(store, 'b1', 'pgs 11-01')).toEqual({ kind: 'claimed', number: 1, status: 'missing' });
      const again = await claim(store, 'b1', 'pgs 11-01', { attempt: 'other' });
      expect(again.kind).not.toBe('claimed');
      expect(await live()).toEqual({
        id: 'b1 pgs 11-01',
        token: 'token of b1 pgs 11-01',
        backfill: 'b1',
        table: 'pgs',
        date: '2021-11-01',
        number: 1,
        planned: 'missing',
        ambiguous: false,
        snapshot: null,
        detail: null,
        startedAt: 3000,
        holdUntil: 13_000,
      });
    });

    it('is refused for what is unknown, waiting, final, not rung or of a paused backfill', async () => {
      const store = storeOf();
      await launch(store, 'b1', {
        cells: ['pgs 11-01', 'pcf 11-01', 'pgs 11-02'],
        edges: ['pcf 11-01 <- pgs 11-01'],
        concurrency: 1,
      });
      await launch(store, 'b2', { cells: ['pgs 11-09'], more: { state: 'paused' } });
      expect(await claim(store, 'b1', 'pgs 12-25')).toMatchObject({ kind: 'not_ready' });
      expect(await claim(store, 'b1', 'pcf 11-01')).toEqual({ kind: 'not_ready', state: 'waiting' });
      expect(await claim(store, 'b2', 'pgs 11-09')).toEqual({ kind: 'not_ready', state: 'paused' });
      await runCell(store, 'b1', 'pgs 11-01', 'succeeded');
      expect(await claim(store, 'b1', 'pgs 11-01')).toEqual({ kind: 'not_ready', state: 'succeeded' });
      expect(await claim(store, 'b1', 'pgs 11-02')).toMatchObject({ kind: 'not_ready' });
      expect(await ring(store)).toEqual(['pcf 2021-11-01']);
    });

    it('is busy while another backfill writes what it reads or reads what it writes, and is rung for again', async () => {
      const store = storeOf();
      await launch(store, 'b1', { cells: ['pgs 11-01'], createdAt: 1000 });
      await launch(store, 'b2', {
        cells: ['psza 11-02', 'togs 11-01'],
        reads: { 'psza 11-02': ['pgs 10-19..11-02'] },
        createdAt: 2000,
      });
      // All three are rung for, as if at once by three that did not see each other.
      await store.query(`update cells set rung = true`);
      await claim(store, 'b1', 'pgs 11-01');
      expect(await claim(store, 'b2', 'togs 11-01')).toMatchObject({ kind: 'claimed' });
      expect(await claim(store, 'b2', 'psza 11-02')).toMatchObject({ kind: 'busy' });
      expect(await ring(store)).toEqual([]);
      await end(store, 'b1 pgs 11-01', 'failed');
      expect(await ring(store)).toEqual(['psza 2021-11-02']);
      expect(await claim(store, 'b2', 'psza 11-02')).toMatchObject({ kind: 'claimed' });
    });

    it('is numbered on after a retry, and knows when it may start', async () => {
      const store = await started('pgs 11-01');
      expect(await end(store, 'b1 pgs 11-01', { retryAt: 9000 })).toEqual({ kind: 'recorded', finished: false });
      expect(await live()).toBeUndefined();
      expect(await claim(store, 'b1', 'pgs 11-01', { attempt: 'second', now: 8000 })).toMatchObject({
        kind: 'not_ready',
      });
      await ring(store, { now: 9000 });
      const claimed = await claim(store, 'b1', 'pgs 11-01', { attempt: 'second', now: 9000 });
      expect(claimed).toMatchObject({ kind: 'claimed', number: 2 });
      expect((await loadCells(store.query, 'b1'))[0]).toMatchObject({ attempts: 2, startedAt: 3000, state: 'running' });
    });
  });

  describe('an attempt whose end nobody saw', () => {
    it('keeps its locks when its outcome is not known', async () => {
      const store = await started('pgs 11-01');
      await launch(store, 'b2', { cells: ['psza 11-01'], reads: { 'psza 11-01': ['pgs 10-19..11-01'] } });
      const lost = { attempt: 'b1 pgs 11-01', token: 'token of b1 pgs 11-01', detail: 'no answer', holdUntil: 77_000 };
      await markAmbiguous(store.query, { ...lost, token: 'guess', detail: 'a lie' });
      expect(await live()).toMatchObject({ ambiguous: false });
      await markAmbiguous(store.query, lost);
      expect(await live()).toMatchObject({ ambiguous: true, detail: 'no answer', holdUntil: 77_000 });
      expect(await ring(store, { now: 60_000 })).toEqual([]);
      expect(await statesOf(store, 'b1')).toEqual(['pgs 2021-11-01 running']);
      expect(await end(store, 'b1 pgs 11-01', 'succeeded')).toMatchObject({ kind: 'recorded', finished: true });
      expect(await ring(store, { now: 60_000 })).toEqual(['psza 2021-11-01']);
    });

    it('is an orphan when its lease is over, or when a predecessor held it', async () => {
      await started('pgs 11-01');
      expect(await orphans(22_000)).toEqual([]);
      expect(await orphans(23_001)).toEqual(['b1 pgs 11-01']);
      expect(await orphans(4000, '%')).toEqual([]);
      expect(await orphans(4000, '%', 'there')).toEqual(['b1 pgs 11-01']);
      expect(await orphans(4000, 'her%', 'there')).toEqual(['b1 pgs 11-01']);
      expect(await orphans(4000, 'other/%', 'there')).toEqual([]);
      expect(await orphans(4000, undefined, 'there')).toEqual([]);
    });

    it('is none while its lease is renewed, which only its holder can do', async () => {
      const store = await started('pgs 11-01');
      const held = { attempt: 'b1 pgs 11-01', token: 'token of b1 pgs 11-01' };
      expect(await renewLease(store.query, { ...held, leaseUntil: 40_000 })).toBe(true);
      expect(await renewLease(store.query, { ...held, token: 'guess', leaseUntil: 90_000 })).toBe(false);
      expect([await orphans(39_000), await orphans(40_001)]).toEqual([[], ['b1 pgs 11-01']]);
      await takeOver();
      expect(await renewLease(store.query, { ...held, leaseUntil: 90_000 })).toBe(false);
    });

    it('takes lease and hold anew with its call, unless it was taken over', async () => {
      const store = await started('pgs 11-01');
      const snapshot = { rows: 0, entities: 0, writtenAt: null, fingerprint: null };
      const begun = { attempt: 'b1 pgs 11-01', snapshot, inputs: 'x', leaseUntil: 40_000, holdUntil: 70_000 };
      const calls = ['guess', 'token of b1 pgs 11-01'].map((token) => ({ ...begun, token }));
      expect(await beginCalls(store.query, calls)).toEqual([false, true]);
      expect(await live()).toMatchObject({ holdUntil: 70_000, snapshot });
      expect([await orphans(39_000), await orphans(40_001)]).toEqual([[], ['b1 pgs 11-01']]);
    });

    it('waits for no renewal once its outcome is not known, until the call has surely ended', async () => {
      const store = await started('pgs 11-01');
      const lost = { attempt: 'b1 pgs 11-01', token: 'token of b1 pgs 11-01', detail: 'no answer', holdUntil: 5000 };
      await markAmbiguous(store.query, lost);
      expect(await live()).toMatchObject({ holdUntil: 13_000 });
      expect([await orphans(72_000), await orphans(73_001)]).toEqual([[], ['b1 pgs 11-01']]);
    });

    it('is taken over once, and then the first holder is fenced', async () => {
      const store = await started('pgs 11-01');
      expect(await takeOver('guess')).toBe(false);
      expect(await takeOver()).toBe(true);
      expect(await takeOver()).toBe(false);
      expect(await live()).toMatchObject({ token: 'new', ambiguous: true, number: 1 });
      expect(await end(store, 'b1 pgs 11-01', 'succeeded')).toEqual({ kind: 'fenced' });
      expect(await orphans(50_001)).toEqual([]);
      expect(await end(store, 'b1 pgs 11-01', 'succeeded', { token: 'new' })).toMatchObject({ finished: true });
      expect(await orphans(999_999)).toEqual([]);
    });
  });
}
