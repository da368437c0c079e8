/** A store for all tests of a file, and for each of them an engine on it, which finds it empty. */
import { afterAll, afterEach, beforeAll, beforeEach } from 'vitest';
import type { Store } from '../../src/store/store.ts';
import { emptyStore } from '../support/small-backfills.ts';
import { memoryStore } from '../support/stores.ts';
import { type Engine, makeEngine } from './engine.ts';

/** Registers what makes and closes them; `take` is given each new one before its test. */
export function eachEngine(
  take: (engine: Engine, store: Store) => void,
  service?: Parameters<typeof makeEngine>[1],
): void {
  let store: Store;
  let engine: Engine;
  beforeAll(async () => {
    store = await memoryStore();
  });
  afterAll(() => store.close());
  beforeEach(async () => {
    engine = await makeEngine(store, service);
    take(engine, store);
  });
  afterEach(async () => {
    await engine.close();
    await emptyStore(store);
  });
}
