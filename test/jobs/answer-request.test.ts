import { describe, expect, it } from 'vitest';
import { startBackfill } from '../../jobs/start-backfill.ts';
import { Fault } from '../../src/fault.ts';
import { findRequest, receiveRequest } from '../../src/store/requests.ts';
import type { Store } from '../../src/store/store.ts';
import { eachEngine } from './each-engine.ts';
import type { Engine } from './engine.ts';
import { waitUntil } from './wait-until.ts';

let store: Store;
let engine: Engine;
eachEngine((made, empty) => {
  [engine, store] = [made, empty];
});

/** Stores what somebody asked, and works on it. */
async function ask(id: string, text: string, user = 'ada', at = engine.ports.clock.now()): Promise<void> {
  const payload = { command: '/backfill', text, user, userName: user, channel: 'C1', thread: null, at };
  await receiveRequest(store.query, { id, key: id, kind: 'start-backfill', payload, now: at });
  await startBackfill(engine.ports, { request: id });
}

const whispered = () => engine.posted.filter((said) => said.key === 'whisper').map((said) => said.message.text);
const isDone = async (id: string) => (await findRequest(store.query, id))?.doneAt !== null;

describe('an answer', () => {
  it('is for the asker alone when it is a refusal that only the store could tell', async () => {
    await ask('r1', 'status nosuch');
    expect(whispered()).toEqual([expect.stringContaining('There is no backfill nosuch.')]);
    expect(engine.asked.filter(({ task }) => task.kind === 'send-message')).toEqual([]);
    expect(await isDone('r1')).toBe(true);
  });

  it('is for the asker alone when it names another backfill that holds the dates', async () => {
    await engine.run('base 2022-01-01 2022-01-05', 'bob');
    await ask('r1', 'base 2022-01-04 2022-01-06');
    expect(whispered()).toEqual([
      expect.stringMatching(/Nothing was started.*of @?bob is working on base 4-5 Jan 2022/s),
    ]);
  });

  it('is for the asker alone when it tells the state of backfills', async () => {
    const id = await engine.run('base 2022-01-01', 'bob');
    await ask('r1', 'list');
    expect(whispered()).toEqual([expect.stringContaining(id)]);
  });

  it('is for all when a backfill cannot run, since anybody may press the button', async () => {
    await engine.start();
    await ask('r1', 'mid 2022-01-01');
    const [said] = await waitUntil('the answer', () => engine.posted.length > 0 && engine.posted);
    expect(said?.message.text).toContain('Nothing ran');
    expect(whispered()).toEqual([]);
  });

  it('is worked on again while the warehouse does not answer, and after ten minutes told as broken', async () => {
    engine.warehouse.broken = new Fault('the warehouse does not answer', 'later');
    await expect(ask('r1', 'base 2022-01-01')).rejects.toThrow('Nothing could be read');
    expect(await isDone('r1')).toBe(false);
    expect(whispered()).toEqual([]);

    await ask('r2', 'base 2022-01-01', 'ada', engine.ports.clock.now() - 11 * 60_000);
    expect(whispered()).toEqual([expect.stringContaining('Something broke on our side')]);
    expect(await isDone('r2')).toBe(true);
  });

  it('launches once however often its request is performed', async () => {
    await engine.start();
    await ask('r1', 'base 2022-01-01');
    await startBackfill(engine.ports, { request: 'r1' });
    const [count] = await store.query<{ n: number }>('select count(*)::int4 as n from backfills');
    expect(count?.n).toBe(1);
    await engine.done('r1');
  });
});
