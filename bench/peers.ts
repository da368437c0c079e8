/**
 * Queues that people would otherwise use, each doing the same HTTP call per job, as their documentation has it for speed.
 * They keep a job and its state; what Backcourt does beside it (looks before and after, needs, messages, an audit log)
 * none of them does. Each begins with empty tables, and its time runs from the first insert until the last job is done.
 */
import { Queue, Worker } from 'bullmq';
import { Logger, makeWorkerUtils, run as runGraphile } from 'graphile-worker';
import pg from 'pg';
import PgBoss from 'pg-boss';
import { atATime } from './engine-catalogue.ts';

export type Job = { readonly date: string };
type Do = (job: Job) => Promise<void>;
/** Does all jobs, so many at a time; milliseconds from the first insert. */
export type Peer = { readonly name: string; drain(jobs: readonly Job[], perform: Do): Promise<number> };

const silent = new Logger(() => () => {});

/** graphile-worker. `tuned`: a local queue of jobs fetched ahead, and completions in batches. */
export function graphileWorker(connectionString: string, tuned: boolean): Peer {
  const schema = tuned ? 'peer_graphile_tuned' : 'peer_graphile';
  const worker = {
    schema,
    concurrentJobs: atATime,
    maxPoolSize: 10,
    ...(tuned ? { localQueue: { size: 500 }, completeJobBatchDelay: 0, failJobBatchDelay: 0 } : {}),
  };
  const preset = { worker };
  return {
    name: tuned ? 'graphile-worker, tuned' : 'graphile-worker',
    drain: async (jobs, perform) => {
      await dropSchema(connectionString, schema);
      const utils = await makeWorkerUtils({ connectionString, preset, logger: silent });
      await utils.migrate();
      const all = countDown(jobs.length);
      const runner = await runGraphile({
        connectionString,
        preset,
        logger: silent,
        noHandleSignals: true,
        taskList: {
          call: async (payload) => {
            await perform(payload as Job);
            all.one();
          },
        },
      });
      const start = performance.now();
      await utils.addJobs(jobs.map((payload) => ({ identifier: 'call', payload })));
      await all.done;
      const took = performance.now() - start;
      await runner.stop();
      await utils.release();
      return took;
    },
  };
}

/** pg-boss, fetching as many at a time as may run; it asks every half second, its least. */
export function pgBoss(connectionString: string): Peer {
  const schema = 'peer_boss';
  return {
    name: 'pg-boss',
    drain: async (jobs, perform) => {
      await dropSchema(connectionString, schema);
      const boss = new PgBoss({ connectionString, schema, max: 10, supervise: false, schedule: false });
      boss.on('error', () => {});
      await boss.start();
      await boss.createQueue('call');
      const all = countDown(jobs.length);
      const start = performance.now();
      await boss.insert(jobs.map((data) => ({ name: 'call', data })));
      for (let n = 0; n < atATime; n++) {
        await boss.work<Job>('call', { batchSize: 1, pollingIntervalSeconds: 0.5 }, async (batch) => {
          for (const { data } of batch) await perform(data);
          for (const _ of batch) all.one();
        });
      }
      await all.done;
      const took = performance.now() - start;
      await boss.stop({ graceful: false, wait: false });
      return took;
    },
  };
}

/** BullMQ on Redis. */
export function bullMq(url: string): Peer {
  const connection = { url, maxRetriesPerRequest: null };
  let runs = 0;
  return {
    name: 'BullMQ on Redis',
    drain: async (jobs, perform) => {
      const name = `peer-${process.pid}-${++runs}`;
      const queue = new Queue<Job>(name, { connection });
      const all = countDown(jobs.length);
      const worker = new Worker<Job>(name, async ({ data }) => perform(data), { connection, concurrency: atATime });
      worker.on('completed', () => all.one());
      worker.on('error', () => {});
      await worker.waitUntilReady();
      const start = performance.now();
      await queue.addBulk(jobs.map((data) => ({ name: 'call', data })));
      await all.done;
      const took = performance.now() - start;
      await worker.close();
      await queue.obliterate({ force: true });
      await queue.close();
      return took;
    },
  };
}

async function dropSchema(connectionString: string, schema: string): Promise<void> {
  const client = new pg.Client({ connectionString });
  await client.connect();
  await client.query(`drop schema if exists ${schema} cascade`);
  await client.end();
}

/** Drops what the peers left in the database. */
export async function dropPeers(connectionString: string): Promise<void> {
  for (const schema of ['peer_graphile', 'peer_graphile_tuned', 'peer_boss'])
    await dropSchema(connectionString, schema);
}

function countDown(n: number): { one(): void; readonly done: Promise<void> } {
  let left = n;
  let tell = () => {};
  const done = new Promise<void>((resolve) => {
    tell = resolve;
  });
  return {
    done,
    one: () => {
      left -= 1;
      if (left === 0) tell();
    },
  };
}
