/** Some hundred seeds as one test; in files of their own, so that they run side by side. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { explainRun } from './explain-run.ts';
import { openQuickStore, type QuickStore } from './quick-pglite.ts';
import { runSeed } from './run-seed.ts';

/** Declares the test of the seeds from `first` to `last`. */
export function runSeeds(first: number, last: number): void {
  let store: QuickStore;
  beforeAll(async () => {
    store = await openQuickStore();
  });
  afterAll(() => store.close());

  describe(`the simulation of the seeds ${first} to ${last}`, () => {
    it('keeps every invariant and comes to an end, whatever goes wrong', { timeout: 900_000 }, async () => {
      let kills = 0;
      let cells = 0;
      for (let seed = first; seed <= last; seed++) {
        const ran = await runSeed(store, seed);
        if (ran.violations.length > 0) expect.fail(await explainRun(store, ran));
        kills += ran.kills;
        cells += ran.cells;
      }
      const runs = last - first + 1;
      expect(kills).toBeGreaterThan(runs / 4);
      expect(cells).toBeGreaterThan(runs);
    });
  });
}
