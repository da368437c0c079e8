/** `npm run simulate -- --runs N [--seed S] [--without kinds]`: many seeds, one after the other; ends with 1 if any fails. */
import { parseArgs } from 'node:util';
import { explainRun } from './explain-run.ts';
import { type FaultKind, faultKinds } from './life.ts';
import { openQuickStore } from './quick-pglite.ts';
import { runSeed } from './run-seed.ts';

const { values } = parseArgs({
  options: {
    runs: { type: 'string', default: '500' },
    seed: { type: 'string', default: '1' },
    without: { type: 'string', default: '' },
  },
});
const first = Number(values.seed);
const runs = Number(values.runs);
const names = values.without.split(',').filter((name) => name !== '');
const without = new Set(faultKinds.filter((kind: FaultKind) => names.includes(kind)));
if (!Number.isInteger(first) || !Number.isInteger(runs) || runs < 1 || without.size < names.length) {
  console.error(`npm run simulate -- --runs 500 --seed 1 --without ${faultKinds.join(',')}`);
  process.exit(2);
}

const store = await openQuickStore();
const began = performance.now();
const failed: number[] = [];
let kills = 0;
let cells = 0;
for (let seed = first; seed < first + runs; seed++) {
  const ran = await runSeed(store, seed, { without });
  kills += ran.kills;
  cells += ran.cells;
  if (ran.violations.length === 0) continue;
  failed.push(seed);
  console.log(failed.length > 3 ? `seed ${seed}: ${ran.violations[0]}` : await explainRun(store, ran));
}
const minutes = (performance.now() - began) / 60_000;
console.log(
  `${runs} runs, ${cells} cells, ${kills} processes killed, ${Math.round(runs / minutes)} runs a minute, ${failed.length} failed${failed.length > 0 ? `: ${failed.join(' ')}` : ''}`,
);
// The database does not end by itself.
process.exit(failed.length > 0 ? 1 : 0);
