/** The only file that chooses adapters. Here: everything embedded, for a laptop. */

import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Logger } from 'pino';
import { performTask } from '../jobs/perform-task.ts';
import { reconcile } from '../jobs/reconcile.ts';
import { makeDemo } from '../pipelines/nba/demo.ts';
import { createSchema } from '../pipelines/nba/processors.ts';
import { startNbaService } from '../pipelines/nba/service.ts';
import type { Chat } from './chat/chat.ts';
import type { Views } from './chat/views.ts';
import { systemClock } from './clock.ts';
import type { Catalogue } from './core/catalogue/catalogue.ts';
import { readCatalogue } from './core/catalogue/read-catalogue.ts';
import { createLook } from './engine/look.ts';
import { Fault } from './fault.ts';
import { lockHome } from './home-lock.ts';
import type { Metrics } from './operations/metrics.ts';
import { packageRoot } from './package-root.ts';
import { renderPng } from './pictures/render-png.ts';
import type { Ports } from './ports.ts';
import { httpProcessor } from './processor/http.ts';
import { googleIdentityTokens } from './processor/identity-token.ts';
import type { Settings } from './settings.ts';
import { migrate } from './store/migrate.ts';
import { openPglite } from './store/pglite.ts';
import { openPostgres } from './store/postgres.ts';
import type { Store } from './store/store.ts';
import { type LocalTasks, localTasks } from './tasks/local-tasks.ts';
import { duckdbWarehouse } from './warehouse/duckdb.ts';
import { connectDuckdb, type DuckdbHome, openDuckdb, type Sql } from './warehouse/duckdb-connection.ts';
import type { Warehouse } from './warehouse/warehouse.ts';

/** An open home: the ports, and the work that goes on behind them. */
export type Home = {
  readonly ports: Ports;
  readonly tasks: LocalTasks;
  /** Performs tasks from now on, and first what a dead process left behind. */
  startWork(): Promise<void>;
  /** Begins no further cell; what is under way goes on. */
  stopWork(): void;
  /** Ends what is under way, then closes everything. */
  close(): Promise<void>;
};

export type HomeOptions = {
  readonly settings: Settings;
  readonly log: Logger;
  /** Undefined on the command line: messages wait for a process that has a chat. */
  readonly chat?: Chat;
  /** Forms and Home tabs, where there is a chat. */
  readonly views?: Views;
  /** A new home starts without rows instead of the demonstration season. */
  readonly empty: boolean;
  /** What is to count the calls of the ports. */
  readonly metrics?: Metrics;
  /** Only to look whether all is right: a state that is shared is left as it is, also where its tables are behind. */
  readonly look?: boolean;
  readonly say: (line: string) => void;
};

/** The NBA pipeline, which is the one that is used when none is given. */
export function defaultPipelineFile(): string {
  return join(packageRoot(), 'pipelines', 'nba', 'pipeline.yml');
}

function isDefaultPipeline(settings: Settings): boolean {
  return settings.pipeline === undefined || resolve(settings.pipeline) === defaultPipelineFile();
}

