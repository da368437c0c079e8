/** The real jobs and the local queue on a store, with a service that is called over HTTP and a Slack that only counts. */
import { randomUUID } from 'node:crypto';
import { pino } from 'pino';
import { ringFor, takeRequest } from '../handlers/take-request.ts';
import { performTask } from '../jobs/perform-task.ts';
import type { Chat } from '../src/chat/chat.ts';
import { systemClock } from '../src/clock.ts';
import type { Service } from '../src/core/catalogue/catalogue.ts';
import type { CalendarDate } from '../src/core/dates.ts';
import { createLook } from '../src/engine/look.ts';
import { findView } from '../src/engine/view.ts';
import { renderPng } from '../src/pictures/render-png.ts';
import type { Ports } from '../src/ports.ts';
import { httpProcessor } from '../src/processor/http.ts';
import type { Processor } from '../src/processor/processor.ts';
import { listBackfills } from '../src/store/backfills.ts';
import type { Store } from '../src/store/store.ts';
import { localTasks } from '../src/tasks/local-tasks.ts';
import type { Tasks } from '../src/tasks/tasks.ts';
import {
  atATime,
  type Delay,
  engineCatalogue,
  type MemoryWarehouse,
  memoryWarehouse,
  serviceAt,
} from './engine-catalogue.ts';
import { makeTally, type Tally, tallyPort, tallyStore } from './tally.ts';
import { type Watched, watchLoop } from './watch-loop.ts';

export type Work = { readonly url: string; readonly delay: Delay; readonly dates: readonly CalendarDate[] };

/** Instants in milliseconds since the request was taken. */
type Times = {
  /** The backfill was stored, and its first cells were rung for. */
  accepted: number;
  firstCall: number;
  lastAnswer: number;
  /** The result was recorded. */
  done: number;
};

export type Run = Readonly<Times> & { readonly loop: Watched; readonly tally: Tally };

const log = pino({ level: 'silent' });
const clock = systemClock();

/** Takes a `/backfill` as the handler does, and waits until it is over and everything that followed from it. */
export async function runEngine(store: Store, { url, delay, dates }: Work): Promise<Run> {
  const tally = makeTally();
  const times: Times = { accepted: Number.NaN, firstCall: Number.NaN, lastAnswer: Number.NaN, done: Number.NaN };
  const start = performance.now();
  const note = (what: keyof Times) => {
    times[what] = performance.now() - start;
  };
  const tasks = localTasks({ clock, concurrency: atATime, log });
  const ports = makePorts({ store, tasks, tally, service: serviceAt(url, delay), note });
  const perform = performTask(ports);
  const stop = watchLoop();
  tasks.start(async (task) => {
    await tally.time(`task ${task.kind}`, () => perform(task));
    if (task.kind === 'start-backfill') note('accepted');
    if (task.kind === 'finish-backfill') note('done');
  });
  await askFor(ports, dates);
  await tasks.idle();
  const loop = stop();
  await tasks.stop();
  await checkEnd(store, dates);
  return { ...times, loop, tally };
}

type Parts = {
  readonly store: Store;
  readonly tasks: Tasks;
  readonly tally: Tally;
  readonly service: Service;
  readonly note: (what: keyof Times) => void;
};

/** The ports of a run: all but the service and the chat are real. */
export function makePorts({ store, tasks, tally, service, note }: Parts): Ports {
  const rows = memoryWarehouse();
  const read = {
    catalogue: engineCatalogue(service),
    clock,
    store: tallyStore(store, tally),
    warehouse: tallyPort(rows, 'warehouse', tally),
  };
  const look = createLook(read);
  return {
    ...read,
    look: (table, date) => tally.time('look', () => look(table, date)),
    tasks,
    processor: noteCalls(tally, rows, note),
    chat: tallyPort(countedChat, 'slack', tally),
    draw: renderPng,
    ids: { next: () => randomUUID().slice(0, 13) },
    log,
    instance: 'bench',
  };
}

