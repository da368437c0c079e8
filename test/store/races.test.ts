/**
 * What happens in the same instant, on a real Postgres: PGlite has one session, in which nothing can race. Each round
 * starts its rivals together on connections of their own.
 */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { noOptions } from '../../src/core/request/options.ts';
import { findApproval, showAnew } from '../../src/store/approvals.ts';
import { listAudit } from '../../src/store/audit.ts';
import { findBackfill, finishBackfill } from '../../src/store/backfills.ts';
import { putMessage } from '../../src/store/messages.ts';
import { insertQueued, startQueued } from '../../src/store/queue.ts';
import { receiveRequest } from '../../src/store/requests.ts';
import type { Store } from '../../src/store/store.ts';
import { approve, askFor, endAs, question } from '../contracts/store-approvals.ts';
import {
  claim,
  emptyStore,
  end,
  finish,
  launch,
  retry,
  ring,
  ringAll,
  runCell,
  smallBackfill,
  statesOf,
  steer,
} from '../support/small-backfills.ts';
import { takeTurn } from '../support/small-messages.ts';
import { postgresAnswers, postgresStore } from '../support/stores.ts';

const answers = await postgresAnswers('races of the store');
if (!answers) console.warn('races of the store: none of them ran');

describe.runIf(answers)('in the same instant', () => {
  let store: Store;
  beforeAll(async () => {
    store = await postgresStore();
    // Opens the connections, so that rivals start together.
    await Promise.all(Array.from({ length: 8 }, () => store.query('select pg_sleep(0.05)')));
  });
  beforeEach(() => emptyStore(store));
  afterAll(() => store?.close());

  it('two claims of one cell: one wins', async () => {
    for (let round = 0; round < 50; round++) {
      await emptyStore(store);
      await launch(store, 'b', { cells: ['pgs 11-01'] });
      await ring(store);
      const rivals = ['x', 'y', 'z'].map((attempt) => claim(store, 'b', 'pgs 11-01', { attempt }));
      const kinds = (await Promise.all(rivals)).map(({ kind }) => kind);
      expect(kinds.filter((kind) => kind === 'claimed')).toHaveLength(1);
    }
  });

  it('a claim of a cell and one of a cell that it reads: one wins', async () => {
    for (let round = 0; round < 50; round++) {
      await emptyStore(store);
      await launch(store, 'b1', { cells: ['pgs 11-01'] });
      await launch(store, 'b2', { cells: ['psza 11-02'], reads: { 'psza 11-02': ['pgs 10-19..11-02'] } });
      await store.query('update cells set rung = true');
      const rivals = [claim(store, 'b1', 'pgs 11-01'), claim(store, 'b2', 'psza 11-02')];
      const kinds = (await Promise.all(round % 2 ? rivals : rivals.reverse())).map(({ kind }) => kind);
      expect(kinds.sort()).toEqual(['busy', 'claimed']);
    }
  });

  it('two senders of one message: one posts', async () => {
    for (let round = 0; round < 50; round++) {
      await emptyStore(store);
      const content = { text: 'x', blocks: [] };
      await putMessage(store.query, { key: 'root', channel: 'C1', threadOf: null, content, now: 1 });
      const turns = await Promise.all(['a', 'b', 'c'].map((token) => takeTurn(store, 'root', token)));
      expect(turns.filter(Boolean)).toHaveLength(1);
    }
  });

  it('two backfills that overlap: one is stored', async () => {
    for (let round = 0; round < 30; round++) {
      await emptyStore(store);
      const kinds = await Promise.all([
        launch(store, 'b1', { cells: ['pgs 11-01', 'pgs 11-02'] }),
        launch(store, 'b2', { cells: ['pgs 11-02', 'pgs 11-01'] }),
      ]);
      expect(kinds.map(({ kind }) => kind).sort()).toEqual(['created', 'overlap']);
    }
  });

  it('one waiting backfill whose turn comes and that is canceled: it starts, or it never does', async () => {
    for (let round = 0; round < 30; round++) {
      await emptyStore(store);
      await launch(store, 'b1', { cells: ['pgs 11-01'] });
      const waiting = { state: 'preflight', waitsFor: 'b1', startedAt: null } as const;
      const created = { backfill: smallBackfill('b2', { more: waiting }), requestKey: 'k', asked: '/backfill mlfs' };
      await store.transaction((query) => insertQueued(query, created));
      const cells = [{ table: 'pgs', date: '2021-11-02', status: 'missing' as const }];
      const plan = { target: 'mlfs', from: '2021-11-01', to: '2021-11-30', cells, edges: [] };
      const start = () =>
        store.transaction((query) =>
          startQueued(query, { backfill: smallBackfill('b2'), requestKey: 'k', plan, reads: [], sample: null }),
        );
      const rivals = [start, start, () => steer(store, 'cancel', 'b2')];
      const [one, two] = await Promise.all(rivals.map((rival) => rival()));
      const started = [one, two].filter((each) => each && 'kind' in each && each.kind === 'created').length;
      expect(started).toBeLessThanOrEqual(1);
      expect(await statesOf(store, 'b2')).toEqual(started === 1 ? ['pgs 2021-11-02 canceled'] : []);
      expect((await findBackfill(store.query, 'b2'))?.state).toBe('finishing');
    }
  });

  it('two approvals and a denial: one answer counts, and the others learn that', async () => {
    for (let round = 0; round < 40; round++) {
      await emptyStore(store);
      await askFor(store, 'b');
      const rivals = [
        () => approve(store, 'b', { by: 'anna' }),
        () => approve(store, 'b', { by: 'theo' }),
        () => endAs(store, 'b', 'denied'),
      ];
      const [one, two, denied] = await Promise.all(rivals.map((rival) => rival()));
      const wins = [one, two].filter((each) => typeof each === 'object' && each.kind === 'created').length;
      expect(wins + (denied === true ? 1 : 0)).toBe(1);
      const { state } = (await findBackfill(store.query, 'b')) ?? {};
      const { decision } = (await findApproval(store.query, 'b')) ?? {};
      expect([state, decision?.kind]).toEqual(denied === true ? ['done', 'denied'] : ['running', 'approved']);
      expect(await statesOf(store, 'b')).toEqual(denied === true ? [] : ['pgs 2021-11-01 ready']);
    }
  });

  it('an approval and a cancel: it starts and is canceled, or it never starts', async () => {
    for (let round = 0; round < 40; round++) {
      await emptyStore(store);
      await askFor(store, 'b');
      const rivals = [() => approve(store, 'b'), () => steer(store, 'cancel', 'b')];
      const [approved] = await Promise.all((round % 2 ? rivals : rivals.reverse()).map((rival) => rival()));
      const { decision } = (await findApproval(store.query, 'b')) ?? {};
      const started = decision?.kind === 'approved';
      expect(approved).toBeDefined();
      expect(await statesOf(store, 'b')).toEqual(started ? ['pgs 2021-11-01 canceled'] : []);
      expect((await findBackfill(store.query, 'b'))?.state).toBe('finishing');
    }
  });

  it('an approval of a plan and another plan that is shown in its place: the one or the other', async () => {
    for (let round = 0; round < 40; round++) {
      await emptyStore(store);
      await askFor(store, 'b');
      const { preflight } = smallBackfill('b');
      const anew = store.transaction((query) =>
        showAnew(query, { id: 'b', preflight }, 'plan one', question('plan two'), { at: 2000, by: 'theo' }),
      );
      const [approved, shown] = await Promise.all([approve(store, 'b'), anew]);
      expect([approved.kind, shown]).toEqual(shown ? ['gone', true] : ['created', false]);
    }
  });

  it('one request three times: one backfill, and the others learn its id', async () => {
    for (let round = 0; round < 30; round++) {
      await emptyStore(store);
      const small = { cells: ['pgs 11-01'], requestKey: 'k' };
      const all = await Promise.all(['b1', 'b2', 'b3'].map((id) => launch(store, id, small)));
      const [row] = await store.query<{ id: string }>('select id from backfills');
      expect(all.filter(({ kind }) => kind === 'created')).toHaveLength(1);
      expect(all.filter((one) => one.kind === 'same' && one.id === row?.id)).toHaveLength(2);
    }
  });

  it('one delivery three times: one request is new', async () => {
    for (let round = 0; round < 30; round++) {
      const request = { id: `r${round}`, key: `k${round}`, kind: 'report-coverage', payload: {}, now: 1 };
      const all = await Promise.all([1, 2, 3].map(() => receiveRequest(store.query, request)));
      expect(all.sort()).toEqual(['new', 'seen', 'seen']);
    }
  });

  it('one outcome twice: one is recorded', async () => {
    for (let round = 0; round < 30; round++) {
      await emptyStore(store);
      await launch(store, 'b', { cells: ['pgs 11-01'] });
      await ring(store);
      await claim(store, 'b', 'pgs 11-01');
      const both = await Promise.all([end(store, 'b pgs 11-01', 'succeeded'), end(store, 'b pgs 11-01', 'failed')]);
      expect(both.map(({ kind }) => kind).sort()).toEqual(['fenced', 'recorded']);
    }
  });

  it('the last cells of a backfill: exactly one recording sees the end, and one ends it', async () => {
    for (let round = 0; round < 50; round++) {
      await emptyStore(store);
      const cells = ['pgs 11-01', 'pgs 11-02', 'pgs 11-03', 'pgs 11-04'];
      await launch(store, 'b', { cells: [...cells, 'pcf 11-04'], edges: ['pcf 11-04 <- pgs 11-04'] });
      await ring(store);
      for (const cell of cells) await claim(store, 'b', cell);
      const all = await Promise.all(cells.map((cell) => end(store, `b ${cell}`, 'failed')));
      expect(all.filter((one) => one.kind === 'recorded' && one.finished)).toHaveLength(1);
      expect((await findBackfill(store.query, 'b'))?.state).toBe('finishing');
      const total = { rows: 0, entities: 0, duplicates: 0, flags: {}, nulls: {}, missing: [] };
      const over = {
        id: 'b',
        round: 1,
        result: 'failed' as const,
        quality: { table: 'pgs', dates: [], total },
        coverage: null,
        now: 9000,
      };
      const ends = await Promise.all([1, 2, 3].map(() => finishBackfill(store.query, over)));
      expect(ends.filter(Boolean)).toHaveLength(1);
    }
  });

  it('a diamond whose two sides end together: what is below becomes ready', async () => {
    for (let round = 0; round < 30; round++) {
      await emptyStore(store);
      const cells = ['pgs 11-01', 'utgc 11-01', 'pcf 11-01'];
      await launch(store, 'b', { cells, edges: ['pcf 11-01 <- pgs 11-01', 'pcf 11-01 <- utgc 11-01'] });
      await ring(store);
      for (const cell of cells.slice(0, 2)) await claim(store, 'b', cell);
      await Promise.all(cells.slice(0, 2).map((cell) => end(store, `b ${cell}`, 'succeeded')));
      expect((await statesOf(store, 'b'))[2]).toBe('pcf 2021-11-01 ready');
    }
  });

  it('two that ring: every cell is rung for once, and the limits hold', async () => {
    for (let round = 0; round < 30; round++) {
      await emptyStore(store);
      const cells = Array.from({ length: 9 }, (_, n) => `pgs 11-0${n + 1}`);
      await launch(store, 'b', { cells, concurrency: 5 });
      const both = await Promise.all([ringAll(store), ringAll(store), ringAll(store)]);
      const rung = both.flatMap((one) => one.cells.map((cell) => `${cell.date} ${cell.bell}`));
      expect(new Set(rung).size).toBe(5);
      expect(rung).toHaveLength(5);
    }
  });

  it('an outcome and a claim that waits for it: the cell starts, or is rung for afterwards', async () => {
    for (let round = 0; round < 40; round++) {
      await emptyStore(store);
      await launch(store, 'b1', { cells: ['pgs 11-01'] });
      await launch(store, 'b2', { cells: ['psza 11-02'], reads: { 'psza 11-02': ['pgs 10-19..11-02'] } });
      await store.query('update cells set rung = true');
      await claim(store, 'b1', 'pgs 11-01');
      const [claimed, rung] = await Promise.all([
        claim(store, 'b2', 'psza 11-02'),
        end(store, 'b1 pgs 11-01', 'succeeded').then(() => ring(store)),
      ]);
      expect([claimed.kind, rung]).toEqual(
        claimed.kind === 'claimed' ? ['claimed', []] : ['busy', ['psza 2021-11-02']],
      );
    }
  });

  it('claims and a pause: none starts after it was recorded', async () => {
    for (let round = 0; round < 60; round++) {
      await emptyStore(store);
      const cells = ['pgs 11-01', 'pgs 11-02', 'pgs 11-03', 'pgs 11-04'];
      await launch(store, 'b', { cells });
      await ring(store);
      const claims = cells.map((cell) => claim(store, 'b', cell));
      const [open] = await Promise.all([steer(store, 'pause', 'b'), ...claims]);
      const started = (await statesOf(store, 'b')).filter((text) => text.endsWith('running'));
      expect(started).toHaveLength(open.running);
      expect(open.waiting + open.running).toBe(4);
    }
  });

  it('claims, outcomes, bells and a cancel: each cell ends once, and one recording sees the end', async () => {
    for (let round = 0; round < 60; round++) {
      await emptyStore(store);
      const cells = ['01', '02', '03', '04', '05', '06', '07', '08'].map((day) => `pgs 11-${day}`);
      await launch(store, 'b', { cells: [...cells, 'pcf 11-01'], edges: ['pcf 11-01 <- pgs 11-01'], concurrency: 6 });
      await ring(store);
      for (const cell of cells.slice(0, 2)) await claim(store, 'b', cell);
      const [canceled, first, second] = await Promise.all([
        steer(store, 'cancel', 'b'),
        end(store, 'b pgs 11-01', 'succeeded'),
        end(store, 'b pgs 11-02', { retryAt: 4500 }),
        ring(store),
        ...cells.slice(2, 5).map((cell) => claim(store, 'b', cell)),
      ]);
      const late = (await statesOf(store, 'b')).filter((text) => text.endsWith('running'));
      const ends = [];
      for (const text of late) ends.push(await end(store, `b ${text.slice(0, 4)}${text.slice(9, 14)}`, 'succeeded'));
      const seen = [canceled, first, second, ...ends].filter((one) => 'finished' in one && one.finished);
      expect(seen).toHaveLength(1);
      expect((await findBackfill(store.query, 'b'))?.state).toBe('finishing');
      expect(await store.query(`select from cells where rung or finished_at is null`)).toEqual([]);
    }
  });

  it('two failures that are both too much: the backfill stops once', async () => {
    for (let round = 0; round < 30; round++) {
      await emptyStore(store);
      const cells = ['pgs 11-01', 'pgs 11-02', 'pgs 11-03'];
      const options = { ...noOptions, stopOnFailure: { kind: 'count', n: 1 } as const };
      await launch(store, 'b', { cells: [...cells, 'pgs 11-04'], concurrency: 3, more: { options } });
      await ring(store);
      for (const cell of cells) await claim(store, 'b', cell);
      const all = await Promise.all([...cells.map((cell) => end(store, `b ${cell}`, 'failed')), ring(store)]);
      expect(all.filter((one) => 'finished' in one && one.finished)).toHaveLength(1);
      expect(await listAudit(store.query, 'b')).toHaveLength(1);
      expect((await statesOf(store, 'b'))[3]).toBe('pgs 2021-11-04 canceled');
    }
  });

  it('a retry and a launch of its cells: one of them has them', async () => {
    for (let round = 0; round < 30; round++) {
      await emptyStore(store);
      await launch(store, 'b1', { cells: ['pgs 11-01'] });
      await runCell(store, 'b1', 'pgs 11-01', 'run_failed');
      await finish(store, 'b1', { result: 'failed' });
      const again = retry(store, 'b1', ['pgs 11-01']).then(
        () => 'retried',
        () => 'refused',
      );
      const [retried, launched] = await Promise.all([again, launch(store, 'b2', { cells: ['pgs 11-01'] })]);
      expect([retried, launched.kind]).toEqual(retried === 'retried' ? ['retried', 'overlap'] : ['refused', 'created']);
    }
  });
});