/** Opens a home. Throws a Fault that says what to do when something is in the way. */
export async function openHome(options: HomeOptions): Promise<Home> {
  const { settings, log } = options;
  const closing: (() => Promise<void>)[] = [];
  const close = async () => {
    for (const end of closing.reverse()) await end();
  };
  try {
    const lock = await lockHome(settings.home);
    closing.push(() => lock.release());
    const { duckdb, make, close: closeWarehouse } = await openWarehouse(options);
    closing.push(closeWarehouse);
    const isDefault = isDefaultPipeline(settings);
    const service =
      isDefault && duckdb && settings.variables.NBA_PROCESSORS_URL === undefined
        ? await startNbaService({ duckdb, clock: systemClock() })
        : undefined;
    if (service) closing.push(() => service.close());
    const variables = service ? { ...settings.variables, NBA_PROCESSORS_URL: service.url } : settings.variables;
    const catalogue = loadCatalogue(settings.pipeline ?? defaultPipelineFile(), variables);
    const store = await openStore(settings);
    closing.push(() => store.close());
    const steps = options.look && settings.store.kind === 'postgres' ? [] : await migrate(store);
    if (steps.length > 0) log.info({ steps }, 'The tables of the state were brought up to date');
    const tasks = localTasks({ clock: systemClock(), concurrency: settings.concurrency, log });
    const stopping = new AbortController();
    const stopWork = () => stopping.abort();
    closing.push(async () => {
      stopWork();
      await tasks.stop();
    });
    const chat = options.chat ?? noChat;
    const isShared = settings.store.kind === 'postgres';
    const warehouse = await make(catalogue);
    const identityToken = settings.identityTokens ? googleIdentityTokens() : undefined;
    const home = { name: lock.name, isShared };
    const parts = { catalogue, warehouse, store, tasks, log, chat, stopping: stopping.signal, home, identityToken };
    const built = { ...buildPorts(parts), ...(options.views === undefined ? {} : { views: options.views }) };
    const { metrics } = options;
    const ports = metrics ? measurePorts(built, metrics) : built;
    return { ports, tasks, startWork: () => startWork(ports, tasks, metrics), stopWork, close };
  } catch (error) {
    await close();
    throw error;
  }
}

function buildPorts(parts: {
  catalogue: Catalogue;
  warehouse: Warehouse;
  store: Store;
  tasks: LocalTasks;
  log: Logger;
  chat: Chat;
  stopping: AbortSignal;
  home: { readonly name: string; readonly isShared: boolean };
  identityToken: ReturnType<typeof googleIdentityTokens> | undefined;
}): Ports {
  const { catalogue, warehouse, store, tasks, log, chat, stopping, home, identityToken } = parts;
  const clock = systemClock();
  const ids = { next: () => randomBytes(6).toString('hex') };
  return {
    catalogue,
    warehouse,
    look: createLook({ catalogue, warehouse, store, clock }),
    store,
    tasks,
    processor: httpProcessor({ clock, log, ...(identityToken ? { identityToken } : {}) }),
    chat,
    draw: renderPng,
    clock,
    ids,
    log,
    instance: `${home.name}/${ids.next()}`,
    predecessors: home.isShared ? `${home.name}/%` : '%',
    stopping,
    isShared: home.isShared,
  };
}

/** Looks are questions to the warehouse too. */
function measurePorts(ports: Ports, metrics: Metrics): Ports {
  const measured = metrics.measure(ports);
  metrics.attach(measured);
  return { ...measured, look: createLook(measured) };
}

async function startWork(ports: Ports, tasks: LocalTasks, metrics?: Metrics): Promise<void> {
  const perform = performTask(ports);
  tasks.start(metrics ? metrics.measureTasks(perform) : perform);
  await reconcile(ports, { start: true });
}

/** Without Slack nothing is refused, so that messages that wait for it are not lost. */
const noChat: Chat = {
  post: async () => ({ kind: 'later', after: 60_000, detail: 'no Slack is connected' }),
  update: async () => ({ kind: 'later', after: 60_000, detail: 'no Slack is connected' }),
  find: async () => undefined,
  whisper: async () => ({ kind: 'later', after: 60_000, detail: 'no Slack is connected' }),
  link: async () => undefined,
  upload: async () => ({ kind: 'later', after: 60_000, detail: 'no Slack is connected' }),
  members: async () => ({ kind: 'unread', detail: 'no Slack is connected' }),
};

/** Reads a pipeline file. Throws a Fault that lists every problem. */
export function loadCatalogue(file: string, variables: Readonly<Record<string, string | undefined>>): Catalogue {
  if (!existsSync(file))
    throw new Fault(`there is no pipeline file ${file}`, 'never', { remedy: 'Give one with --pipeline FILE.' });
  const read = readCatalogue(readFileSync(file, 'utf8'), variables);
  if (read.ok) return read.catalogue;
  const problems = read.problems.map(({ path, problem }) => (path === '' ? problem : `${path}: ${problem}`));
  throw new Fault(`the pipeline file ${file} is not right: ${problems.join('; ')}`, 'never', {
    remedy: `Mend it, then: backcourt check --pipeline ${file}`,
  });
}

