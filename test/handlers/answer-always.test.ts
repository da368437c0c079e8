import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { migrate } from '../../src/store/migrate.ts';
import { openPglite } from '../../src/store/pglite.ts';
import type { Store } from '../../src/store/store.ts';
import { buttonClick, sendSigned } from '../support/signed-request.ts';
import { type Harness, startHarness } from './harness.ts';

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

const user = { id: 'U012ABCDEF', username: 'mira', name: 'mira', team_id: 'T1' };
const common = { team: { id: 'T1', domain: 'test' }, user, api_app_id: 'A1', token: 'unused', trigger_id: '1.2.abc' };
const form = (payload: object) => new URLSearchParams({ payload: JSON.stringify(payload) }).toString();
const oldView = { id: 'V1', hash: '1.a', callback_id: 'form-of-last-year', state: { values: {} }, blocks: [] };

describe('a signed payload that nothing is registered for', () => {
  const payloads: Readonly<Record<string, string>> = {
    'a form of an older version': form({ ...common, type: 'view_submission', view: oldView }),
    'an old form that was closed': form({ ...common, type: 'view_closed', view: oldView, is_cleared: false }),
    'a menu that asks for options': form({
      ...common,
      type: 'block_suggestion',
      action_id: 'a',
      block_id: 'b',
      value: 'm',
    }),
    'a global shortcut': form({ ...common, type: 'shortcut', callback_id: 'gone', action_ts: '1.2' }),
    'a kind that does not exist yet': form({ ...common, type: 'from_the_future' }),
    'no kind at all': form({ hello: 'there' }),
  };

  test.for(Object.entries(payloads))('is acknowledged at once: %s', async ([, body]) => {
    const answer = await sendSigned(it.url, body);
    expect([answer.status, answer.ms < 2_500]).toEqual([200, true]);
    expect(it.log.filter(({ msg }) => msg === 'payload that nothing is registered for')).toHaveLength(1);
  });

  test('that is an event is acknowledged too', async () => {
    const event = { type: 'event_callback', team_id: 'T1', event_id: 'Ev9', event: { type: 'star_added', user: 'U1' } };
    const answer = await sendSigned(it.url, JSON.stringify(event), { type: 'application/json' });
    expect([answer.status, answer.ms < 2_500]).toEqual([200, true]);
  });
});

describe('a click without its user', () => {
  test('is acknowledged, logged and does nothing', async () => {
    const answer = await sendSigned(it.url, buttonClick('run-ready', 'x', { user: undefined }));
    expect([answer.status, answer.ms < 2_500]).toEqual([200, true]);
    expect(it.log.map(({ msg }) => msg)).toContain('payload could not be worked on');
    expect(it.tasks).toEqual([]);
  });
});
