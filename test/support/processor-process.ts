/**
 * The NBA processors and their warehouse in a process of their own, behind a proxy in this one. The proxy notes every
 * call, tells the lies that the processors themselves cannot, and can hold queries back; since a killed Backcourt takes
 * neither with it, what they saw is the evidence.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { Faults } from '../../pipelines/nba/faults.ts';
import { connectDuckdb } from '../../src/warehouse/duckdb-remote.ts';
import { defaultPipelineFile } from '../../src/wiring.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));

/** Works and answers 500; does nothing and reports an error inside a 200; does nothing and reports success. */
export type Lie = 'works-and-says-500' | 'error-inside-200' | 'says-success';

/** A call as it came. `endedAt` is when the processor had ended, whether or not anybody still listened. */
export type ProcessorCall = { readonly processor: string; readonly date: string; endedAt: number | null };

export type Processors = {
  /** For BACKCOURT_WAREHOUSE and NBA_PROCESSORS_URL. */
  readonly env: Readonly<Record<string, string>>;
  /** A pipeline file whose services have short patience. */
  readonly pipeline: string;
  readonly calls: ProcessorCall[];
  /** Cells that were called while an earlier call of theirs was still at work. */
  readonly doubled: string[];
  /** Lines of the processors' own journal. */
  journal(): { readonly event: string; readonly processor: string; readonly date: string }[];
  query(sql: string): Promise<Record<string, unknown>[]>;
  /** Holds back queries for which `which` holds, until `release`; says how many wait. */
  hold(which: (sql: string) => boolean): { waiting(): number; release(): void };
  end(): Promise<void>;
};

export type ProcessorOptions = {
  /** Where the warehouse lies, and where journal, faults and pipeline file are put. */
  readonly home: string;
  readonly faults?: Faults;
  /** By `processor@date`. */
  readonly lies?: Readonly<Record<string, Lie>>;
  /** Seconds. */
  readonly deadline?: number;
  readonly goneAfter?: number;
  readonly atATime?: number;
  /** Lines of the pipeline file to leave out. */
  readonly without?: RegExp;
};

/** Starts processors on the warehouse of a home. */
export async function startProcessors(options: ProcessorOptions): Promise<Processors> {
  const { home } = options;
  const journal = join(home, 'journal.jsonl');
  const faults = join(home, 'faults.json');
  writeFileSync(faults, JSON.stringify(options.faults ?? {}));
  writeFileSync(journal, '');
  const child = startChild(['--warehouse', join(home, 'warehouse.duckdb'), '--journal', journal, '--faults', faults]);
  const behind = await urlOf(child);
  const state: State = { behind, lies: options.lies ?? {}, calls: [], doubled: [], holds: new Set() };
  const { server, url } = await startProxy(state);
  const warehouse = connectDuckdb(behind);
  return {
    env: { BACKCOURT_WAREHOUSE: `duckdb:${url}`, NBA_PROCESSORS_URL: url },
    pipeline: writePipeline(options),
    calls: state.calls,
    doubled: state.doubled,
    journal: () =>
      readFileSync(journal, 'utf8')
        .split('\n')
        .filter((line) => line !== '')
        .map((line) => JSON.parse(line)),
    query: (sql) => warehouse.run(sql, {}),
    hold: (which) => holdQueries(state, which),
    end: async () => {
      server.close();
      server.closeAllConnections();
      child.kill('SIGKILL');
      if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
    },
  };
}

