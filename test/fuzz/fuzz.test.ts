import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Store } from '../../src/store/store.ts';
import { type Harness, startHarness } from '../handlers/harness.ts';
import { memoryStore } from '../support/stores.ts';
import { slackTarget } from './slack-requests.ts';
import { pureTargets } from './targets.ts';

let store: Store;
let server: Harness;
beforeAll(async () => {
  store = await memoryStore();
  server = await startHarness(store);
});
afterAll(async () => {
  await server.close();
  await store.close();
});

describe('whatever is thrown at it', () => {
  it.each(pureTargets)('$name never breaks, and is never taken for what it is not', ({ values, check }) => {
    fc.assert(fc.property(values, check), { numRuns: 1000 });
  });

  it('a signed request is answered, and taken in only if it can be read again', async () => {
    const { values, check } = slackTarget(server);
    await fc.assert(
      fc.asyncProperty(values, async (value) => check(value)),
      { numRuns: 600 },
    );
    // Some were requests indeed, or the above would say nothing.
    expect(server.tasks.length).toBeGreaterThan(10);
  });
});
