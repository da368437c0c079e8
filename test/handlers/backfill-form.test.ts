import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Asked } from '../../src/core/asked.ts';
import { buildAccess } from '../../src/core/catalogue/access-file.ts';
import { formCallback } from '../../src/messages/form-view.ts';
import { reviewCallback } from '../../src/messages/review-view.ts';
import { receiveRequest } from '../../src/store/requests.ts';
import type { Store } from '../../src/store/store.ts';
import { initialChoice, listElements, stateOf } from '../../workspace/server/elements.ts';
import type { FakeView } from '../support/fake-slack-views.ts';
import { buttonClick, sendSigned, slashCommand } from '../support/signed-request.ts';
import { memoryStore } from '../support/stores.ts';
import { eventually, type Harness, startHarness, storedFor } from './harness.ts';

let store: Store;
let it: Harness;
let triggers = 0;
const nextTrigger = () => `form-trigger-${++triggers}`;

beforeAll(async () => {
  store = await memoryStore();
});
afterAll(() => store.close());
beforeEach(async () => {
  it = await startHarness(store);
});
afterEach(() => it.close());

const blocksOf = ({ given }: FakeView) => (Array.isArray(given.blocks) ? given.blocks : []);
const isForm = (view: FakeView) => view.given.callback_id === formCallback;
const openForm = () => eventually(() => [...it.slack.views.open.values()].find(isForm));
/** What stands in a field of a form as it was opened. */
const shownIn = (view: FakeView, field: string) => {
  const found = listElements(blocksOf(view)).find(({ blockId }) => blockId === field);
  return found && initialChoice(found.element);
};
const typeBare = () => sendSigned(it.url, slashCommand('/backfill', '', { trigger_id: nextTrigger() }));

type Choices = Readonly<Record<string, string | readonly string[] | null>>;
/** Submits a form with what it holds and what is chosen on top of that, as Slack sends it. */
function submit(view: FakeView, choices: Choices = {}, over: Readonly<Record<string, unknown>> = {}) {
  const chosen = Object.fromEntries(
    Object.entries(choices).map(([field, choice]) => [field, { [field]: choice as string | string[] | null }]),
  );
  const payload = {
    type: 'view_submission',
    team: { id: 'T1', domain: 'test' },
    user: { id: 'U012ABCDEF', username: 'mira', name: 'mira', team_id: 'T1' },
    trigger_id: nextTrigger(),
    view: { ...view.given, id: view.id, hash: view.hash, state: { values: stateOf(blocksOf(view), chosen) } },
    ...over,
  };
  return sendSigned(it.url, new URLSearchParams({ payload: JSON.stringify(payload) }).toString());
}

describe('the bare command', () => {
  test('opens the form, and nothing is said in the channel', async () => {
    const answer = await typeBare();
    expect([answer.status, answer.text]).toEqual([200, '']);
    const form = await openForm();
    expect(shownIn(form, 'table')).toBeNull();
    expect(it.slack.messages).toEqual([]);
    const calls = it.slack.calls.filter(({ method }) => method.startsWith('views.'));
    expect(calls.map(({ method }) => method)).toEqual(['views.open', 'views.update']);
    expect(calls[1]?.fields.hash).not.toBeUndefined();
  });

  test('gives help in words where the form cannot be opened in time', async () => {
    it.slack.failNext('views.open', { kind: 'error', error: 'expired_trigger_id' });
    await typeBare();
    const said = await eventually(() => it.slack.messages.find(({ user }) => user === 'U012ABCDEF'));
    expect(said.text).toContain('/backfill &lt;table&gt; &lt;when&gt;');
  });

  test('shows whoever may fill nothing that, and no form', async () => {
    const access = buildAccess({ viewers: ['U012ABCDEF'], operators: ['U0SOMEBODY'], approvers: ['U0SOMEBODY'] });
    const strict = await startHarness(store, { access });
    await sendSigned(strict.url, slashCommand('/backfill', '', { trigger_id: nextTrigger() }));
    const view = await eventually(() =>
      [...strict.slack.views.open.values()].find(({ given }) => JSON.stringify(given).includes('may fill no table')),
    );
    expect(isForm(view)).toBe(false);
    await strict.close();
  });
});

