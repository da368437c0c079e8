/** Backfills that wait for a second person: asked, answered once, shown anew, out of time. */
import { describe, expect, it } from 'vitest';
import type { Decision } from '../../src/core/backfill/approval.ts';
import {
  askQueued,
  endUnapproved,
  findApproval,
  findAsking,
  insertAsking,
  listUnanswered,
  type Question,
  showAnew,
  startApproved,
} from '../../src/store/approvals.ts';
import { findBackfill, listOwnedCells } from '../../src/store/backfills.ts';
import { insertQueued, listStartable } from '../../src/store/queue.ts';
import type { Store } from '../../src/store/store.ts';
import { cellOf, finish, launch, ring, runCell, smallBackfill, statesOf, steer } from '../support/small-backfills.ts';

export function question(fingerprint = 'plan one', expiresAt = 100_000): Question {
  const steps = [{ table: 'pgs', dates: ['2021-11-01'], overwritten: ['2021-11-01'] }];
  const why = [{ kind: 'protected' as const, tables: ['pgs'] }];
  return { fingerprint, shown: { plan: { steps, overridden: [] }, why, may: ['S0LEADS001'] }, now: 1000, expiresAt };
}

/** Has a backfill wait for a second person. */
export function askFor(store: Store, id: string, given: { requestKey?: string; asked?: Question } = {}) {
  const backfill = smallBackfill(id, { more: { state: 'waiting_approval', startedAt: null } });
  const created = { backfill, requestKey: given.requestKey ?? `request of ${id}`, asked: '/backfill pgs 2021-11-01' };
  return store.transaction((query) => insertAsking(query, created, given.asked ?? question()));
}

export function decisionOf(kind: Decision['kind'], by = 'anna', at = 5000): Decision {
  return { kind, by, reason: null, at };
}

/** Approves what was shown under a fingerprint, with these cells. */
export function approve(store: Store, id: string, given: { fingerprint?: string; cells?: string[]; by?: string } = {}) {
  const { fingerprint = 'plan one', cells = ['pgs 11-01'], by = 'anna' } = given;
  const backfill = smallBackfill(id, { more: { startedAt: 5000 } });
  const { target, from, to } = backfill;
  const planned = cells.map((text) => ({ ...cellOf(text), status: 'thin' as const }));
  const created = {
    backfill,
    requestKey: '',
    plan: { target, from, to, cells: planned, edges: [] },
    reads: [],
    sample: null,
  };
  const approved = { fingerprint, decision: decisionOf('approved', by) };
  return store.transaction((query) => startApproved(query, created, approved));
}

export function endAs(store: Store, id: string, kind: 'denied' | 'expired', at = 5000, by = 'theo') {
  const decision = { ...decisionOf(kind, by, at), kind };
  return store.transaction((query) => endUnapproved(query, id, decision));
}

