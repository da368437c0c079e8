/**
 * `npm run crash -- --kills 100 --store pglite|postgres [--dates 250] [--seed 1]`: backfills one after the other, and the
 * server killed under them that often. Ends with 1 when the witnesses disagree once.
 */
import { parseArgs } from 'node:util';
import { chanceOf } from '../simulation/chance.ts';
import { startOwnPostgres } from '../support/own-postgres.ts';
import { runBackcourt, temporaryFolder } from '../support/run-backcourt.ts';
import { runCrashRound } from './crash-round.ts';
import { startCrashPipeline } from './pipeline.ts';
import { makePlace } from './victim.ts';

const { values } = parseArgs({
  options: {
    kills: { type: 'string', default: '100' },
    store: { type: 'string', default: 'pglite' },
    dates: { type: 'string', default: '250' },
    seed: { type: 'string', default: '1' },
  },
});
const [kills, dates, seed] = [Number(values.kills), Number(values.dates), Number(values.seed)];
if (![kills, dates, seed].every(Number.isInteger) || dates < 1 || !['pglite', 'postgres'].includes(values.store)) {
  console.error('npm run crash -- --kills 100 --store pglite|postgres --dates 250 --seed 1');
  process.exit(2);
}

const postgres = values.store === 'postgres' ? await startOwnPostgres() : undefined;
if (values.store === 'postgres' && !postgres) {
  console.error('No Postgres server is installed here.');
  process.exit(2);
}
const chance = chanceOf(seed, 'crash');
const pipeline = await startCrashPipeline(dates, chanceOf(seed, 'service'));
const folder = temporaryFolder();
const place = makePlace(folder.path, pipeline.yaml, {
  BACKCOURT_WAREHOUSE: pipeline.warehouse,
  BACKCOURT_CONCURRENCY: '12',
  BACKCOURT_LOG_LEVEL: 'warn',
  ...(postgres ? { BACKCOURT_STORE: postgres.url } : {}),
});
const resumed: number[] = [];
let killed = 0;
let calls = 0;
let disagreements = 0;
let crashes = 0;
for (let round = 1; killed < kills; round++) {
  const disturb = postgres
    ? async () => {
        crashes += 1;
        await postgres.crash();
      }
    : undefined;
  const left = Math.min(kills - killed, 25);
  const ended = await runCrashRound({ place, pipeline, chance, dates, kills: left, ...(disturb ? { disturb } : {}) });
  killed += ended.kills;
  calls += pipeline.calls.length;
  resumed.push(...ended.resumed);
  disagreements += ended.problems.length;
  console.log(
    `backfill ${round}: ${ended.kills} kills, ${pipeline.calls.length} calls, ${JSON.stringify(ended.counts)}`,
  );
  for (const problem of ended.problems.slice(0, 10)) console.log(`  ${problem}`);
}
const audit = await runBackcourt(['audit', '--verify', '--home', place.home, '--pipeline', place.pipeline], {
  env: place.env,
});
if (audit.code !== 0) disagreements += 1;
const sorted = resumed.sort((a, b) => a - b);
const at = (share: number) => Math.round(sorted[Math.floor(share * (sorted.length - 1))] ?? Number.NaN);
console.log(
  `${values.store}: ${killed} kills${postgres ? `, ${crashes} of Postgres too` : ''}, ${calls} calls; from a start to the next call: median ${at(0.5)} ms, 99 % ${at(0.99)} ms; audit chain ${audit.code === 0 ? 'whole' : 'broken'}; ${disagreements} disagreements`,
);
await pipeline.close();
await postgres?.close();
folder.remove();
process.exit(disagreements > 0 ? 1 : 0);
