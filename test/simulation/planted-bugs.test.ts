import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { plantedBugs } from './planted-bugs.ts';
import { openQuickStore, type QuickStore } from './quick-pglite.ts';
import { runSeed } from './run-seed.ts';

const mostSeeds = 250;
let store: QuickStore;

beforeAll(async () => {
  store = await openQuickStore();
});
afterAll(() => store.close());

describe('the simulation of a bug', () => {
  it.each(Object.entries(plantedBugs))('finds that %s', { timeout: 300_000 }, async (name, bug) => {
    for (let seed = 1; seed <= mostSeeds; seed++) {
      const { violations } = await runSeed(store, seed, { bug });
      if (violations.length > 0) return console.log(`${name}: seed ${seed}, ${violations[0]}`);
    }
    expect.fail(`not found in ${mostSeeds} seeds`);
  });
});