function startChild(args: readonly string[]): ChildProcess {
  return spawn(process.execPath, ['dist/pipelines/nba/serve.js', ...args], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
}

async function urlOf(child: ChildProcess): Promise<string> {
  if (child.stdout) for await (const line of createInterface({ input: child.stdout })) return JSON.parse(line).url;
  throw new Error('the processors did not start');
}

/** A copy of the NBA pipeline whose services answer within seconds or not at all. */
function writePipeline({ home, deadline = 2, goneAfter = 8, atATime = 15, without }: ProcessorOptions): string {
  const file = join(home, 'pipeline.yml');
  const patience = [`deadline_seconds: ${deadline}`, `gone_after_seconds: ${goneAfter}`, 'retry_wait_seconds: 0.2'];
  const lines = readFileSync(defaultPipelineFile(), 'utf8')
    .replaceAll('deadline_seconds: 60', [...patience, `max_concurrent: ${atATime}`].join('\n    '))
    .split('\n');
  writeFileSync(file, lines.filter((line) => without === undefined || !without.test(line)).join('\n'));
  return file;
}

type Hold = { readonly which: (sql: string) => boolean; readonly gate: Promise<void>; waiting: number };
type State = {
  readonly behind: string;
  readonly lies: Readonly<Record<string, Lie>>;
  readonly calls: ProcessorCall[];
  readonly doubled: string[];
  readonly holds: Set<Hold>;
};

function holdQueries(state: State, which: Hold['which']): { waiting(): number; release(): void } {
  let open = () => {};
  const gate = new Promise<void>((resolve) => {
    open = resolve;
  });
  const hold: Hold = { which, gate, waiting: 0 };
  state.holds.add(hold);
  return {
    waiting: () => hold.waiting,
    release: () => {
      state.holds.delete(hold);
      open();
    },
  };
}

async function startProxy(state: State): Promise<{ server: Server; url: string }> {
  const server = createServer((request, response) => {
    readBody(request)
      .then((body) => (request.url === '/query' ? passQuery(state, body) : passCall(state, request.url ?? '', body)))
      .then(({ status, text }) => response.writeHead(status, { 'content-type': 'application/json' }).end(text))
      .catch(() => response.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { server, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
}

async function readBody(request: IncomingMessage): Promise<string> {
  let body = '';
  for await (const part of request.setEncoding('utf8')) body += part;
  return body;
}

type Answer = { readonly status: number; readonly text: string };

async function forward(state: State, path: string, body: string): Promise<Answer> {
  const headers = { 'content-type': 'application/json' };
  const response = await fetch(`${state.behind}${path}`, { method: 'POST', headers, body });
  return { status: response.status, text: await response.text() };
}

async function passQuery(state: State, body: string): Promise<Answer> {
  const { sql } = JSON.parse(body) as { sql: string };
  for (const hold of [...state.holds]) {
    if (!hold.which(sql)) continue;
    hold.waiting += 1;
    await hold.gate;
  }
  return forward(state, '/query', body);
}

/** Goes on to its end when the caller is gone, as a service does. */
async function passCall(state: State, path: string, body: string): Promise<Answer> {
  const asked = JSON.parse(body) as { processors: string[]; analysis_date?: string; start_date?: string };
  const processor = asked.processors[0] ?? '';
  const date = asked.analysis_date ?? asked.start_date ?? '';
  const isSame = (call: ProcessorCall) => call.processor === processor && call.date === date;
  if (state.calls.some((call) => isSame(call) && call.endedAt === null)) state.doubled.push(`${processor} ${date}`);
  const call: ProcessorCall = { processor, date, endedAt: null };
  state.calls.push(call);
  const lie = state.lies[`${processor}@${date}`];
  const answer =
    lie === undefined || lie === 'works-and-says-500' ? await forward(state, path, body) : pretend(lie, call);
  call.endedAt = Date.now();
  if (lie === 'works-and-says-500') return { status: 500, text: JSON.stringify({ error: 'lost the connection' }) };
  return answer;
}

function pretend(lie: Lie, { processor }: ProcessorCall): Answer {
  const result =
    lie === 'says-success'
      ? { processor, status: 'success', stats: {} }
      : { processor, status: 'error', error: 'division by zero' };
  return { status: 200, text: JSON.stringify({ status: 'completed', results: [result] }) };
}
