/** One trace from a request over the queue to a processor, through real servers on the loopback. */
import { createServer, type IncomingHttpHeaders, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { systemClock } from '../../src/clock.ts';
import { createLog } from '../../src/log.ts';
import { openMetrics } from '../../src/operations/metrics.ts';
import { watchRequests } from '../../src/operations/requests.ts';
import { httpProcessor } from '../../src/processor/http.ts';
import { localTasks } from '../../src/tasks/local-tasks.ts';
import { readTrace } from '../../src/trace.ts';
import { labCatalogue } from '../jobs/lab-catalogue.ts';

const id = '4bf92f3577b34da6a3ce929d0e0e4736';
const span = '00f067aa0ba902b7';

const lines: Record<string, unknown>[] = [];
const destination = { write: (line: string) => lines.push(JSON.parse(line)) };
const log = createLog({ level: 'debug', destination, project: 'a-project' });
const metrics = openMetrics();
const seen: IncomingHttpHeaders[] = [];
const servers: Server[] = [];

async function listen(listener: RequestListener): Promise<string> {
  const server = createServer(listener);
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const tasks = localTasks({ clock: systemClock(), concurrency: 2, log });
let url = '';
let asked = 0;

beforeAll(async () => {
  const service = await listen((request, response) => {
    seen.push(request.headers);
    request.resume().on('end', () => response.end('{"status":"completed","results":[]}'));
  });
  const processor = httpProcessor({ clock: systemClock(), log });
  const [lab] = [...labCatalogue({ url: service }).services.values()];
  tasks.start(async (task) => {
    if (task.kind !== 'fill-cell' || lab === undefined) return;
    await processor.run({ service: lab, processor: task.table, date: task.date, attempt: 'a1' });
  });
  const listener: RequestListener = (request, response) => {
    const chunks: Buffer[] = [];
    // As receivers do: the body first, and then what it asks for.
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    void new Promise((resolve) => request.on('end', resolve)).then(async () => {
      if (request.url?.startsWith('/no')) return response.writeHead(401).end();
      const task = { v: 1, kind: 'fill-cell', backfill: 'b1', table: 'base', date: '2022-01-03' } as const;
      await tasks.enqueue([{ name: `cell-${++asked}`, task }]);
      return response.writeHead(200).end();
    });
  };
  url = await listen(watchRequests(listener, { log, metrics, paths: ['/slack/events', '/no'] }));
});
afterAll(async () => {
  await tasks.stop();
  for (const server of servers) server.close();
});
beforeEach(() => {
  lines.length = 0;
  seen.length = 0;
});

const post = (path: string, headers: Record<string, string> = {}) =>
  fetch(`${url}${path}`, { method: 'POST', headers, body: 'x' }).then(async (answer) => {
    await answer.text();
    await tasks.idle();
  });

describe('a trace', () => {
  it('goes from a request with its task to the processor, and stands in every line on the way', async () => {
    await post('/slack/events?token=CANARY', { traceparent: `00-${id}-${span}-01` });
    expect(seen.map(({ traceparent }) => traceparent)).toEqual([`00-${id}-${span}-01`]);
    const mine = lines.filter((line) => line['logging.googleapis.com/trace'] === `projects/a-project/traces/${id}`);
    expect(mine.map(({ message }) => message).sort()).toEqual(['A processor was called', 'request answered']);
    expect(lines).toHaveLength(mine.length);
    expect(mine.every((line) => line['logging.googleapis.com/spanId'] === span)).toBe(true);
  });

  it('is labelled in the lines of a task with what it is about', async () => {
    await post('/slack/events');
    const [called] = lines.filter(({ message }) => message === 'A processor was called');
    const labels = { kind: 'fill-cell', backfill: 'b1', table: 'base', date: '2022-01-03' };
    expect(called).toMatchObject({ severity: 'INFO', 'logging.googleapis.com/labels': labels });
    expect(called?.time).toMatch(/^\d{4}-\d\d-\d\dT.*Z$/);
  });

  it('is the one of Google’s older header too, and a new one where there is none, or none that can be read', () => {
    expect(readTrace({ 'x-cloud-trace-context': `${id}/258;o=1` })).toMatchObject({ id, span: '0000000000000102' });
    expect(readTrace({ 'x-cloud-trace-context': id })).toMatchObject({ id, span: '0000000000000000' });
    const ids = [{}, { traceparent: 'x' }, { traceparent: `00-${'0'.repeat(32)}-${span}-01` }].map(
      (headers) => readTrace(headers).id,
    );
    expect(new Set(ids).size).toBe(3);
    for (const each of ids) expect(each).toMatch(/^[\da-f]{32}$/);
  });
});

describe('a request', () => {
  it('is logged as Cloud Logging shows requests, without its query', async () => {
    await post('/slack/events?token=CANARY');
    const [line] = lines.filter(({ message }) => message === 'request answered');
    expect(line).toMatchObject({
      severity: 'DEBUG',
      httpRequest: {
        requestMethod: 'POST',
        requestUrl: '/slack/events',
        status: 200,
        latency: expect.stringMatching(/^\d+\.\d{3}s$/),
      },
    });
    expect(JSON.stringify(lines)).not.toContain('CANARY');
  });

  it('that was refused is a warning and is counted, under a name of ours however it was made up', async () => {
    await post('/no');
    await post('/none');
    expect(lines.find(({ severity }) => severity === 'WARNING')).toMatchObject({ httpRequest: { status: 401 } });
    const text = await metrics.text();
    expect(text).toMatch(/^backcourt_requests_total\{path="\/no",status="401"\} 1$/m);
    expect(text).toMatch(/^backcourt_requests_total\{path="other",status="401"\} 1$/m);
    expect(text).toMatch(/^backcourt_requests_total\{path="\/slack\/events",status="200"\} [1-9]/m);
  });
});
