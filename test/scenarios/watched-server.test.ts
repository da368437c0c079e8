/**
 * A whole story on a real server as its operators see it: its figures move, no secret is in anything that it writes, and
 * asked to end under load it ends within the ten seconds that Cloud Run gives.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { BackfillReport } from '../../src/core/backfill/backfill-report.ts';
import { waitUntil } from '../jobs/wait-until.ts';
import { startProcessors } from '../support/processor-process.ts';
import { demoHome, type Folder, runBackcourt, runJson, startServer } from '../support/run-backcourt.ts';
import { openSlack, type SlackPerson } from '../support/slack-client.ts';
import { ownSchema, postgresAnswers } from '../support/stores.ts';

const onPostgres = await postgresAnswers('a watched server');
if (!onPostgres) console.warn('a watched server: on PGlite, so no password is planted in the address of its state');

let home: Folder;
const closing: (() => Promise<unknown>)[] = [];
beforeEach(async () => {
  home = await demoHome();
}, 120_000);
afterEach(async () => {
  for (const end of closing.splice(0).reverse()) await end();
  home.remove();
});

async function freePort(): Promise<number> {
  const probe = createServer();
  await new Promise<void>((resolve) => probe.listen(0, '127.0.0.1', resolve));
  const { port } = probe.address() as AddressInfo;
  await new Promise((resolve) => probe.close(resolve));
  return port;
}

async function start(env: Record<string, string>, more: readonly string[] = []) {
  const server = await startServer(['--home', home.path, ...more], { env });
  closing.push(() => server.end('SIGKILL'));
  const slack = await openSlack(server.url);
  closing.push(async () => slack.close());
  return { server, slack };
}

const logText = () => readFileSync(join(home.path, 'backcourt.log'), 'utf8');
const logLines = () =>
  logText()
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);

// Put together here, so that no scanner takes this file for a leak.
const tokens = [
  `xox${'b'}-1-2-CANARYbot`,
  `Bearer CANARYbearer-1234`,
  `ey${'J'}hbGciOiJSUzI1NiJ9.CANARYjwt.CANARYsignature`,
  'postgres://u:CANARYurl@db.example/x',
  'https://hooks.slack.com/services/T1/B1/CANARYhook',
  'https://x.example/?access_token=CANARYquery',
];

const typed = `xox${'b'}-3-4-CANARYtyped`;

/** A processor whose every answer is an error that holds secrets. */
async function startLeaky(): Promise<{ url: string; server: Server }> {
  const server = createServer((request, response) => {
    request.resume().on('end', () => {
      response.writeHead(500, { 'content-type': 'application/json' }).end(JSON.stringify({ error: tokens.join(' ') }));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closing.push(() => new Promise((resolve) => server.close(resolve)));
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, server };
}

/** The address of a state with a password in it, where there is a Postgres; it lets everybody in. */
async function storeWithPassword(): Promise<Record<string, string>> {
  if (!onPostgres) return {};
  const schema = await ownSchema();
  closing.push(() => schema.drop());
  const url = new URL(schema.url);
  url.password = 'CANARY%40password';
  return { BACKCOURT_STORE: url.href };
}

describe('what a server writes', () => {
  it('at its most talkative, and to a channel of its processors, holds none of the secrets that it met', async () => {
    const leaky = await startLeaky();
    const store = await storeWithPassword();
    const env = { ...store, BACKCOURT_LOG_LEVEL: 'trace', NBA_PROCESSORS_URL: leaky.url };
    const { server, slack } = await start(env);
    await slack.type('/coverage mlfs 2021-11-16 2021-11-20');
    await slack.sees(/of 5 dates/);
    for (const token of tokens) await slack.type(`/coverage mlfs ${token}`);
    await slack.type(`/backfill upgc 2022-01-01 --reason "${typed}"`);
    await slack.sees(/answered 500/, (message) => message.thread !== undefined, 120_000);
    const thread = slack.messages().filter(({ thread }) => thread !== undefined);
    expect(thread).not.toEqual([]);
    // The reason is repeated as the person gave it.
    const told = thread.map((message) => JSON.stringify(message).replaceAll(typed, ''));
    expect(findCanaries(told.join('\n'))).toEqual([]);
    const { out, err } = await runBackcourt(['backfill', 'upgc', tokens[0] ?? '', '--home', home.path], { env });
    const checked = await runBackcourt(['check', '--home', home.path], { env });
    await server.end('SIGTERM');
    const log = logText();
    expect(log).toContain('A processor was called');
    expect(log).toContain('attempt failed');
    for (const text of [log, server.said(), checked.out, checked.err]) expect(findCanaries(text)).toEqual([]);
    // What somebody typed is repeated to them, and to nobody else.
    expect(`${out}${err}`).toContain('upgc');
  }, 240_000);
});

function findCanaries(text: string): string[] {
  return text.split('\n').filter((line) => line.includes('CANARY'));
}

describe('an error that nobody caught', () => {
  it('ends the server, stands in the log without what it holds, and leaves a home that starts again', async () => {
    const file = join(home.path, 'surprise.mjs');
    writeFileSync(file, `process.on('SIGUSR2', () => void Promise.reject(new Error(${JSON.stringify(tokens[0])})));`);
    const { server } = await start({ NODE_OPTIONS: `--import ${file}` });
    expect(await server.end('SIGUSR2')).toBe(3);
    const last = logLines().at(-1);
    expect(last).toMatchObject({ severity: 'CRITICAL', message: 'an error that nobody caught ended the server' });
    expect(findCanaries(`${logText()}${server.said()}`)).toEqual([]);
    expect((await runJson(['status', '--home', home.path])).code).toBe(0);
  }, 120_000);
});

describe('the figures of a server', () => {
  it('move with a run, and are told on the loopback only where asked for', async () => {
    const port = await freePort();
    const { slack, server } = await start({ BACKCOURT_METRICS_PORT: String(port), BACKCOURT_LOG_LEVEL: 'debug' });
    const figure = async (line: string) => {
      const text = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
      const found = text.split('\n').find((each) => each.startsWith(`${line} `));
      return found === undefined ? undefined : Number(found.slice(line.length + 1));
    };
    expect(await figure('backcourt_store_up')).toBe(1);
    expect(await figure('backcourt_processor_calls_total{service="phase3",result="answered"}')).toBeUndefined();
    await slack.type('/coverage upgc 2022-01-01 2022-01-03');
    await slack.type('/backfill upgc 2022-01-01 2022-01-03');
    await slack.sees(/Summary/, (message) => message.thread !== undefined, 60_000);
    const moved = {
      'backcourt_processor_calls_total{service="phase3",result="answered"}': 3,
      'backcourt_processor_call_seconds_count{service="phase3"}': 3,
      'backcourt_tasks_total{kind="fill-cell",result="ok"}': 3,
      'backcourt_tasks_total{kind="finish-backfill",result="ok"}': 1,
      'backcourt_tasks_total{kind="report-coverage",result="ok"}': 1,
    };
    for (const [line, least] of Object.entries(moved)) expect(await figure(line), line).toBeGreaterThanOrEqual(least);
    expect(await figure('backcourt_slack_calls_total{method="post",result="ok"}')).toBeGreaterThanOrEqual(3);
    expect(await figure('backcourt_warehouse_questions_total{question="readFacts",result="ok"}')).toBeGreaterThan(0);
    expect(await figure('backcourt_requests_total{path="/slack/events",status="200"}')).toBeGreaterThanOrEqual(2);
    expect(await figure('backcourt_cells{state="running"}')).toBe(0);
    expect(await figure('backcourt_queue_lag_seconds')).toBe(0);
    expect(await (await fetch(`${server.url}/metrics`)).text()).not.toContain('backcourt_');
    expect((await fetch(`http://127.0.0.1:${port}/`)).status).toBe(404);
  }, 120_000);
});

describe('a server that is asked to end under load', () => {
  it('ends within ten seconds, gives back what it had not called for, writes all it had to say, and goes on later', async () => {
    const processors = await startProcessors({
      home: home.path,
      faults: { UpcomingPlayerGameContextProcessor: 'hang:3000' },
      deadline: 30,
      goneAfter: 32,
      atATime: 4,
    });
    closing.push(() => processors.end());
    const args = ['--pipeline', processors.pipeline];
    const env = { ...processors.env, BACKCOURT_LOG_LEVEL: 'debug' };
    const { server, slack } = await start(env, args);
    await slack.type('/backfill upgc 2022-01-01 2022-01-12');
    await waitUntil('calls under way', () => processors.calls.filter(({ endedAt }) => endedAt === null).length >= 3);
    const load = keepAsking(slack);
    const started = performance.now();
    const code = await server.end('SIGTERM');
    const took = performance.now() - started;
    await load.stop();
    expect(code).toBe(0);
    expect(took).toBeLessThan(10_000);
    expect(existsSync(join(home.path, 'server.json'))).toBe(false);
    expect(logLines().at(-1)).toMatchObject({ message: 'the server ended' });
    const again = await start(env, args);
    await again.slack.sees(/Summary/, (message) => message.thread !== undefined, 60_000);
    const report = await readReport(env, args);
    expect(report.counts).toMatchObject({ succeeded: 12, failed: 0 });
    // Those under way were waited for, so none was called again.
    expect(processors.calls).toHaveLength(12);
    expect(processors.doubled).toEqual([]);
  }, 120_000);
});

async function readReport(env: Record<string, string>, args: readonly string[]): Promise<BackfillReport> {
  const { json } = await runJson<{ backfills: BackfillReport[] }>(['status', '--home', home.path, ...args], { env });
  const [report] = json.backfills;
  if (report === undefined) throw new Error('there is no backfill');
  return report;
}

/** Types one question after the other, for as long as somebody answers. */
function keepAsking(slack: SlackPerson): { stop(): Promise<void> } {
  let going = true;
  const asking = (async () => {
    while (going) await slack.type('/coverage mlfs 2021-11-01 2021-11-30').catch(() => undefined);
  })();
  return {
    stop: () => {
      going = false;
      return asking;
    },
  };
}