describe('the edit button of a plan', () => {
  test('opens the form with what the plan would run, as often as it is pressed', async () => {
    const offered: Asked = {
      command: '/backfill',
      text: 'mlfs 2022-01-01..2022-01-07 --with-upstream --sample 3 --reason "late data"',
      user: 'U012ABCDEF',
      userName: 'mira',
      channel: 'C1',
      thread: null,
      at: it.time.now,
    };
    await receiveRequest(store.query, { id: 'edited', key: 'edited', kind: 'offer', payload: offered, now: 1 });
    for (const press of [1, 2]) {
      await sendSigned(it.url, buttonClick('open-form', 'edited', { trigger_id: nextTrigger() }));
      await eventually(() => [...it.slack.views.open.values()].filter(isForm).length === press);
    }
    const form = await openForm();
    expect(
      Object.fromEntries(
        ['table', 'from', 'to', 'ticked', 'sample', 'reason'].map((field) => [field, shownIn(form, field)]),
      ),
    ).toEqual({
      table: 'mlfs',
      from: '2022-01-01',
      to: '2022-01-07',
      ticked: ['with-upstream'],
      sample: '3',
      reason: 'late data',
    });
  });
});

describe('the override button of a pre-flight', () => {
  test('opens the form with the override ticked in place of what would mend or leave the dates, and asks for the reason', async () => {
    const by = { user: 'U012ABCDEF', userName: 'mira', channel: 'C1', thread: null, at: it.time.now };
    const payload: Asked = { command: '/backfill', text: 'mlfs 2022-01-01 --with-upstream --newest-first', ...by };
    await receiveRequest(store.query, { id: 'overridden', key: 'overridden', kind: 'offer', payload, now: 1 });
    await sendSigned(it.url, buttonClick('request-override', 'overridden', { trigger_id: nextTrigger() }));
    const form = await openForm();
    expect(shownIn(form, 'ticked')).toEqual(['newest-first', 'skip-preflight']);
    const answer = await submit(form);
    expect(answer.body).toMatchObject({
      response_action: 'errors',
      errors: { reason: expect.stringMatching(/reason/) },
    });
    expect((await submit(form, { reason: 'known holes' })).body.response_action).toBe('push');
    const asked = await storedFor(store, await eventually(() => it.tasks[0]));
    expect(asked.text).toBe('mlfs 2022-01-01 --skip-preflight --newest-first --reason "known holes"');
  });
});

