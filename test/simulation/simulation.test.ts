import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { explainRun } from './explain-run.ts';
import { openQuickStore, type QuickStore } from './quick-pglite.ts';
import { runSeed } from './run-seed.ts';

/** As many as half a minute of a slow machine holds; `npm run simulate` runs others, and more. */
const runs = 120;
let store: QuickStore;

beforeAll(async () => {
  store = await openQuickStore();
});
afterAll(() => store.close());

describe('the simulation', () => {
  it('keeps every invariant and comes to an end, whatever goes wrong', { timeout: 300_000 }, async () => {
    let kills = 0;
    let cells = 0;
    for (let seed = 1; seed <= runs; seed++) {
      const ran = await runSeed(store, seed);
      if (ran.violations.length > 0) expect.fail(await explainRun(store, ran));
      kills += ran.kills;
      cells += ran.cells;
    }
    expect(kills).toBeGreaterThan(runs / 4);
    expect(cells).toBeGreaterThan(runs);
  });

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