export function approvalsContract(storeOf: () => Store): void {
  describe('a backfill that waits for a second person', () => {
    it('owns no cell, keeps its words and what was shown, and is one for one request', async () => {
      const store = storeOf();
      expect(await askFor(store, 'b1', { requestKey: 'k' })).toEqual({ kind: 'created' });
      expect(await findBackfill(store.query, 'b1')).toMatchObject({ state: 'waiting_approval', startedAt: null });
      expect(await findAsking(store.query, 'b1')).toMatchObject({
        requestedBy: 'ada',
        channel: 'C1',
        asked: '/backfill pgs 2021-11-01',
      });
      expect(await findApproval(store.query, 'b1')).toEqual({
        ...question().shown,
        fingerprint: 'plan one',
        revision: 1,
        askedAt: 1000,
        expiresAt: 100_000,
        changes: [],
        decision: null,
      });
      expect(await listOwnedCells(store.query, 'nba')).toEqual([]);
      expect(await askFor(store, 'b2', { requestKey: 'k' })).toEqual({ kind: 'same', id: 'b1' });
      expect(await ring(store)).toEqual([]);
      expect([await findApproval(store.query, 'b2'), await findAsking(store.query, 'b2')]).toEqual([
        undefined,
        undefined,
      ]);
    });

    it('starts with its cells when it is approved, once', async () => {
      const store = storeOf();
      await askFor(store, 'b1');
      expect(await approve(store, 'b1')).toEqual({ kind: 'created' });
      expect(await findBackfill(store.query, 'b1')).toMatchObject({ state: 'running', startedAt: 5000 });
      expect((await findApproval(store.query, 'b1'))?.decision).toEqual(decisionOf('approved'));
      expect(await approve(store, 'b1', { by: 'theo' })).toEqual({ kind: 'gone' });
      expect(await endAs(store, 'b1', 'denied')).toBe(false);
      expect(await findAsking(store.query, 'b1')).toBeUndefined();
      expect(await ring(store)).toEqual(['pgs 2021-11-01']);
      await runCell(store, 'b1', 'pgs 11-01', 'succeeded');
      expect(await finish(store, 'b1')).toBe(true);
    });

    it('does not start while another one owns its cells, and still waits then', async () => {
      const store = storeOf();
      await askFor(store, 'b1');
      await launch(store, 'b2', { cells: ['pgs 11-01'] });
      expect(await approve(store, 'b1')).toMatchObject({ kind: 'overlap', cells: [{ backfill: 'b2' }] });
      expect((await findApproval(store.query, 'b1'))?.decision).toBeNull();
      expect((await findBackfill(store.query, 'b1'))?.state).toBe('waiting_approval');
    });

    it('does not start by an approval of another plan than it shows', async () => {
      const store = storeOf();
      await askFor(store, 'b1');
      const { preflight } = smallBackfill('b1');
      const change = { at: 2000, by: 'anna' };
      const anew = (was: string, fingerprint: string, by: typeof change | null = change) =>
        store.transaction((query) => showAnew(query, { id: 'b1', preflight }, was, question(fingerprint, 200_000), by));
      expect(await anew('plan one', 'plan two')).toBe(true);
      expect(await anew('plan one', 'plan three')).toBe(false);
      expect(await findApproval(store.query, 'b1')).toMatchObject({
        fingerprint: 'plan two',
        revision: 2,
        expiresAt: 200_000,
        changes: [change],
      });
      expect(await anew('plan two', 'plan two', null)).toBe(true);
      expect(await findApproval(store.query, 'b1')).toMatchObject({ revision: 3, changes: [change] });
      expect(await approve(store, 'b1')).toEqual({ kind: 'gone' });
      expect(await statesOf(store, 'b1')).toEqual([]);
      expect(await approve(store, 'b1', { fingerprint: 'plan two' })).toEqual({ kind: 'created' });
      expect(await anew('plan two', 'plan four')).toBe(false);
    });

    it('ends when it is denied, and cannot be approved then', async () => {
      const store = storeOf();
      await askFor(store, 'b1');
      expect(await endAs(store, 'b1', 'denied')).toBe(true);
      expect(await findBackfill(store.query, 'b1')).toMatchObject({
        state: 'done',
        result: 'refused',
        finishedAt: 5000,
      });
      expect((await findApproval(store.query, 'b1'))?.decision).toEqual(decisionOf('denied', 'theo'));
      expect([await approve(store, 'b1'), await endAs(store, 'b1', 'denied')]).toEqual([{ kind: 'gone' }, false]);
    });

    it('ends when its time is over, and not before', async () => {
      const store = storeOf();
      await askFor(store, 'b1');
      await askFor(store, 'b2', { asked: question('plan', 200_000) });
      const unanswered = async (now: number) =>
        (await listUnanswered(store.query, { pipeline: 'nba', now })).map(({ id }) => id);
      expect([await unanswered(99_999), await unanswered(100_000)]).toEqual([[], ['b1']]);
      expect(await unanswered(200_000)).toEqual(['b1', 'b2']);
      expect(await endAs(store, 'b1', 'expired', 99_999, 'engine')).toBe(false);
      expect(await endAs(store, 'b1', 'expired', 100_000, 'engine')).toBe(true);
      expect(await unanswered(100_000)).toEqual([]);
      expect(await findBackfill(store.query, 'b1')).toMatchObject({ state: 'done', result: 'refused' });
    });

    it('can be canceled, and nobody approves or denies it then', async () => {
      const store = storeOf();
      await askFor(store, 'b1');
      expect(await steer(store, 'cancel', 'b1')).toMatchObject({ stopped: 0, finished: true });
      expect(await approve(store, 'b1')).toEqual({ kind: 'gone' });
      expect(await endAs(store, 'b1', 'denied')).toBe(false);
      expect(await statesOf(store, 'b1')).toEqual([]);
    });

    it('may have waited for another backfill before', async () => {
      const store = storeOf();
      await launch(store, 'b1', { cells: ['pgs 11-02'] });
      const more = { state: 'preflight', waitsFor: 'b1', startedAt: null } as const;
      const backfill = smallBackfill('b2', { more });
      await store.transaction((query) =>
        insertQueued(query, { backfill, requestKey: 'k', asked: '/backfill pgs 2021-11-01 --after b1' }),
      );
      const ask = () => store.transaction((query) => askQueued(query, backfill, question()));
      expect(await ask()).toEqual({ kind: 'created' });
      expect(await findBackfill(store.query, 'b2')).toMatchObject({ state: 'waiting_approval', waitsFor: null });
      expect(await ask()).toEqual({ kind: 'gone' });
      await runCell(store, 'b1', 'pgs 11-02', 'succeeded');
      await finish(store, 'b1');
      expect(await listStartable(store.query, 'nba')).toEqual([]);
      expect(await approve(store, 'b2')).toEqual({ kind: 'created' });
    });
  });
}
