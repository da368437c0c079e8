import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { findHome } from '../../src/store/homes.ts';
import type { Store } from '../../src/store/store.ts';
import { sendSigned } from '../support/signed-request.ts';
import { memoryStore } from '../support/stores.ts';
import { eventually, type Harness, startHarness } from './harness.ts';

let store: Store;
let it: Harness;

beforeAll(async () => {
  store = await memoryStore();
});
afterAll(() => store.close());
beforeEach(async () => {
  it = await startHarness(store);
});
afterEach(() => it.close());

const opened = (tab: string, id: string) =>
  sendSigned(
    it.url,
    JSON.stringify({
      type: 'event_callback',
      team_id: 'T1',
      event_id: id,
      event: { type: 'app_home_opened', user: 'U012ABCDEF', channel: 'D012ABCDEF', tab, event_ts: '1.2' },
    }),
    { type: 'application/json' },
  );

describe('opening the Home tab', () => {
  test('is remembered and rung for, once however often it is delivered', async () => {
    for (const answer of [await opened('home', 'Ev1'), await opened('home', 'Ev1')]) expect(answer.status).toBe(200);
    await eventually(() => it.tasks.length > 0);
    expect(it.tasks.map(({ task }) => task)).toEqual([{ v: 1, kind: 'publish-home', user: 'U012ABCDEF' }]);
    expect(await findHome(store.query, 'U012ABCDEF')).toEqual({ user: 'U012ABCDEF', channel: 'D012ABCDEF' });
  });

  test('is not meant where the messages are opened', async () => {
    expect((await opened('messages', 'Ev2')).status).toBe(200);
    expect(it.tasks).toEqual([]);
  });
});
