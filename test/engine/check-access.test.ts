import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildAccess } from '../../src/core/catalogue/access-file.ts';
import { checkOutside } from '../../src/engine/check.ts';
import type { Store } from '../../src/store/store.ts';
import { startHarness } from '../handlers/harness.ts';
import { memoryStore } from '../support/stores.ts';

let store: Store;
beforeAll(async () => {
  store = await memoryStore();
});
afterAll(() => store.close());

const access = buildAccess({ operators: ['S0DATATEAM', 'S0EMPTY001'], approvers: ['S0GONE0001', 'U0MAYACHEN'] });

describe('the check of who may do what', () => {
  it('has a line for every user group, and says of one that lets nobody do anything what to mend', async () => {
    const it = await startHarness(store, { access });
    it.slack.groups.set('S0DATATEAM', ['U0MAYACHEN', 'U0THEOKANE']);
    it.slack.groups.set('S0EMPTY001', []);
    const found = (await checkOutside(it.ports)).filter(({ what }) => what.startsWith('access'));
    await it.close();
    expect(found).toEqual([
      { what: 'access S0DATATEAM', ok: true, detail: 'has 2 members' },
      {
        what: 'access S0EMPTY001',
        ok: false,
        detail: 'has nobody in it, so it lets nobody do anything',
        remedy: 'Add people to the group, or check its id under `access` in the pipeline file.',
      },
      {
        what: 'access S0GONE0001',
        ok: false,
        detail: 'could not be read: no_such_subteam',
        remedy: 'Give the app the scope usergroups:read, and check its id under `access` in the pipeline file.',
      },
    ]);
  });
});
