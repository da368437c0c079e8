/**
 * The engine beside queues that people would otherwise use: the same HTTP calls, the same slots, the same Postgres
 * (BullMQ on a Redis), all ways in every round in shuffled order. Run: npm run bench -- peers
 * PEERS_CASES=200:207,5:207,0:1,0:2000 chooses milliseconds of a call and number of jobs, PEERS_ROUNDS (5). A Postgres is
 * looked for where the tests do (BACKCOURT_TEST_POSTGRES), a Redis at REDIS_URL (redis://127.0.0.1:6379).
 */
import { createConnection } from 'node:net';
import { pino } from 'pino';
import { systemClock } from '../src/clock.ts';
import { httpProcessor } from '../src/processor/http.ts';
import { postgresAnswers, postgresStore, postgresUrl } from '../test/support/stores.ts';
import { atATime, datesOf, idealOf, serviceAt } from './engine-catalogue.ts';
import { median, printGoal, printWays, shuffler } from './measure.ts';
import { bullMq, dropPeers, graphileWorker, type Peer, pgBoss } from './peers.ts';
import { emptyTables, runBareLoop, runEngine } from './run-engine.ts';
import { startService } from './start-service.ts';

const { env } = process;
const rounds = Number(env.PEERS_ROUNDS ?? 5);
const redisUrl = env.REDIS_URL ?? 'redis://127.0.0.1:6379';
const cases = (env.PEERS_CASES ?? '200:207,5:207,0:1,0:2000').split(',').map((one) => one.split(':').map(Number));
const processor = httpProcessor({ clock: systemClock(), log: pino({ level: 'silent' }) });

async function listPeers(): Promise<Peer[]> {
  const peers = [graphileWorker(postgresUrl, false), graphileWorker(postgresUrl, true), pgBoss(postgresUrl)];
  if (await answers(redisUrl)) return [...peers, bullMq(redisUrl)];
  console.log(`BullMQ is left out, since no Redis answers at ${redisUrl}`);
  return peers;
}

function answers(url: string): Promise<boolean> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve) => {
    const socket = createConnection({ host: hostname, port: Number(port || 6379) });
    const end = (is: boolean) => {
      socket.destroy();
      resolve(is);
    };
    socket.once('connect', () => end(true)).once('error', () => end(false));
  });
}

/** Milliseconds of each round, by way; all but the engine make the call of the engine and nothing else. */
async function measureCase(delay: number, jobs: number, peers: readonly Peer[], url: string): Promise<void> {
  const dates = datesOf(jobs);
  const service = serviceAt(url, delay);
  const call = async (date: string) => {
    const said = await processor.run({ service, processor: 'made', date, attempt: 'peer' });
    if (said.kind !== 'answered') throw new Error(`the stand-in ${said.kind}`);
  };
  const store = await postgresStore();
  const ways: { name: string; run(): Promise<number> }[] = [
    { name: 'bare loop', run: () => runBareLoop({ url, delay, dates }) },
    {
      name: 'Backcourt on Postgres',
      run: async () => {
        await emptyTables(store);
        return (await runEngine(store, { url, delay, dates })).lastAnswer;
      },
    },
    ...peers.map(({ name, drain }) => ({
      name,
      run: () =>
        drain(
          dates.map((date) => ({ date })),
          ({ date }) => call(date),
        ),
    })),
  ];
  const times = new Map(ways.map(({ name }): [string, number[]] => [name, []]));
  const shuffle = shuffler(1);
  try {
    for (let round = 0; round <= rounds; round++) {
      for (const { name, run } of shuffle(ways)) {
        globalThis.gc?.();
        const took = await run();
        if (round > 0) times.get(name)?.push(took);
      }
    }
  } finally {
    await store.close();
  }
  printCase(delay, jobs, times);
}

function printCase(delay: number, jobs: number, times: ReadonlyMap<string, readonly number[]>): void {
  const ideal = idealOf(delay, datesOf(jobs));
  console.log(`\n${jobs} ${jobs === 1 ? 'job' : 'jobs'}, ${delay} ms each; ideal ${Math.round(ideal)} ms`);
  printWays(times);
  const of = (name: string) => median(times.get(name) ?? []);
  const ours = of('Backcourt on Postgres');
  const peers = [...times.keys()].filter((name) => name !== 'bare loop' && name !== 'Backcourt on Postgres');
  const best = Math.min(...peers.map(of));
  if (jobs === 1) printGoal('launch latency of one date beside the best peer', ours / best, { most: 1.2 });
  else if (delay === 0)
    printGoal('drain beside graphile-worker, tuned', of('graphile-worker, tuned') / ours, { least: 1.3 });
  else printGoal(`pace beside the best peer, ${delay} ms`, best / ours, { least: 1 });
}

if (await postgresAnswers('the peers')) {
  const service = await startService();
  console.log(`queues with ${atATime} slots; ${rounds} rounds, Node ${process.version}`);
  try {
    const peers = await listPeers();
    for (const [delay = 0, jobs = 1] of cases) await measureCase(delay, jobs, peers, service.url);
  } finally {
    service.end();
    await dropPeers(postgresUrl);
  }
}
// Some peers keep handles open.
process.exit(0);
