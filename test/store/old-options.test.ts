import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { noOptions } from '../../src/core/request/options.ts';
import { findBackfill, listBackfills } from '../../src/store/backfills.ts';
import type { Store } from '../../src/store/store.ts';
import { launch, pipeline } from '../support/small-backfills.ts';
import { memoryStore } from '../support/stores.ts';

let store: Store;
beforeAll(async () => {
  store = await memoryStore();
});
afterAll(() => store.close());

describe('a backfill that was stored before there were some options', () => {
  it('is read without them, and with what it has', async () => {
    await launch(store, 'b1', { cells: ['pgs 11-01'], concurrency: 4 });
    const old = { only: ['thin'], withUpstream: true, readyOnly: false, noResume: false, dryRun: false };
    await store.query(`update backfills set options = $1::jsonb where id = 'b1'`, [JSON.stringify(old)]);
    const expected = { ...noOptions, only: ['thin'], withUpstream: true };
    expect((await findBackfill(store.query, 'b1'))?.options).toEqual(expected);
    expect((await listBackfills(store.query, { pipeline, limit: 1 }))[0]?.options).toEqual(expected);
  });
});