/** The service has no way to the warehouse of this process: its rows are there when its answer is. */
function noteCalls(tally: Tally, rows: MemoryWarehouse, note: Parts['note']): Processor {
  const http = httpProcessor({ clock, log });
  let isFirst = true;
  return {
    run: async (call, signal) => {
      if (isFirst) note('firstCall');
      isFirst = false;
      const said = await tally.time('processor', () => http.run(call, signal));
      if (said.kind === 'answered') rows.write(call.date);
      note('lastAnswer');
      return said;
    },
  };
}

/** The most dates that one request may have; more are asked for as several backfills, which run side by side. */
const mostDates = 3660;

/** How many requests so many dates take. */
export function countRequests(dates: readonly CalendarDate[]): number {
  return Math.ceil(dates.length / mostDates);
}

async function askFor(ports: Ports, dates: readonly CalendarDate[]): Promise<void> {
  const person = { user: 'ada', userName: 'ada', channel: 'C1', thread: null };
  for (let i = 0; i < dates.length; i += mostDates) {
    const part = dates.slice(i, i + mostDates);
    const text = `made ${part[0]} ${part.at(-1)}`;
    const asked = { command: '/backfill' as const, text, ...person, at: clock.now() };
    await ringFor(ports, await takeRequest(ports, `bench:${text}`, asked), asked);
  }
}

/** What is fast and wrong is not measured. */
async function checkEnd(store: Store, dates: readonly CalendarDate[]): Promise<void> {
  const listed = await listBackfills(store.query, { pipeline: 'bench', limit: 10 });
  let good = 0;
  for (const { id, result } of listed) {
    const view = await findView(store.query, id);
    const once = view?.cells.filter(({ state, attempts }) => state === 'succeeded' && attempts === 1) ?? [];
    if (result === 'succeeded') good += once.length;
  }
  if (good === dates.length && listed.length === countRequests(dates)) return;
  throw new Error(`of ${dates.length} dates ${good} were filled at the first attempt, in ${listed.length} backfills`);
}

/** The same calls with nothing around them: as many loops as there are slots, each taking the next date. */
export async function runBareLoop({ url, delay, dates }: Work): Promise<number> {
  const service = serviceAt(url, delay);
  const processor = httpProcessor({ clock, log });
  const stop = watchLoop();
  const start = performance.now();
  let next = 0;
  const loop = async () => {
    for (let date = dates[next++]; date !== undefined; date = dates[next++]) {
      const said = await processor.run({ service, processor: 'made', date, attempt: 'bare' });
      if (said.kind !== 'answered') throw new Error(`the stand-in ${said.kind}: ${said.detail}`);
    }
  };
  await Promise.all(Array.from({ length: atATime }, loop));
  const took = performance.now() - start;
  stop();
  return took;
}

const kept = ['migrations', 'audit', 'audit_head'];

/** Empties all tables before a run, so that none finds the rows of another; the audit log cannot be emptied. */
export async function emptyTables(store: Store): Promise<void> {
  const tables = await store.query<{ name: string }>(
    `select tablename::text as name from pg_tables where schemaname = current_schema()`,
  );
  const emptied = tables.map(({ name }) => name).filter((name) => !kept.includes(name));
  await store.query(`truncate ${emptied.join(', ')}`);
}

let posted = 0;
const countedChat: Chat = {
  post: async (_, { channel }) => ({ kind: 'ok', posted: { channel, ts: String(++posted) } }),
  update: async (_, at) => ({ kind: 'ok', posted: at }),
  find: async () => undefined,
  whisper: async (_, { channel }) => ({ kind: 'ok', posted: { channel, ts: String(++posted) } }),
  link: async () => undefined,
  upload: async () => ({ kind: 'ok', file: `F${++posted}` }),
  members: async () => ({ kind: 'ok', members: new Set() }),
};
