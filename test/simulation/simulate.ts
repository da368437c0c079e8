/**
 * `npm run simulate -- --runs N [--seed S] [--without kinds]`: many seeds, one after the other; ends with 1 if any fails.
 * With `--bugs` each planted bug is simulated over the seeds instead, and it is told in how many of them it was found.
 */
import { parseArgs } from 'node:util';
import { explainRun } from './explain-run.ts';
import { type FaultKind, faultKinds } from './life.ts';
import { plantedBugs } from './planted-bugs.ts';
import { openQuickStore } from './quick-pglite.ts';
import { runSeed } from './run-seed.ts';

const { values } = parseArgs({
  options: {
    runs: { type: 'string', default: '500' },
    seed: { type: 'string', default: '1' },
    without: { type: 'string', default: '' },
    bugs: { type: 'boolean', default: false },
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
if (values.bugs) {
  let unseen = 0;
  for (const [name, bug] of Object.entries(plantedBugs)) {
    const found: number[] = [];
    for (let seed = first; seed < first + runs; seed++)
      if ((await runSeed(store, seed, { bug })).violations.length > 0) found.push(seed);
    if (found.length === 0) unseen += 1;
    console.log(`${name}: found in ${found.length} of ${runs} runs${found[0] ? `, first by seed ${found[0]}` : ''}`);
  }
  console.log(`${Object.keys(plantedBugs).length} bugs planted, ${unseen} not found`);
  process.exit(unseen > 0 ? 1 : 0);
}
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
