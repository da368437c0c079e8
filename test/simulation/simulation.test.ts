import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openQuickStore, type QuickStore } from './quick-pglite.ts';
import { runSeed } from './run-seed.ts';

let store: QuickStore;

beforeAll(async () => {
  store = await openQuickStore();
});
afterAll(() => store.close());

describe('the simulation', () => {
  it('runs a seed again exactly as before, and another one otherwise', { timeout: 60_000 }, async () => {
    const first = await runSeed(store, 10);
    const other = await runSeed(store, 11);
    const again = await runSeed(store, 10);
    expect(again).toEqual(first);
    expect(other.hash).not.toBe(first.hash);
  });

  it('comes to an end without any fault too, and then quickly', { timeout: 60_000 }, async () => {
    const without = new Set(['kills', 'store', 'queue', 'slack', 'processor', 'warehouse', 'people'] as const);
    const ran = await runSeed(store, 12, { without });
    expect(ran).toMatchObject({ violations: [], kills: 0 });
    expect(ran.took).toBeLessThan(300_000);
  });
});
