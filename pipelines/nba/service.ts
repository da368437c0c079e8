/**
 * The processor service over HTTP, with the habits of the real one: it answers 200 whether or not anything was written,
 * it goes on after the caller has hung up, and an unknown processor is no error. Only the rows are the truth.
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { z } from 'zod';
import { daysBetween, isDate } from '../../src/core/dates.ts';
import type { Clock } from '../../src/ports.ts';
import type { Faults } from './faults.ts';
import { type Duckdb, type Processor, processors } from './processors.ts';
import { createWork, type Result, type Work } from './service-work.ts';

type Answer = { readonly status: number; readonly body: unknown };

export type NbaServiceOptions = {
  readonly duckdb: Duckdb;
  readonly clock: Clock;
  /** 0 or absent: any free port. */
  readonly port?: number;
  readonly host?: string;
  /** A file that gets one JSON line at the start and one at the end of each run. */
  readonly journal?: string;
  readonly faults?: Faults;
  /** Further POST routes of the same server: parsed body in, answer out; what they throw is a 500. */
  readonly routes?: Readonly<Record<string, (body: unknown) => Promise<Answer>>>;
};

const maxBody = 16 * 1024 * 1024;
const names = z.array(z.string()).optional();
const oneDate = z.object({ analysis_date: z.string(), processors: names, correlation_id: z.string().optional() });
const someDates = z.object({
  start_date: z.string(),
  end_date: z.string(),
  processors: names,
  correlation_id: z.string().optional(),
});

/** The processors that a path has and a body names; none named means all. */
function chosen(path: Processor['path'], wanted: readonly string[] | undefined): Processor[] {
  const here = processors.filter((processor) => processor.path === path);
  return wanted === undefined || wanted.length === 0 ? here : here.filter(({ name }) => wanted.includes(name));
}

async function processDate(work: Work, body: unknown): Promise<Answer> {
  const read = oneDate.safeParse(body);
  if (!read.success || !isDate(read.data.analysis_date)) {
    return { status: 400, body: { error: 'analysis_date required' } };
  }
  const { analysis_date: date, processors: wanted, correlation_id: correlation = null } = read.data;
  const results: Result[] = [];
  for (const processor of chosen('/process-date', wanted)) {
    const done = await work(processor, date, correlation);
    if ('broken' in done) return { status: 500, body: { error: done.broken } };
    results.push(done);
  }
  return { status: 200, body: { status: 'completed', analysis_date: date, results } };
}

async function processDateRange(work: Work, body: unknown): Promise<Answer> {
  const read = someDates.safeParse(body);
  if (!read.success || !isDate(read.data.start_date) || !isDate(read.data.end_date)) {
    return { status: 400, body: { error: 'start_date and end_date required' } };
  }
  const { start_date: from, end_date: to, processors: wanted, correlation_id: correlation = null } = read.data;
  const results: Result[] = [];
  for (const date of daysBetween(from, to)) {
    for (const processor of chosen('/process-date-range', wanted)) {
      const done = await work(processor, date, correlation);
      if ('broken' in done) return { status: 500, body: { error: done.broken } };
      results.push(done);
    }
  }
  return { status: 200, body: { status: 'completed', start_date: from, end_date: to, results } };
}

async function readBody(request: IncomingMessage): Promise<unknown> {
  const parts: Buffer[] = [];
  let size = 0;
  for await (const part of request) {
    const bytes = Buffer.from(part);
    size += bytes.length;
    if (size > maxBody) throw new SyntaxError('The body is too large');
    parts.push(bytes);
  }
  return JSON.parse(Buffer.concat(parts).toString('utf8'));
}

async function route(request: IncomingMessage, work: Work, options: NbaServiceOptions): Promise<Answer> {
  const path = new URL(request.url ?? '/', 'http://service').pathname;
  if (request.method === 'GET' && path === '/health') return { status: 200, body: { status: 'ok' } };
  const other = options.routes?.[path];
  const known = path === '/process-date' || path === '/process-date-range' || other !== undefined;
  if (request.method !== 'POST' || !known)
    return { status: 404, body: { error: `There is no ${request.method} ${path}` } };
  // A page in a browser can post text to a loopback port, but not this type without asking first.
  if (other !== undefined && !/^application\/json\b/i.test(request.headers['content-type'] ?? '')) {
    return { status: 415, body: { error: 'Send application/json' } };
  }
  const body = await readBody(request);
  if (path === '/process-date') return await processDate(work, body);
  return other === undefined ? await processDateRange(work, body) : await other(body);
}

async function answer(request: IncomingMessage, work: Work, options: NbaServiceOptions): Promise<Answer> {
  try {
    return await route(request, work, options);
  } catch (error) {
    if (error instanceof SyntaxError) return { status: 400, body: { error: error.message } };
    return { status: 500, body: { error: error instanceof Error ? error.message : String(error) } };
  }
}

function send(response: ServerResponse, { status, body }: Answer): void {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify(body));
}

/**
 * Starts the service on `host` (127.0.0.1) and `port`. `close` lets runs under way finish their write, cuts waiting
 * ones short without writing, and hangs up on callers.
 */
export async function startNbaService(options: NbaServiceOptions): Promise<{ url: string; close(): Promise<void> }> {
  const closing = new AbortController();
  const underWay = new Set<Promise<void>>();
  const work = createWork(options, closing.signal);
  const server = createServer((request, response) => {
    const task: Promise<void> = answer(request, work, options)
      .then((said) => send(response, said))
      .finally(() => underWay.delete(task));
    underWay.add(task);
  });
  const host = options.host ?? '127.0.0.1';
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port ?? 0, host, resolve);
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The service has no port');
  const close = async () => {
    closing.abort();
    const closed = new Promise<void>((resolve) => server.close(() => resolve()));
    await Promise.allSettled(underWay);
    server.closeAllConnections();
    await closed;
  };
  return { url: `http://${host}:${address.port}`, close };
}
