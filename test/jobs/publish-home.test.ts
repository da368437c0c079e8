import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { publishHome, refreshHome, refreshHomeOf, refreshHomes } from '../../jobs/publish-home.ts';
import { buildAccess } from '../../src/core/catalogue/access-file.ts';
import { rememberHome } from '../../src/store/homes.ts';
import type { Store } from '../../src/store/store.ts';
import { insertWatches } from '../../src/store/watches.ts';
import { listElements, withIds } from '../../workspace/server/elements.ts';
import { type Harness, startHarness } from '../handlers/harness.ts';
import { emptyStore, launch } from '../support/small-backfills.ts';
import { smallCatalogue } from '../support/small-catalogue.ts';
import { memoryStore } from '../support/stores.ts';

const { pipeline } = smallCatalogue;
const [mira, noor] = ['U012ABCDEF', 'U099ABCDEF'];
let store: Store;
let it: Harness;
let ids = 0;

beforeAll(async () => {
  store = await memoryStore();
});
afterAll(() => store.close());
beforeEach(async () => {
  await emptyStore(store);
  const access = buildAccess({ viewers: 'everybody', operators: [mira, noor], approvers: [noor] });
  it = await startHarness(store, { access });
});
afterEach(() => it.close());

const open = (user: string) => rememberHome(store.query, { user, channel: `D${user.slice(1)}`, now: 1 });
async function homeOf(user: string) {
  await publishHome(it.ports, { user });
  const view = it.slack.views.open.get(`home of ${user}`);
  const blocks = withIds(Array.isArray(view?.given.blocks) ? view.given.blocks : [], () => `block${++ids}`);
  return { words: JSON.stringify(blocks), actions: listElements(blocks).map(({ actionId }) => actionId), view };
}

describe('the Home tab', () => {
  test('of somebody who never opened it is not published', async () => {
    await publishHome(it.ports, { user: mira });
    expect(it.slack.calls).toEqual([]);
  });

  test('says how to begin, with a command that works, where nothing is there yet', async () => {
    await open(mira);
    const { words, actions, view } = await homeOf(mira);
    expect(words).toMatch(/Nothing waits for your yes or no/);
    expect(words).toMatch(/\/coverage mlfs 2021-/);
    expect(actions).toEqual(['open-form']);
    expect(view?.given.private_metadata).toBe('D012ABCDEF');
  });

  test('shows what one has running, with its buttons, and not what others have', async () => {
    await open(mira);
    await launch(store, 'b1', { cells: ['mlfs 11-16'], more: { pipeline, requestedBy: mira } });
    await launch(store, 'b2', { cells: ['pgs 11-18'], more: { pipeline, requestedBy: noor, target: 'pgs' } });
    const { words, actions } = await homeOf(mira);
    expect(words).toContain('b1');
    expect(words).not.toContain('b2');
    expect(actions).toEqual(['pause-backfill', 'cancel-backfill', 'open-form']);
  });

  test('is shown anew for whoever asked, many changes at once', async () => {
    await launch(store, 'b1', { cells: ['mlfs 11-16'], more: { pipeline, requestedBy: mira } });
    await refreshHomeOf(it.ports, 'b1');
    expect(it.tasks).toEqual([]);
    await open(mira);
    for (let n = 0; n < 20; n += 1) await refreshHomeOf(it.ports, 'b1');
    expect(it.tasks.map(({ task }) => task)).toEqual([{ v: 1, kind: 'publish-home', user: mira }]);
  });

  test('is shown anew for all after a restart', async () => {
    await open(mira);
    await open(noor);
    await refreshHomes(it.ports);
    expect(it.tasks.map(({ task }) => 'user' in task && task.user).sort()).toEqual([mira, noor].sort());
    await refreshHome(it.ports, mira);
    expect(it.tasks).toHaveLength(2);
  });

  test('names the watched tables and their holes', async () => {
    await open(mira);
    const watch = { pipeline, channel: 'C1', by: noor, now: 1, tables: [{ table: 'pgs', kept: null }] };
    await insertWatches(store.query, watch);
    expect((await homeOf(mira)).words).toContain('not looked at yet');
  });

  test('is tried again when Slack does not take it', async () => {
    await open(mira);
    it.slack.failNext('views.publish', { kind: 'status', status: 429, retryAfter: '3' });
    await expect(publishHome(it.ports, { user: mira })).rejects.toThrow('did not take the Home tab');
    expect((await homeOf(mira)).actions).toEqual(['open-form']);
  });
});
