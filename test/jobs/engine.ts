/** The engine in one process: the real jobs, a real store, the local queue, and DuckDB in memory; only Slack is a list. */
import { pino } from 'pino';
import { performTask } from '../../jobs/perform-task.ts';
import { reconcile } from '../../jobs/reconcile.ts';
import type { Chat } from '../../src/chat/chat.ts';
import { systemClock } from '../../src/clock.ts';
import type { Access } from '../../src/core/access/access.ts';
import type { BackfillReport } from '../../src/core/backfill/backfill-report.ts';
import type { Service } from '../../src/core/catalogue/catalogue.ts';
import { readBackfillRequest } from '../../src/core/request/request.ts';
import { type Launched, launchBackfill } from '../../src/engine/launch.ts';
import { createLook } from '../../src/engine/look.ts';
import { findView, reportOf } from '../../src/engine/view.ts';
import { isRefusal, type Refusal } from '../../src/fault.ts';
import type { Message } from '../../src/messages/message.ts';
import { renderPng } from '../../src/pictures/render-png.ts';
import type { Clock, Ports } from '../../src/ports.ts';
import type { Store } from '../../src/store/store.ts';
import { localTasks } from '../../src/tasks/local-tasks.ts';
import type { Enqueued } from '../../src/tasks/tasks.ts';
import { duckdbWarehouse } from '../../src/warehouse/duckdb.ts';
import { openDuckdb } from '../../src/warehouse/duckdb-connection.ts';
import type { Sql } from '../../src/warehouse/sql.ts';
import { recordStatements } from '../support/duckdb.ts';
import { labCatalogue } from './lab-catalogue.ts';
import { type ScriptedProcessor, scriptedProcessor, writeRows } from './scripted-processor.ts';
import { waitUntil } from './wait-until.ts';

export type Said = { readonly key: string; readonly thread?: string; message: Message };

export type Engine = {
  readonly ports: Ports;
  readonly processor: ScriptedProcessor;
  /** Statements that the warehouse was sent. */
  readonly statements: string[];
  /** Tasks that were asked for, repetitions too. */
  readonly asked: Enqueued[];
  /** Messages that were posted, as they read now. */
  readonly posted: Said[];
  /** What is to go wrong with the next statements of the warehouse. */
  readonly warehouse: { broken: Error | undefined };
  /** Begins to work, first on what a dead process left behind. */
  start(): Promise<void>;
  launch(text: string, user?: string, channel?: string | null): Promise<Launched | Refusal>;
  /** Launches and gives the id; fails where nothing was started. */
  run(text: string, user?: string, channel?: string | null): Promise<string>;
  /** The report of a backfill that is over. */
  done(id: string): Promise<BackfillReport>;
  /** Somebody else writes rows. */
  write(table: string, date: string, rows: number): Promise<void>;
  stop(): Promise<void>;
  close(): Promise<void>;
};

/** Who may do what, and who is in the groups that decide it: both may change while it runs. */
export type Allowed = { readonly access?: Access; readonly groups?: ReadonlyMap<string, readonly string[]> };

/**
 * Makes an engine on a store, which stays the caller's. It does nothing before `start`.
 * @param slack messages that are there already, and what is wrong with the way there
 * @param clock the machine's unless given
 */
export async function makeEngine(
  store: Store,
  { access, groups = new Map(), ...service }: Partial<Service> & Allowed = {},
  slack: { readonly posted?: Said[]; readonly chat?: (chat: Chat) => Chat } = {},
  clock: Clock = systemClock(),
): Promise<Engine> {
  const lab = labCatalogue(service);
  const catalogue = access === undefined ? lab : { ...lab, access };
  const duckdb = await openDuckdb(undefined);
  await duckdb.run('CREATE SCHEMA lab', {});
  for (const alias of catalogue.tables.keys()) {
    await duckdb.run(`CREATE TABLE lab.${alias} (day DATE, item VARCHAR, written_at TIMESTAMP)`, {});
  }
  const warehouse: Engine['warehouse'] = { broken: undefined };
  const sql = recordStatements(breakable(duckdb, warehouse));
  const processor = scriptedProcessor(duckdb, catalogue);
  const log = pino({ level: 'silent' });
  const queue = localTasks({ clock, concurrency: 50, log });
  const asked: Enqueued[] = [];
  const posted = slack.posted ?? [];
  let ids = 0;
  const read = { catalogue, store, clock, warehouse: duckdbWarehouse(sql) };
  const ports: Ports = {
    ...read,
    look: createLook(read),
    tasks: {
      endsWithProcess: true,
      enqueue: (tasks) => {
        asked.push(...tasks);
        return queue.enqueue(tasks);
      },
    },
    processor,
    chat: slack.chat ? slack.chat(listChat(posted, groups)) : listChat(posted, groups),
    draw: renderPng,
    ids: { next: () => `id${++ids}` },
    log,
    instance: `engine ${++engines}`,
    predecessors: '%',
  };
  const launch: Engine['launch'] = async (text, user = 'ada', channel = null) => {
    const request = readBackfillRequest(text, { catalogue, today: '2022-04-30' });
    if (isRefusal(request)) throw new Error(request.message);
    if (request.verb !== 'launch') throw new Error(`${text} launches nothing`);
    return launchBackfill(ports, request, { user, channel });
  };
  return {
    ports,
    processor,
    statements: sql.statements,
    asked,
    posted,
    warehouse,
    start: async () => {
      queue.start(performTask(ports));
      await reconcile(ports, { start: true });
    },
    launch,
    run: async (text, user, channel) => {
      const launched = await launch(text, user, channel);
      if (isRefusal(launched)) throw new Error(launched.message);
      if (launched.kind !== 'launched') throw new Error(`${text}: ${launched.kind}`);
      return launched.id;
    },
    done: (id) =>
      waitUntil(`the end of ${id}`, async () => {
        const view = await findView(store.query, id);
        return view?.backfill.state === 'done' && reportOf(view);
      }),
    write: (table, date, rows) => writeRows(duckdb, table, date, rows),
    stop: () => queue.stop(),
    close: async () => {
      processor.release();
      await queue.stop();
      await duckdb.close();
    },
  };
}
let engines = 0;

function breakable(sql: Sql, state: Engine['warehouse']): Sql {
  return {
    run: async (text, params) => {
      if (state.broken) throw state.broken;
      return sql.run(text, params);
    },
    close: () => sql.close(),
  };
}

function listChat(posted: Said[], groups: NonNullable<Allowed['groups']>): Chat {
  return {
    post: async (message, { key, thread, channel }) => {
      posted.push({ key, message, ...(thread === undefined ? {} : { thread }) });
      return { kind: 'ok', posted: { channel, ts: String(posted.length) } };
    },
    update: async (message, at) => {
      const said = posted[Number(at.ts) - 1];
      if (!said) return { kind: 'gone', detail: 'no such message' };
      said.message = message;
      return { kind: 'ok', posted: at };
    },
    find: async (key, channel) => {
      const at = posted.findIndex((said) => said.key === key);
      return at < 0 ? undefined : { channel, ts: String(at + 1) };
    },
    link: async () => undefined,
    upload: async () => ({ kind: 'refused', detail: 'a list of messages takes no pictures' }),
    members: async (group) => {
      const members = groups.get(group);
      return members ? { kind: 'ok', members: new Set(members) } : { kind: 'unread', detail: 'there is no such group' };
    },
    whisper: async (message, { channel }) => {
      posted.push({ key: 'whisper', message });
      return { kind: 'ok', posted: { channel, ts: String(posted.length) } };
    },
  };
}
