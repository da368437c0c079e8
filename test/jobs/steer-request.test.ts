import { describe, expect, it } from 'vitest';
import { startBackfill } from '../../jobs/start-backfill.ts';
import { receiveRequest } from '../../src/store/requests.ts';
import type { Store } from '../../src/store/store.ts';
import { eachEngine } from './each-engine.ts';
import type { Engine } from './engine.ts';
import { waitUntil } from './wait-until.ts';

let store: Store;
let engine: Engine;
let asked = 0;
eachEngine((made, empty) => {
  [engine, store] = [made, empty];
});

/** What the asker is told. */
async function ask(text: string, user = 'ada'): Promise<string> {
  const at = engine.ports.clock.now();
  const id = `r${++asked}`;
  const payload = { command: '/backfill', text, user, userName: user, channel: 'C1', thread: null, at };
  await receiveRequest(store.query, { id, key: id, kind: 'start-backfill', payload, now: at });
  const before = engine.posted.length;
  await startBackfill(engine.ports, { request: id });
  return engine.posted
    .slice(before)
    .filter((said) => said.key === 'whisper')
    .map((said) => said.message.text)
    .join('\n');
}

describe('a verb about a backfill, typed in the chat', () => {
  it('pauses it, resumes it, and tells the asker what waits', async () => {
    engine.processor.hold();
    await engine.start();
    const id = await engine.run('base 2022-01-03 2022-01-05 --concurrency 1');
    await waitUntil('a call', () => engine.processor.underWay().length === 1);
    const paused = await ask(`pause ${id} --reason "the source is late"`);
    expect(paused).toContain('is paused: 2 cells wait, and 1 cell under way ends by itself.');
    expect(paused).toContain(`/backfill resume ${id}`);
    expect(await ask(`pause ${id}`, 'bob')).toMatch(/was paused already, by @?ada \(the source is late\)/);
    engine.processor.release();
    expect(await ask(`resume ${id}`, 'bob')).toContain('goes on');
    expect(await engine.done(id)).toMatchObject({ result: 'succeeded' });
  });

  it('cancels it, and refuses to steer what is over or not there', async () => {
    await engine.start();
    engine.processor.hold();
    const id = await engine.run('base 2022-01-03 2022-01-05 --concurrency 1');
    await waitUntil('a call', () => engine.processor.underWay().length === 1);
    expect(await ask(`cancel ${id}`)).toContain('is canceled: 2 cells will not run');
    engine.processor.release();
    await waitUntil('the end', async () => (await ask(`pause ${id}`)).includes('is over'));
    expect(await ask('retry nosuch')).toContain('There is no backfill nosuch.');
    expect(await ask(`approve ${id}`)).toContain('does not wait for an approval');
  });
});
