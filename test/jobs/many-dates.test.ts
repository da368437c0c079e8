/** The most dates that a launch may have, through the whole engine, with a service that answers at once. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { datesOf } from '../../bench/engine-catalogue.ts';
import { runEngine } from '../../bench/run-engine.ts';
import { startService } from '../../bench/start-service.ts';
import type { Store } from '../../src/store/store.ts';
import { memoryStore } from '../support/stores.ts';

let store: Store;
let service: { readonly url: string; end(): void };
beforeAll(async () => {
  [store, service] = await Promise.all([memoryStore(), startService()]);
});
afterAll(async () => {
  service?.end();
  await store?.close();
});

describe('a backfill of 3,650 dates', () => {
  it('fills each once, with one root message, one summary, and no more edits than Slack allows', async () => {
    const dates = datesOf(3650);
    // Throws where a date was filled twice or not at all.
    const { tally, done } = await runEngine(store, { url: service.url, delay: 0, dates });
    expect(tally.sum('slack post').count).toBe(2);
    // Slack allows a workspace 50 edits a minute, so there is one in three seconds, and the last one.
    expect(tally.sum('slack update').count).toBeLessThanOrEqual(2 + Math.ceil(done / 3000));
    expect(tally.sum('slack').count).toBeGreaterThan(2);
  }, 300_000);
});
