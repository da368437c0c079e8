/** A process that dies between two lines, played in this one: what it leaves in the store is taken up by the next. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { reconcile } from '../../jobs/reconcile.ts';
import type { Chat } from '../../src/chat/chat.ts';
import { claimCells } from '../../src/store/claims.ts';
import { recordInterrupted } from '../../src/store/outcomes.ts';
import type { Store } from '../../src/store/store.ts';
import { emptyStore } from '../support/small-backfills.ts';
import { memoryStore } from '../support/stores.ts';
import { type Engine, makeEngine, type Said } from './engine.ts';
import { labCatalogue } from './lab-catalogue.ts';
import { failure } from './scripted-processor.ts';
import { waitUntil } from './wait-until.ts';

let store: Store;
const engines: Engine[] = [];
beforeAll(async () => {
  store = await memoryStore();
});
afterAll(() => store.close());
afterEach(async () => {
  const closing = engines.splice(0).map((engine) => engine.close());
  for (const end of hanging.splice(0)) end();
  await Promise.all(closing);
  await emptyStore(store);
});

async function make(...options: Parameters<typeof makeEngine> extends [unknown, ...infer Rest] ? Rest : never) {
  const engine = await makeEngine(store, ...options);
  engines.push(engine);
  return engine;
}

const summaries = (posted: readonly Said[]) => posted.filter((said) => said.key.endsWith(':summary'));
const isSent = async (key: string) => {
  const rows = await store.query('select 1 as one from messages where key = $1 and sent_revision = revision', [key]);
  return rows.length === 1;
};

describe('the end of a backfill', () => {
  it('stands in the outbox as soon as it stands in the store', async () => {
    const posted: Said[] = [];
    const silent = await make({}, { posted, chat: (chat) => ({ ...chat, post: never }) });
    await silent.start();
    const id = await silent.run('base 2022-01-01', 'ada', 'C1');
    await silent.done(id);
    const kept = await store.query<{ key: string; text: string }>(
      `select key, content->>'text' as text from messages order by key`,
    );
    expect(kept.map(({ key }) => key)).toEqual([`backfill:${id}:root`, `backfill:${id}:summary`]);
    expect(kept[0]?.text).toContain('Done');
  });

  it('is told once by the next process when the first died before it could speak', async () => {
    const posted: Said[] = [];
    const first = await make({}, { posted, chat: (chat) => ({ ...chat, post: never }) });
    await first.start();
    const id = await first.run('base 2022-01-01 2022-01-02', 'ada', 'C1');
    await first.done(id);
    const second = await make({}, { posted });
    await second.start();
    await waitUntil('the summary', () => isSent(`backfill:${id}:summary`));
    expect(posted.map((said) => said.key)).toEqual([`backfill:${id}:root`, `backfill:${id}:summary`]);
  });

  it('is not told again when the first died after Slack had the summary and before it could note that', async () => {
    const posted: Said[] = [];
    const dies = (chat: Chat): Chat => ({
      ...chat,
      post: async (message, to) => {
        const result = await chat.post(message, to);
        return to.key.endsWith(':summary') ? never() : result;
      },
    });
    const first = await make({}, { posted, chat: dies });
    await first.start();
    const id = await first.run('base 2022-01-01', 'ada', 'C1');
    await waitUntil('the summary', () => summaries(posted).length === 1);
    const second = await make({}, { posted });
    await second.start();
    await waitUntil('the note', () => isSent(`backfill:${id}:summary`));
    expect(summaries(posted)).toHaveLength(1);
  });
});

describe('a message that Slack puts off', () => {
  it('is posted once it may be, without a search for one that cannot be there', async () => {
    const posted: Said[] = [];
    let [refusals, searches] = [2, 0];
    const busy = (chat: Chat): Chat => ({
      ...chat,
      post: (message, to) =>
        refusals-- > 0 ? Promise.resolve({ kind: 'later', after: 5, detail: 'slow down' }) : chat.post(message, to),
      find: (...where) => {
        searches += 1;
        return chat.find(...where);
      },
    });
    const engine = await make({}, { posted, chat: busy });
    await engine.start();
    const id = await engine.run('base 2022-01-01', 'ada', 'C1');
    await waitUntil('the summary', () => isSent(`backfill:${id}:summary`));
    expect(summaries(posted)).toHaveLength(1);
    expect(searches).toBe(0);
  });
});

describe('an attempt', () => {
  it('that another process has taken over cannot write its end any more', async () => {
    const first = await make({ goneAfter: 300 });
    await first.start();
    first.processor.hold();
    const id = await first.run('base 2022-01-01');
    await waitUntil('the call', () => first.processor.underWay().length === 1);
    const second = await make();
    second.processor.script('base 2022-01-01', { rows: 2 });
    await second.start();
    const report = await second.done(id);
    expect(report.cells).toMatchObject([{ state: 'failed', reason: 'rows_short', attempts: 2 }]);

    first.processor.release();
    await first.stop();
    expect((await second.done(id)).cells).toEqual(report.cells);
  });
});

describe('an attempt of a process that died before it called', () => {
  /** The process that launches dies as soon as it has claimed. */
  async function dieAtClaim(id: string, attempt: string) {
    const now = Date.now();
    await store.query(`update cells set rung = true where state = 'ready'`);
    return store.transaction((query) =>
      claimCells(query, labCatalogue().pipeline, [
        {
          backfill: id,
          table: 'base',
          date: '2022-01-01',
          attempt: { id: attempt, token: attempt, instance: 'dead' },
          now,
          goneAt: now + 10_000,
          leaseUntil: now + 20_000,
        },
      ]),
    );
  }

  it('takes none of the three from the cell', async () => {
    const engine = await make();
    engine.processor.script('base 2022-01-01', { answer: failure });
    const id = await engine.run('base 2022-01-01');
    await dieAtClaim(id, 'died');
    await engine.start();
    expect((await engine.done(id)).cells).toMatchObject([{ state: 'failed', attempts: 3 }]);
    expect(engine.processor.calls).toHaveLength(3);
    expect(await store.query(`select state from attempts where id = 'died'`)).toEqual([{ state: 'interrupted' }]);
  });

  it('counts from the sixth on, so that a cell which ends its process is not begun for ever', async () => {
    const engine = await make();
    engine.processor.script('base 2022-01-01', { answer: failure });
    const id = await engine.run('base 2022-01-01');
    for (const n of [1, 2, 3, 4, 5]) {
      await dieAtClaim(id, `died ${n}`);
      const record = { attempt: `died ${n}`, token: `died ${n}`, now: Date.now() };
      await store.transaction((query) => recordInterrupted(query, record));
    }
    await dieAtClaim(id, 'died at last');
    await engine.start();
    expect((await engine.done(id)).cells).toMatchObject([{ state: 'failed', attempts: 3 }]);
    expect(engine.processor.calls).toHaveLength(2);
  });
});

describe('a bell that nobody heard', () => {
  it('is rung again by the sweep, though its process lives on', async () => {
    const engine = await make({ maxConcurrent: 1 });
    await engine.start();
    engine.processor.hold();
    const id = await engine.run('base 2022-01-01 2022-01-02');
    await waitUntil('the call', () => engine.processor.underWay().length === 1);
    const lose = (before: number) =>
      store.query(`update cells set rung = true, rung_at = $1::int8 where state = 'ready'`, [Date.now() - before]);
    await lose(100_000);
    engine.processor.release();
    await waitUntil('the end of the call', async () => {
      const open = await store.query(`select from attempts where live`);
      return open.length === 0;
    });
    await reconcile(engine.ports, { start: false });
    expect(engine.processor.calls).toHaveLength(1);
    await lose(120_000);
    await reconcile(engine.ports, { start: false });
    expect((await engine.done(id)).counts.succeeded).toBe(2);
  });
});

const hanging: (() => void)[] = [];

/** What a dead process waits for; it ends with the test. */
function never(): Promise<never> {
  return new Promise((_, reject) => hanging.push(() => reject(new Error('the process is dead'))));
}
