import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { whyShortcut } from '../../handlers/why-shortcut.ts';
import { whyCallback } from '../../src/messages/why-view.ts';
import { receiveRequest } from '../../src/store/requests.ts';
import type { Store } from '../../src/store/store.ts';
import { initialChoice, listElements } from '../../workspace/server/elements.ts';
import { sendSigned } from '../support/signed-request.ts';
import { emptyStore, launch } from '../support/small-backfills.ts';
import { memoryStore } from '../support/stores.ts';
import { eventually, type Harness, startHarness, storedFor } from './harness.ts';

let store: Store;
let it: Harness;
let sent = 0;

beforeAll(async () => {
  store = await memoryStore();
});
afterAll(() => store.close());
beforeEach(async () => {
  await emptyStore(store);
  it = await startHarness(store);
});
afterEach(() => it.close());

const user = { id: 'U012ABCDEF', username: 'mira', name: 'mira', team_id: 'T1' };
const common = () => ({ team: { id: 'T1', domain: 'test' }, user, token: 'x', trigger_id: `why-${++sent}` });
const send = (payload: object) =>
  sendSigned(it.url, new URLSearchParams({ payload: JSON.stringify(payload) }).toString());
/** Uses the shortcut on a message. */
const use = (message: object) =>
  send({
    ...common(),
    type: 'message_action',
    callback_id: whyShortcut,
    channel: { id: 'C1', name: 'data-pipeline' },
    message_ts: '1700000000.000100',
    action_ts: `1700000001.${++sent}`,
    message: { type: 'message', ts: '1700000000.000100', ...message },
  });
const ours = (key: string) => ({ metadata: { event_type: 'backcourt_message', event_payload: { key } }, text: 'x' });

describe('"Why is this date missing?"', () => {
  test('on a message that names one table and one date asks why, in its thread', async () => {
    expect((await use({ text: 'mlfs looks empty on 2021\u201111\u201116, no?' })).status).toBe(200);
    const asked = await storedFor(store, await eventually(() => it.tasks[0]));
    expect(asked).toMatchObject({ command: '/coverage', text: 'why mlfs 2021-11-16', thread: '1700000000.000100' });
  });

  test('on an answer of ours goes by what was asked for it', async () => {
    const at = { user: user.id, userName: 'mira', channel: 'C1', thread: null, at: 1 };
    const payload = { command: '/coverage', text: 'mlfs 2021-11-18', ...at };
    await receiveRequest(store.query, { id: 'a1', key: 'a1', kind: 'report-coverage', payload, now: 1 });
    await use(ours('answer:a1'));
    expect(await storedFor(store, await eventually(() => it.tasks[0]))).toMatchObject({ text: 'why mlfs 2021-11-18' });
  });

  test('on the message of a backfill of many dates asks which, with its table chosen', async () => {
    await launch(store, 'b1', { cells: ['mlfs 11-16'] });
    await use(ours('backfill:b1:root'));
    const form = await eventually(() => [...it.slack.views.open.values()][0]);
    const fields = listElements(form.given.blocks as unknown[]).map(({ element }) => initialChoice(element));
    expect(fields).toEqual(['mlfs', '2021-11-01']);
    expect(it.tasks).toEqual([]);
  });

  test('on a message that names nothing says what to type where the form cannot be opened', async () => {
    it.slack.failNext('views.open', { kind: 'error', error: 'expired_trigger_id' });
    await use({ text: 'good morning' });
    const said = await eventually(() => it.slack.messages.find((message) => message.user === user.id));
    expect(said.text).toMatch(/\/coverage why/);
  });

  test('without a message, or with one that is odd, is acknowledged', async () => {
    for (const message of [{ text: 7 }, { metadata: 'x' }, { text: null }]) {
      const answer = await use(message);
      expect([answer.status, answer.ms < 2_500]).toEqual([200, true]);
    }
  });
});

describe('the form behind it', () => {
  const submit = (values: object) =>
    send({
      ...common(),
      type: 'view_submission',
      view: {
        id: 'V1',
        callback_id: whyCallback,
        private_metadata: JSON.stringify({ channel: 'C1', thread: '1700000000.000100' }),
        state: { values },
      },
    });
  const table = { table: { type: 'static_select', selected_option: { value: 'mlfs' } } };

  test('asks in the thread of the message', async () => {
    const answer = await submit({ table, from: { from: { type: 'datepicker', selected_date: '2021-11-16' } } });
    expect([answer.status, answer.text]).toEqual([200, '']);
    const asked = await storedFor(store, await eventually(() => it.tasks[0]));
    expect(asked).toMatchObject({ text: 'why mlfs 2021-11-16', thread: '1700000000.000100' });
  });

  test('says at the field that a date is missing', async () => {
    const answer = await submit({ table });
    expect(answer.body).toMatchObject({ response_action: 'errors', errors: { from: expect.stringMatching(/dates/) } });
  });
});