describe('the form', () => {
  const open = async () => {
    await typeBare();
    return openForm();
  };

  test.each<[string, Choices, string, RegExp]>([
    ['no dates', { table: 'mlfs' }, 'from', /Which dates/],
    ['a reversed range', { table: 'mlfs', from: '2022-01-07', to: '2022-01-01' }, 'from', /reversed/],
    ['a last date alone', { table: 'mlfs', to: '2022-01-01' }, 'from', /first date/],
    ['a date that nobody can read', { table: 'mlfs', words: '11/01/2021' }, 'words', /2021/],
    ['a date that is not', { table: 'mlfs', words: '2021-02-30' }, 'words', /2021-02-30/],
    ['a sample of none', { table: 'mlfs', from: '2022-01-01', sample: '0' }, 'sample', /--sample takes a number/],
    ['a share above all', { table: 'mlfs', from: '2022-01-01', 'stop-on-failure': '200%' }, 'stop-on-failure', /100%/],
    [
      'an override without its reason',
      { table: 'mlfs', from: '2022-01-01', ticked: ['skip-preflight'] },
      'reason',
      /reason/,
    ],
    [
      'two roads at once',
      { table: 'mlfs', from: '2022-01-01', ticked: ['skip-preflight', 'ready-only'], reason: 'x' },
      'ticked',
      /contradict/,
    ],
  ])('says at the field what is wrong with %s, and keeps what was typed', async (_, choices, field, says) => {
    const answer = await submit(await open(), choices);
    expect(answer.status).toBe(200);
    expect(answer.body.response_action).toBe('errors');
    expect(Object.keys(answer.body.errors as object)).toEqual([field]);
    expect(Object.values(answer.body.errors as object)[0]).toMatch(says);
    expect(it.tasks).toEqual([]);
  });

  test('that is understood waits on top of itself for its review, and nothing runs', async () => {
    const answer = await submit(await open(), { table: 'mlfs', words: 'jan 2022', only: ['missing'] });
    expect(answer.body.response_action).toBe('push');
    const task = await eventually(() => it.tasks[0]);
    expect(task.task.kind).toBe('review-form');
    expect((answer.body.view as { external_id: string }).external_id).toBe('request' in task.task && task.task.request);
    expect(await storedFor(store, task)).toMatchObject({
      command: '/backfill',
      text: 'mlfs 2022-01-01..2022-01-31 --only missing',
      channel: 'C1',
    });
  });

  test('of an older version, which lacks fields, is answered as one in which nothing was chosen', async () => {
    const form = await open();
    const old = { ...form, given: { ...form.given, blocks: [] } };
    const answer = await submit(old);
    expect([answer.status, answer.body.response_action]).toEqual([200, 'errors']);
  });

  test('stays, with an id of the failure on top, when the store does not answer', async () => {
    const form = await open();
    const query: Store['query'] = () => Promise.reject(new Error('no connection'));
    const broken = await startHarness({ ...store, query });
    const url = it.url;
    Object.assign(it, { url: broken.url });
    const answer = await submit(form, { table: 'mlfs', from: '2022-01-01' });
    Object.assign(it, { url });
    expect([answer.status, answer.body.response_action]).toEqual([200, 'push']);
    expect(JSON.stringify(answer.body.view)).toContain('id1');
    await broken.close();
  });
});

describe('the review', () => {
  const review = async (by = 'U012ABCDEF') => {
    const id = `review-of-${nextTrigger()}`;
    const payload: Asked = {
      command: '/backfill',
      text: 'mlfs 2022-01-01..2022-01-07',
      user: by,
      userName: 'mira',
      channel: 'C1',
      thread: null,
      at: it.time.now,
    };
    await receiveRequest(store.query, { id, key: id, kind: 'offer', payload, now: 1 });
    const given = { type: 'modal', callback_id: reviewCallback, private_metadata: id, blocks: [] };
    return { id: 'V1', hash: 'h', given } satisfies FakeView;
  };

  test('launches by the road of the command, once, and closes the form', async () => {
    const view = await review();
    const answers = await Promise.all([submit(view), submit(view), submit(view)]);
    expect(answers.map(({ body }) => body.response_action).sort()).toEqual(['clear', 'update', 'update']);
    const task = await eventually(() => it.tasks[0]);
    expect(task.task.kind).toBe('start-backfill');
    expect(await storedFor(store, task)).toMatchObject({ text: 'mlfs 2022-01-01..2022-01-07', channel: 'C1' });
    expect(it.tasks).toHaveLength(1);
  });

  test('of somebody else, or that is not stored, launches nothing and says so', async () => {
    const gone = { id: 'V2', hash: 'h', given: { type: 'modal', callback_id: reviewCallback, private_metadata: 'x' } };
    for (const view of [await review('U0SOMEBODY'), gone]) {
      const answer = await submit(view);
      expect(answer.body.response_action).toBe('update');
      expect(JSON.stringify(answer.body.view)).toContain('no longer stored');
    }
    expect(it.tasks).toEqual([]);
  });
});
