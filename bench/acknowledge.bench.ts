/**
 * How long whoever types a command waits for its acknowledgement: signed commands over 50 connections, from another
 * process, to a bare HTTP server that checks the signature, to Bolt with a listener that acknowledges and does nothing,
 * and to Backcourt, which reads the words, asks whether this person may and stores the request first; then to Backcourt
 * while it fills 10,000 cells in the same process. All in one run, in shuffled rounds.
 * Run: node --expose-gc --import tsx bench/acknowledge.bench.ts
 * ACKNOWLEDGE_ROUNDS (5), ACKNOWLEDGE_REQUESTS (1,000 a round), ACKNOWLEDGE_CELLS (10000).
 */
import { fork } from 'node:child_process';
import { createHmac, timingSafeEqual } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { App, HTTPReceiver, LogLevel } from '@slack/bolt';
import { listen } from '../test/handlers/harness.ts';
import { signingSecret } from '../test/support/signed-request.ts';
import { memoryStore } from '../test/support/stores.ts';
import type { Order } from './acknowledge-client.ts';
import { datesOf, serviceAt } from './engine-catalogue.ts';
import { median, printGoal, shuffler } from './measure.ts';
import { emptyTables, makePorts, runEngine } from './run-engine.ts';
import { startService } from './start-service.ts';
import { makeTally } from './tally.ts';

const { env } = process;
const rounds = Number(env.ACKNOWLEDGE_ROUNDS ?? 5);
const requests = Number(env.ACKNOWLEDGE_REQUESTS ?? 1_000);
const cells = Number(env.ACKNOWLEDGE_CELLS ?? 10_000);
const connections = 50;

const client = fork(fileURLToPath(new URL('./acknowledge-client.ts', import.meta.url)), {
  execArgv: ['--import', 'tsx'],
});

/** Milliseconds of each of so many commands. */
async function send(url: string): Promise<number[]> {
  const order: Order = { url, requests, connections, text: `made ${datesOf(7)[0]} ${datesOf(7).at(-1)}` };
  client.send(order);
  const [times] = await once(client, 'message');
  return times;
}

function percentile(times: readonly number[], share: number): number {
  const sorted = [...times].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}

async function startBare(): Promise<Server> {
  const server = createServer((asking, answer) => {
    void readBody(asking).then((body) => {
      const signed = createHmac('sha256', signingSecret)
        .update(`v0:${asking.headers['x-slack-request-timestamp']}:${body}`)
        .digest('hex');
      const is = timingSafeEqual(Buffer.from(`v0=${signed}`), Buffer.from(String(asking.headers['x-slack-signature'])));
      answer.writeHead(is ? 200 : 401).end('Reading ...');
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return server;
}

async function readBody(asking: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of asking) parts.push(Buffer.from(part));
  return Buffer.concat(parts).toString('utf8');
}

async function startBolt(): Promise<Server> {
  const receiver = new HTTPReceiver({ signingSecret, logLevel: LogLevel.ERROR });
  const authorize = async () => ({ botToken: 'xoxb-test', botId: 'B1', botUserId: 'UBOT000' });
  const app = new App({ receiver, authorize, logLevel: LogLevel.ERROR });
  app.command('/coverage', ({ ack }) => ack('Reading ...'));
  return receiver.start({ port: 0, host: '127.0.0.1' });
}

const urlOf = (server: Server) => `http://127.0.0.1:${(server.address() as AddressInfo).port}/slack/events`;

const store = await memoryStore();
const service = await startService();
// What follows the acknowledgement is the queue's, and is not measured: nobody waits for it here.
const tasks = { enqueue: async () => undefined };
const ports = makePorts({
  store,
  tasks,
  tally: makeTally(),
  service: serviceAt(service.url, 5),
  note: () => undefined,
});
const [bare, bolt, { server: ours }] = [await startBare(), await startBolt(), await listen(ports)];
const ways = [
  { name: 'a bare HTTP server', url: urlOf(bare), p50: [] as number[], p99: [] as number[] },
  { name: 'Bolt alone', url: urlOf(bolt), p50: [] as number[], p99: [] as number[] },
  { name: 'Backcourt, idle', url: urlOf(ours), p50: [] as number[], p99: [] as number[] },
];

console.log(`${connections} connections, ${requests} commands a round, ${rounds} rounds, Node ${process.version}`);
try {
  const shuffle = shuffler(1);
  for (let round = 0; round <= rounds; round += 1) {
    for (const way of shuffle(ways)) {
      globalThis.gc?.();
      const times = await send(way.url);
      if (round === 0) continue;
      way.p50.push(percentile(times, 0.5));
      way.p99.push(percentile(times, 0.99));
    }
  }
  await emptyTables(store);
  let running = true;
  const filling = runEngine(store, { url: service.url, delay: 5, dates: datesOf(cells) }).finally(() => {
    running = false;
  });
  const busy: number[] = [];
  while (running) {
    const times = await send(urlOf(ours));
    if (running) busy.push(...times);
  }
  const { loop } = await filling;
  for (const { name, p50, p99 } of ways) {
    console.log(
      `  ${name.padEnd(44)} p50 ${median(p50).toFixed(1).padStart(7)} ms  p99 ${median(p99).toFixed(1).padStart(7)} ms`,
    );
  }
  const worst = percentile(busy, 0.99);
  const name = `Backcourt, filling ${cells} cells (${busy.length} commands)`;
  console.log(
    `  ${name.padEnd(44)} p50 ${percentile(busy, 0.5).toFixed(1).padStart(7)} ms  p99 ${worst.toFixed(1).padStart(7)} ms`,
  );
  console.log(`  the event loop was held for ${loop.longestBlock.toFixed(0)} ms at most meanwhile`);
  const p99 = (at: number) => median(ways[at]?.p99 ?? []);
  printGoal('acknowledge p99 beside Bolt alone', p99(2) / p99(1), { most: 1.25 });
  console.log(`  beside the bare HTTP server it takes ${(p99(2) / p99(0)).toFixed(2)} x as long (p99)`);
  printGoal('acknowledge p99 during a large backfill', worst, { most: 50, unit: 'ms' });
} finally {
  client.kill();
  for (const server of [bare, bolt, ours]) {
    server.close();
    server.closeAllConnections();
  }
  await store.close();
  service.end();
}
