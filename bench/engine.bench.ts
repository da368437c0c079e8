/**
 * What the engine adds to the calls: a backfill from `/backfill` to its recorded result, on PGlite and on Postgres,
 * beside a loop that makes the same calls and nothing else, and beside the ideal, in which slots cost nothing. The
 * service is a stand-in over loopback HTTP in a process of its own, the warehouse a Map (what it takes is not the
 * engine's; how often it is asked is counted), Slack is counted too. All ways run in every round, in shuffled order.
 * Run: node --expose-gc --import tsx bench/engine.bench.ts
 * ENGINE_CELLS=207,3650,10000 chooses sizes (207; above 3,660 as several backfills), ENGINE_DELAYS=0,5,200,drawn what a
 * call takes (all), ENGINE_ROUNDS (3), ENGINE_STORES=pglite,postgres (both), and ENGINE_TIMES=1 prints where the time of
 * the last round goes. A Postgres is looked for where the tests do (BACKCOURT_TEST_POSTGRES); what others do there is in
 * its bytes of WAL, not in PGlite's.
 */
import type { Store } from '../src/store/store.ts';
import { memoryStore, postgresAnswers, postgresStore } from '../test/support/stores.ts';
import { atATime, type Delay, datesOf } from './engine-catalogue.ts';
import { type Found, printFound } from './engine-figures.ts';
import { shuffler } from './measure.ts';
import { emptyTables, runBareLoop, runEngine, type Work } from './run-engine.ts';
import { startService } from './start-service.ts';

const { env } = process;
const sizes = (env.ENGINE_CELLS ?? '207').split(',').map(Number);
const delays = (env.ENGINE_DELAYS ?? '0,5,200,drawn')
  .split(',')
  .map((one): Delay => (one === 'drawn' ? one : Number(one)));
const rounds = Number(env.ENGINE_ROUNDS ?? 3);
const wanted = (env.ENGINE_STORES ?? 'pglite,postgres').split(',');

async function openStores(): Promise<Map<string, Store>> {
  const stores = new Map<string, Store>();
  if (wanted.includes('pglite')) stores.set('pglite', await memoryStore());
  if (wanted.includes('postgres') && (await postgresAnswers('the engine')))
    stores.set('postgres', await postgresStore());
  return stores;
}

async function walAt(store: Store): Promise<number> {
  const [row] = await store.query<{ at: number }>(`select (pg_current_wal_insert_lsn() - '0/0')::float8 as at`);
  return row?.at ?? Number.NaN;
}

async function measureOn(store: Store, work: Work): Promise<Found['runs'][number]> {
  await emptyTables(store);
  const before = await walAt(store);
  const run = await runEngine(store, work);
  return { ...run, wal: (await walAt(store)) - before };
}

/** One round more than is kept, since a server's code is compiled. */
async function measureAll(stores: ReadonlyMap<string, Store>, work: Work): Promise<void> {
  const bare: number[] = [];
  const found = [...stores].map(([name, store]): Found & { store: Store } => ({ name, store, runs: [] }));
  const shuffle = shuffler(1);
  const ways = [
    async (keep: boolean) => {
      const took = await runBareLoop(work);
      if (keep) bare.push(took);
    },
    ...found.map(({ store, runs }) => async (keep: boolean) => {
      const run = await measureOn(store, work);
      if (keep) runs.push(run);
    }),
  ];
  for (let round = 0; round <= rounds; round++) {
    for (const way of shuffle(ways)) {
      globalThis.gc?.();
      await way(round > 0);
    }
  }
  printFound(work, bare, found, env.ENGINE_TIMES === '1');
}

const stores = await openStores();
const service = await startService();
console.log(`backfills with ${atATime} slots; ${rounds} rounds, Node ${process.version}`);
try {
  // One date first: what a launch takes that waits for nothing.
  await measureAll(stores, { url: service.url, delay: 0, dates: datesOf(1) });
  for (const cells of sizes) {
    for (const delay of delays) await measureAll(stores, { url: service.url, delay, dates: datesOf(cells) });
  }
} finally {
  for (const store of stores.values()) await store.close();
  service.end();
}
