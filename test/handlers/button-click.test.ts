import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Asked } from '../../src/core/asked.ts';
import { migrate } from '../../src/store/migrate.ts';
import { openPglite } from '../../src/store/pglite.ts';
import { receiveRequest } from '../../src/store/requests.ts';
import type { Store } from '../../src/store/store.ts';
import { buttonClick, sendSigned } from '../support/signed-request.ts';
import { eventually, type Harness, startHarness, storedFor } from './harness.ts';

let store: Store;
let it: Harness;

beforeAll(async () => {
  store = await openPglite(undefined);
  await migrate(store);
});
afterAll(() => store.close());
beforeEach(async () => {
  it = await startHarness(store);
});
afterEach(() => it.close());

const send = (body: string) => sendSigned(it.url, body);

describe('a click on an offer', () => {
  const offered: Asked = {
    command: '/backfill',
    text: 'mlfs 2022-01-01..2022-01-07 --with-upstream',
    user: 'U012ABCDEF',
    userName: 'mira',
    channel: 'C1',
    thread: null,
    at: 1,
  };
  let offers = 0;
  const offer = async (payload: unknown = offered, kind = 'offer') => {
    const id = `offer${++offers}`;
    await receiveRequest(store.query, { id, key: `offered:${id}`, kind, payload, now: it.time.now });
    return id;
  };

  test('asks what the offer says, in the name of whoever clicked', async () => {
    const id = await offer();
    const answer = await send(
      buttonClick('repair-upstream', id, { user: { id: 'U099', username: 'noor', name: 'noor' } }),
    );
    expect(answer.status).toBe(200);
    const task = await eventually(() => it.tasks[0]);
    expect(task.task).toMatchObject({ kind: 'start-backfill' });
    expect(await storedFor(store, task)).toMatchObject({
      text: offered.text,
      user: 'U099',
      userName: 'noor',
      offer: id,
    });
  });

  test('a second time starts nothing, and says who was first', async () => {
    const id = await offer();
    await send(buttonClick('run-ready', id));
    await eventually(() => it.tasks.length === 1);
    await send(buttonClick('run-ready', id, { user: { id: 'U099', username: 'noor', name: 'noor' } }));
    const said = await eventually(() => it.slack.messages.find((message) => message.user === 'U099'));
    expect(said.text).toBe('Already started by mira; nothing was started a second time.');
    expect(it.tasks).toHaveLength(1);
  });

  test('that steers says in its own words who was first', async () => {
    const id = await offer({ ...offered, text: 'retry k3v9x2' });
    await send(buttonClick('retry-backfill', id));
    await eventually(() => it.tasks.length === 1);
    await send(buttonClick('retry-backfill', id, { user: { id: 'U099', username: 'noor', name: 'noor' } }));
    const said = await eventually(() => it.slack.messages.find((message) => message.user === 'U099'));
    expect(said.text).toBe('Already retried by mira; nothing was done a second time.');
  });

  test('fifty times at once starts one thing', async () => {
    const id = await offer();
    const answers = await Promise.all(Array.from({ length: 50 }, () => send(buttonClick('run-ready', id))));
    expect(new Set(answers.map((answer) => answer.status))).toEqual(new Set([200]));
    await eventually(() => it.slack.messages.length === 49);
    expect(it.tasks).toHaveLength(1);
  });

  test('for a plan is answered by the coverage job', async () => {
    const id = await offer({ ...offered, command: '/coverage', text: 'plan mlfs 2021-11-01..2021-11-30' });
    await send(buttonClick('plan-repair', id));
    expect((await eventually(() => it.tasks[0])).task).toMatchObject({ kind: 'report-coverage' });
  });

  test('is answered with an id, once, when the store goes away between two looks', async () => {
    const id = await offer();
    await send(buttonClick('run-ready', id));
    let looks = 0;
    const query: Store['query'] = (sql, params) =>
      ++looks > 2 ? Promise.reject(new Error('no connection')) : store.query(sql, params);
    const broken = await startHarness({ ...store, query });
    const answer = await sendSigned(broken.url, buttonClick('run-ready', id));
    expect(answer.status).toBe(200);
    const said = await eventually(() => broken.slack.messages[0]);
    expect(said.text).toContain('id1');
    await broken.close();
  });

  test('that is not stored, or is no offer, starts nothing and says so', async () => {
    const request = await offer(offered, 'start-backfill');
    for (const value of ['nothing-like-it', request]) {
      await send(buttonClick('run-ready', value));
    }
    await eventually(() => it.slack.messages.length === 2);
    expect(it.slack.messages[0]?.text).toContain('no longer stored');
    expect(it.tasks).toEqual([]);
  });

  test('of a button that we do not know is acknowledged at once', async () => {
    const answer = await send(buttonClick('delete-everything', 'x'));
    expect(answer.status).toBe(200);
    expect(answer.ms).toBeLessThan(2_000);
  });
});
