/**
 * `npm run soak -- --minutes 60 --store pglite|postgres`: the real server under a steady load of small backfills (some of
 * them canceled, some asked for twice), coverage questions and failing dates, and whether it grows: memory, handles, what
 * a request costs in processor time and in transactions. Ends with 1 where it does.
 */
import { parseArgs } from 'node:util';
import pg from 'pg';
import { addDays } from '../../src/core/dates.ts';
import type { Message } from '../../workspace/server/wire.ts';
import { firstDate, startCrashPipeline } from '../crash/pipeline.ts';
import { makePlace, startVictim } from '../crash/victim.ts';
import { chanceOf } from '../simulation/chance.ts';
import { startOwnPostgres } from '../support/own-postgres.ts';
import { temporaryFolder } from '../support/run-backcourt.ts';
import { openSlack, wordsOf } from '../support/slack-client.ts';
import { judgeSoak, readProcess, type Sample } from './samples.ts';

const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '60' },
    store: { type: 'string', default: 'pglite' },
    seed: { type: 'string', default: '1' },
  },
});
const [minutes, seed] = [Number(values.minutes), Number(values.seed)];
if (!(minutes > 0) || !Number.isInteger(seed) || !['pglite', 'postgres'].includes(values.store)) {
  console.error('npm run soak -- --minutes 60 --store pglite|postgres --seed 1');
  process.exit(2);
}
const dates = 200;
const sampleMs = 10_000;
/** A request begins this long after the one before at the earliest: more than a team asks, and less than the machine can. */
const everyMs = 2_000;
/** More than this an hour is growth; less cannot be told from what a collector of garbage leaves behind. */
const mostMemory = 10;
const mostHandles = 2;
/** A request of the last third may cost so much of one of the first. */
const mostCost = 1.25;

const postgres = values.store === 'postgres' ? await startOwnPostgres() : undefined;
if (values.store === 'postgres' && !postgres) {
  console.error('No Postgres server is installed here.');
  process.exit(2);
}
const chance = chanceOf(seed, 'soak');
const pipeline = await startCrashPipeline(dates, chanceOf(seed, 'service'));
const folder = temporaryFolder();
const place = makePlace(folder.path, pipeline.yaml, {
  BACKCOURT_WAREHOUSE: pipeline.warehouse,
  BACKCOURT_CONCURRENCY: '12',
  BACKCOURT_LOG_LEVEL: 'warn',
  ...(postgres ? { BACKCOURT_STORE: postgres.url } : {}),
});
const server = startVictim(place);
const slack = await openSlack(await server.ready);
const client = postgres && new pg.Client({ connectionString: postgres.url });
await client?.connect();

const began = performance.now();
const minute = () => (performance.now() - began) / 60_000;
const samples: Sample[] = [];
let done = 0;

async function countTransactions(): Promise<number> {
  const found = await client?.query<{ n: string }>(
    `select (xact_commit + xact_rollback)::text as n from pg_stat_database where datname = current_database()`,
  );
  return Number(found?.rows[0]?.n ?? 0);
}

async function sample(): Promise<void> {
  const now = { at: minute(), done, transactions: await countTransactions(), ...readProcess(server.pid) };
  samples.push(now);
  if (samples.length % 6 === 1)
    console.log(
      `${now.at.toFixed(0).padStart(4)} min  ${now.memory.toFixed(0)} MB, ${now.handles} handles, ${done} requests, ${now.cpu.toFixed(0)} s of processor time`,
    );
}

/** What it says of what is asked from now on. */
async function askAndWait(text: string, answer: RegExp, meanwhile?: () => Promise<void>): Promise<void> {
  const since = slack.messages().at(-1)?.ts ?? '0';
  const isNew = (message: Message) => Number(message.ts) > Number(since);
  await slack.type(text);
  await meanwhile?.();
  await slack.sees(answer, isNew, 120_000);
  done += 1;
}

async function work(): Promise<void> {
  const from = addDays(firstDate, chance.between(0, dates - 8));
  const until = addDays(from, chance.between(1, 6));
  const backfill = `/backfill report ${from} ${until} --with-upstream --no-resume --reason soak`;
  const kind = chance.weigh({ backfill: 0.5, coverage: 0.3, twice: 0.1, cancel: 0.1 });
  if (kind === 'coverage') return askAndWait(`/coverage report ${from} ${until}`, /report/);
  const twice = kind === 'twice' ? async () => void (await slack.type(backfill)) : undefined;
  const cancel = kind === 'cancel' ? cancelNewest : undefined;
  return askAndWait(backfill, /Summary: |Canceled|Nothing to/, twice ?? cancel);
}

/** Presses Cancel on what was just begun, if it is not over by then. */
async function cancelNewest(): Promise<void> {
  const last = slack.messages().at(-1);
  const running = await slack.sees(/Cancel/, ({ ts }) => ts > (last?.ts ?? '0'), 10_000).catch(() => undefined);
  if (running && /Cancel/.test(wordsOf(running))) await slack.press(running, 'Cancel').catch(() => undefined);
}

const timer = setInterval(() => void sample(), sampleMs);
await sample();
while (minute() < minutes) await Promise.all([work(), new Promise((resolve) => setTimeout(resolve, everyMs))]);
clearInterval(timer);
await sample();
const found = judgeSoak(samples);
const problems = [
  ...(found.memory > mostMemory ? ['memory grows'] : []),
  ...(found.handles > mostHandles ? ['handles grow'] : []),
  ...(found.cpu > mostCost ? ['a request costs more and more processor time'] : []),
  ...(found.transactions > mostCost ? ['a request costs more and more transactions'] : []),
];
const most = Math.max(...samples.map(({ memory }) => memory));
console.log(
  `${values.store}: ${minutes} min, ${done} requests, ${pipeline.calls.length} calls; memory ${found.memory.toFixed(1)} MB an hour (at most ${most.toFixed(0)} MB), handles ${found.handles.toFixed(1)} an hour, a request costs ${found.cpu.toFixed(2)} x the processor time${client ? ` and ${found.transactions.toFixed(2)} x the transactions` : ''} of the beginning; ${problems.join(', ') || 'flat'}`,
);
slack.close();
server.signal('SIGTERM');
await server.ended;
await client?.end();
await pipeline.close();
await postgres?.close();
folder.remove();
process.exit(problems.length > 0 ? 1 : 0);
