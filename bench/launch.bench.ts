/**
 * What it takes to store a launch of 3,660 cells, the most that one may have, beside a bare INSERT of rows as wide, on
 * PGlite and on Postgres; and to open the state of a home, beside a PGlite that is made from nothing.
 * Run: npm run bench -- launch
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PGlite } from '@electric-sql/pglite';
import { noOptions } from '../src/core/request/options.ts';
import { insertBackfill } from '../src/store/backfills.ts';
import { migrate } from '../src/store/migrate.ts';
import { openPglite } from '../src/store/pglite.ts';
import type { Store } from '../src/store/store.ts';
import { smallBackfill } from '../test/support/small-backfills.ts';
import { memoryStore, postgresAnswers, postgresStore } from '../test/support/stores.ts';
import { datesOf } from './engine-catalogue.ts';
import { measure, printGoal, printWays, ratio } from './measure.ts';

const rounds = 7;
const cells = datesOf(3660).map((date) => ({ table: 'made', date, status: 'missing' as const }));
const reads = cells.map(({ date }) => [{ table: 'source', from: date, to: date }]);

let launches = 0;
/** Each launch is rolled back, so that none overlaps the one before. */
async function undone(store: Store, work: (query: Store['query']) => Promise<unknown>): Promise<void> {
  await store
    .transaction(async (query) => {
      await work(query);
      throw new Undone();
    })
    .catch((error: unknown) => {
      if (!(error instanceof Undone)) throw error;
    });
}
class Undone extends Error {}

const launch = (store: Store) =>
  undone(store, (query) => {
    const backfill = { ...smallBackfill(`b${++launches}`), options: noOptions };
    const [from = '', to = ''] = [cells[0]?.date, cells.at(-1)?.date];
    const plan = { target: 'made', from, to, cells, edges: [] };
    return insertBackfill(query, { backfill, requestKey: backfill.id, plan, reads, sample: null });
  });

const bareInsert = (store: Store) =>
  undone(store, async (query) => {
    await query(`create temporary table bare (like cells including all) on commit drop`);
    const rows = cells.map(({ date }, n) => ({ t: 'made', d: date, n, r: reads[n] }));
    await query(
      `insert into bare (backfill_id, pipeline, table_name, cell_date, ordinal, planned_status, reads, state)
       select 'b', 'bench', t, d, n, 'missing', r, 'ready' from jsonb_to_recordset($1::jsonb) as x(t text, d date, n int4, r jsonb)`,
      [JSON.stringify(rows)],
    );
  });

const stores = new Map([['pglite', await memoryStore()]]);
if (await postgresAnswers('a launch')) stores.set('postgres', await postgresStore());
for (const [name, store] of stores) {
  console.log(`\n3,660 cells stored, ${name}; ${rounds} rounds, Node ${process.version}`);
  const times = await measure(
    [
      { name: 'bare INSERT with the same indexes', run: () => bareInsert(store) },
      { name: 'launch', run: () => launch(store) },
    ],
    rounds,
  );
  printWays(times);
  printGoal(`a bare INSERT beside a launch, ${name}`, 1 / ratio(times, 'launch', 'bare INSERT with the same indexes'), {
    least: 0.75,
  });
  await store.close();
}

/** Milliseconds; each into a folder of its own. */
async function inFolder(work: (dir: string) => Promise<void>): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'backcourt-bench-'));
  await work(join(folder, 'state'));
  rmSync(folder, { recursive: true, force: true });
}
const open = async (dir: string) => {
  const store = await openPglite(dir);
  await migrate(store);
  await store.close();
};
const again = mkdtempSync(join(tmpdir(), 'backcourt-bench-'));
await open(join(again, 'state'));
console.log(`\nthe state of a home is opened; 3 rounds`);
const opened = await measure(
  [
    { name: 'a PGlite from nothing', run: () => inFolder(async (dir) => (await PGlite.create(dir)).close()) },
    { name: 'a new home', run: () => inFolder(open) },
    { name: 'a home that is there', run: () => open(join(again, 'state')) },
  ],
  3,
);
printWays(opened);
printGoal('a new home beside a PGlite from nothing', ratio(opened, 'a new home', 'a PGlite from nothing'), {
  most: 0.3,
});
printGoal(
  'a home that is there beside a PGlite from nothing',
  ratio(opened, 'a home that is there', 'a PGlite from nothing'),
  {
    most: 0.75,
  },
);
rmSync(again, { recursive: true, force: true });
