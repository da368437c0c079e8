/** Backfills that wait for another one, and people who follow one. */
import { describe, expect, it } from 'vitest';
import { findBackfill, findPlace, listOwnedCells } from '../../src/store/backfills.ts';
import { addFollower, takeFollowers } from '../../src/store/followers.ts';
import {
  findQueued,
  insertQueued,
  listQueuedAfter,
  listStartable,
  refuseQueued,
  requeue,
  startQueued,
} from '../../src/store/queue.ts';
import type { Store } from '../../src/store/store.ts';
import {
  cellOf,
  claim,
  finish,
  launch,
  ring,
  runCell,
  smallBackfill,
  statesOf,
  steer,
} from '../support/small-backfills.ts';

export function queueContract(storeOf: () => Store): void {
  const queue = (id: string, after: string, requestKey = `request of ${id}`) => {
    const more = { state: 'preflight', waitsFor: after, startedAt: null } as const;
    const backfill = smallBackfill(id, { more });
    return storeOf().transaction((query) =>
      insertQueued(query, { backfill, requestKey, asked: `/backfill mlfs --after ${after}` }),
    );
  };
  const begin = (id: string, cells: readonly string[]) => {
    const backfill = smallBackfill(id, { more: { startedAt: 9000 } });
    const planned = cells.map((text) => ({ ...cellOf(text), status: 'missing' as const }));
    const { target, from, to } = backfill;
    const plan = { target, from, to, cells: planned, edges: [] };
    const created = { backfill, requestKey: '', plan, reads: [], sample: null };
    return storeOf().transaction((query) => startQueued(query, created));
  };

  describe('a backfill that waits', () => {
    it('has no cell, keeps its words, and is found by the one that it waits for', async () => {
      const store = storeOf();
      await launch(store, 'b1', { cells: ['pgs 11-01'] });
      expect(await queue('b2', 'b1')).toEqual({ kind: 'created' });
      expect(await findBackfill(store.query, 'b2')).toMatchObject({
        state: 'preflight',
        waitsFor: 'b1',
        startedAt: null,
      });
      expect(await findQueued(store.query, 'b2')).toMatchObject({ waitsFor: 'b1', asked: '/backfill mlfs --after b1' });
      expect(await statesOf(store, 'b2')).toEqual([]);
      expect(await listQueuedAfter(store.query, 'b1')).toEqual(['b2']);
      expect(await findQueued(store.query, 'b1')).toBeUndefined();
    });

    it('is one for one request, whether that one waits or runs', async () => {
      const store = storeOf();
      await launch(store, 'b1', { cells: ['pgs 11-01'] });
      await queue('b2', 'b1', 'k');
      expect(await queue('b3', 'b1', 'k')).toEqual({ kind: 'same', id: 'b2' });
      await begin('b2', ['pgs 11-02']);
      expect(await queue('b4', 'b1', 'k')).toEqual({ kind: 'same', id: 'b2' });
    });

    it('may start when the other one is over, and has its cells then', async () => {
      const store = storeOf();
      await launch(store, 'b1', { cells: ['pgs 11-01'] });
      await queue('b2', 'b1');
      expect(await listStartable(store.query, 'nba')).toEqual([]);
      await runCell(store, 'b1', 'pgs 11-01', 'succeeded');
      await finish(store, 'b1');
      expect(await listStartable(store.query, 'nba')).toEqual(['b2']);
      expect(await begin('b2', ['pgs 11-02'])).toEqual({ kind: 'created' });
      expect(await findBackfill(store.query, 'b2')).toMatchObject({
        state: 'running',
        waitsFor: null,
        startedAt: 9000,
      });
      expect(await statesOf(store, 'b2')).toEqual(['pgs 2021-11-02 ready']);
      expect(await begin('b2', ['pgs 11-02'])).toMatchObject({ kind: 'overlap' });
      expect(await begin('b2', ['pgs 11-03'])).toEqual({ kind: 'gone' });
      expect(await ring(store)).toEqual(['pgs 2021-11-02']);
      await runCell(store, 'b2', 'pgs 11-02', 'succeeded');
      expect(await finish(store, 'b2')).toBe(true);
    });

    it('takes no cell that another one owns, and waits for that one instead', async () => {
      const store = storeOf();
      await launch(store, 'b1', { cells: ['pgs 11-01'] });
      await launch(store, 'b2', { cells: ['pgs 11-02'] });
      await queue('b3', 'b1');
      expect(await begin('b3', ['pgs 11-02'])).toMatchObject({ kind: 'overlap', cells: [{ backfill: 'b2' }] });
      expect(await requeue(store.query, 'b3', 'b2')).toBe(true);
      expect(await listQueuedAfter(store.query, 'b1')).toEqual([]);
      expect(await listQueuedAfter(store.query, 'b2')).toEqual(['b3']);
    });

    it('does not start after it was canceled or refused, nor is it refused then', async () => {
      const store = storeOf();
      await launch(store, 'b1', { cells: ['pgs 11-01'] });
      await queue('b2', 'b1');
      expect(await steer(store, 'cancel', 'b2')).toMatchObject({ stopped: 0, finished: true });
      expect(await begin('b2', ['pgs 11-02'])).toEqual({ kind: 'gone' });
      expect(await statesOf(store, 'b2')).toEqual([]);
      const { preflight } = smallBackfill('b2');
      expect(await refuseQueued(store.query, { id: 'b2', preflight, now: 9000 })).toBe(false);
      await queue('b3', 'b1');
      expect(await refuseQueued(store.query, { id: 'b3', preflight, now: 9000 })).toBe(true);
      expect(await findBackfill(store.query, 'b3')).toMatchObject({
        state: 'done',
        result: 'refused',
        finishedAt: 9000,
      });
      expect(await requeue(store.query, 'b3', 'b1')).toBe(false);
    });
  });

  describe('the owner of a cell', () => {
    it('has it from its launch to its end, whether it waits or runs', async () => {
      const store = storeOf();
      await launch(store, 'b1', { cells: ['pgs 11-01', 'pcf 11-01'], edges: ['pcf 11-01 <- pgs 11-01'] });
      await ring(store);
      await claim(store, 'b1', 'pgs 11-01');
      const owned = async () => (await listOwnedCells(store.query, 'nba')).map(({ table }) => table).sort();
      expect(await owned()).toEqual(['pcf', 'pgs']);
      await steer(store, 'cancel', 'b1');
      expect(await owned()).toEqual(['pgs']);
      expect(await findPlace(store.query, 'b1')).toEqual({ channel: 'C1', ts: null });
    });
  });

  describe('a follower', () => {
    it('is kept once, and taken once', async () => {
      const store = storeOf();
      await launch(store, 'b1', { cells: ['pgs 11-01'] });
      const follow = (person: string, now: number) =>
        addFollower(store.query, { backfill: 'b1', person, channel: 'C2', now });
      expect([await follow('cyd', 1), await follow('bob', 2), await follow('cyd', 3)]).toEqual([true, true, false]);
      expect(await takeFollowers(store.query, 'b1')).toEqual([
        { person: 'cyd', channel: 'C2' },
        { person: 'bob', channel: 'C2' },
      ]);
      expect(await takeFollowers(store.query, 'b1')).toEqual([]);
    });
  });
}