async function openStore(settings: Settings): Promise<Store> {
  return settings.store.kind === 'postgres'
    ? openPostgres(settings.store.url, { poolSize: settings.store.connections })
    : openPglite(settings.store.dir);
}

/** The warehouse alone, to look at what it holds: it needs no pipeline file and no store, and nothing is written. */
export async function openWarehouseToRead({ warehouse }: Settings): Promise<Warehouse> {
  if (warehouse.kind === 'remote') return duckdbWarehouse(connectDuckdb(warehouse.url));
  if (warehouse.kind === 'bigquery') return makeBigquery(warehouse, {});
  if (!existsSync(warehouse.file)) {
    throw new Fault(`there is no warehouse file ${warehouse.file}`, 'never', {
      remedy: 'Say which warehouse to read: BACKCOURT_WAREHOUSE=duckdb:FILE',
    });
  }
  return duckdbWarehouse(await openDuckdb(warehouse.file, { readOnly: true }));
}

type OpenedWarehouse = {
  /** Set when this process owns the file, so that a processor service may write through it. */
  readonly duckdb?: DuckdbHome;
  make(catalogue: Catalogue): Promise<Warehouse>;
  close(): Promise<void>;
};

async function openWarehouse(options: HomeOptions): Promise<OpenedWarehouse> {
  const { warehouse } = options.settings;
  if (warehouse.kind === 'remote') return warehouseOn(connectDuckdb(warehouse.url));
  if (warehouse.kind === 'bigquery')
    return { make: (catalogue) => makeBigquery(warehouse, catalogue), close: async () => undefined };
  if (warehouse.isDefault && !existsSync(warehouse.file)) await makeWarehouse(warehouse.file, options);
  else if (!existsSync(warehouse.file)) {
    throw new Fault(`there is no warehouse file ${warehouse.file}`, 'never', {
      remedy: 'Set BACKCOURT_WAREHOUSE to a file that exists, or unset it.',
    });
  }
  const duckdb = await openDuckdb(warehouse.file);
  return { ...warehouseOn(duckdb), duckdb };
}

function warehouseOn(sql: Sql): OpenedWarehouse {
  return { make: async ({ schedule }) => duckdbWarehouse(sql, schedule ? { schedule } : {}), close: () => sql.close() };
}

/** Google's client is loaded where it is needed only: it takes as long as all else that the command line loads. */
async function makeBigquery(
  place: Extract<Settings['warehouse'], { kind: 'bigquery' }>,
  { pipeline, schedule }: Partial<Pick<Catalogue, 'pipeline' | 'schedule'>>,
): Promise<Warehouse> {
  const [{ openBigquery }, { bigqueryWarehouse }] = await Promise.all([
    import('./warehouse/bigquery-connection.ts'),
    import('./warehouse/bigquery.ts'),
  ]);
  const connection = await openBigquery(pipeline === undefined ? place : { ...place, pipeline });
  return bigqueryWarehouse(connection, place, schedule ? { schedule } : {});
}

/** Makes the warehouse of a new home beside its place, so that one that was interrupted is never taken for whole. */
async function makeWarehouse(file: string, options: HomeOptions): Promise<void> {
  if (!isDefaultPipeline(options.settings)) {
    throw new Fault('this pipeline has no warehouse yet', 'never', {
      remedy: 'Say where its tables are: BACKCOURT_WAREHOUSE=duckdb:FILE',
    });
  }
  const draft = `${file}.new`;
  for (const leftover of [draft, `${draft}.wal`]) rmSync(leftover, { force: true });
  mkdirSync(options.settings.home, { recursive: true });
  const duckdb = await openDuckdb(draft);
  try {
    if (options.empty) await duckdb.withConnection(({ run }) => createSchema(run));
    else {
      options.say('Making the demonstration season 2021-22 (once, about ten seconds) ...');
      await makeDemo(duckdb);
    }
  } finally {
    await duckdb.close();
  }
  renameSync(draft, file);
}
