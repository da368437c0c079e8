/** The processes of a simulation: the real jobs and engine behind ports that the world owns. They die and begin anew. */
import { type Logger, pino } from 'pino';
import { performTask } from '../../jobs/perform-task.ts';
import { reconcile } from '../../jobs/reconcile.ts';
import type { Catalogue } from '../../src/core/catalogue/catalogue.ts';
import { createLook } from '../../src/engine/look.ts';
import type { Ports } from '../../src/ports.ts';
import type { Store } from '../../src/store/store.ts';
import { localTasks } from '../../src/tasks/local-tasks.ts';
import { type Cells, simulatedWarehouse } from './cells.ts';
import type { Chance } from './chance.ts';
import { type Crossing, type Faults, type Life, makeCrossing, perhaps } from './life.ts';
import type { Queue, Worker } from './queue.ts';
import type { Services } from './services.ts';
import { type Shown, simulatedSlack } from './slack.ts';
import type { Timeline } from './timeline.ts';

export type Instance = Worker & { readonly ports: Ports };

/** What a planted bug changes. */
export type Bug = {
  readonly sql?: (statement: string) => string;
  readonly ports?: (ports: Ports) => Ports;
};

/** One process alone; two that share a store and have a queue each; two that share the queue as well. */
export const deployments = ['embedded', 'two queues', 'one queue'] as const;
export type Deployment = (typeof deployments)[number];

export type Around = {
  readonly timeline: Timeline;
  readonly faults: Faults;
  readonly lag: Chance;
  readonly catalogue: Catalogue;
  readonly store: Store;
  readonly cells: Cells;
  readonly services: Services;
  readonly shown: Shown[];
  readonly queue: Queue;
  readonly deployment: Deployment;
  readonly bug: Bug;
  /** Called after every statement or transaction that changed something, with its text. */
  readonly onCommit: (statements: readonly string[]) => Promise<void>;
};

const sweepMs = 30_000;
const silent: Logger = pino({ level: 'silent' });

/** Starts a process in a home that no other one is in. @param onBack a place at which it may be killed or stopped */
export function startInstance(name: string, home: string, around: Around, onBack: (life: Life) => void): Instance {
  const { timeline, faults, lag, catalogue, cells, services, shown, queue, deployment, bug } = around;
  const life: Life = { name, home, isDead: false, stoppedUntil: 0 };
  const crossing = makeCrossing(life, { timeline, faults, lag }, () => onBack(life));
  const { clock } = crossing;
  const store = storeOf(around, crossing);
  const local = deployment === 'one queue' ? undefined : localTasks({ clock, concurrency: 50, log: silent });
  const warehouse = simulatedWarehouse(cells, crossing, faults);
  let ids = 0;
  const plain: Ports = {
    catalogue,
    warehouse,
    look: createLook({ catalogue, warehouse, store, clock }),
    store,
    tasks: local ?? queue.portOf(crossing),
    processor: services.portOf(life, crossing),
    chat: simulatedSlack(shown, crossing, faults),
    draw: () => Promise.reject(new Error('no pictures here')),
    clock,
    ids: { next: () => `${name}-${++ids}` },
    log: silent,
    instance: `${home}/${name}`,
    predecessors: deployment === 'embedded' ? '%' : `${home}/%`,
  };
  const ports = bug.ports?.(plain) ?? plain;
  const perform = performTask(ports);
  const begin = async () => {
    local?.start(perform);
    await sweep(() => reconcile(ports, { start: true }));
    for (;;) {
      await clock.wait(sweepMs);
      const sweepName = `reconcile-${Math.floor(clock.now() / sweepMs)}`;
      if (local) await local.enqueue([{ name: sweepName, task: { v: 1, kind: 'reconcile' } }]);
      else await sweep(() => reconcile(ports, { start: false }));
    }
  };
  void begin();
  return { life, perform, ports };
}

/** A sweep that fails is followed by another one. */
async function sweep(once: () => Promise<void>): Promise<void> {
  try {
    await once();
  } catch {
    return;
  }
}

function storeOf({ store, faults, bug, onCommit }: Around, crossing: Crossing): Store {
  const change = bug.sql ?? ((statement: string) => statement);
  return {
    query: (sql, params) =>
      crossing.ask(wordsOf(sql), () =>
        perhaps(faults, 'store', 0.006, async () => {
          const rows = await store.query<never>(change(sql), params);
          await onCommit([sql]);
          return rows;
        }),
      ),
    transaction: (work) =>
      crossing.ask('transaction', () =>
        perhaps(faults, 'store', 0.01, async () => {
          const statements: string[] = [];
          const result = await store.transaction((query) =>
            work((sql, params) => {
              statements.push(sql);
              return query(change(sql), params);
            }),
          );
          await onCommit(statements);
          return result;
        }),
      ),
    close: async () => undefined,
  };
}

function wordsOf(sql: string): string {
  return sql.trim().replace(/\s+/g, ' ').slice(0, 40);
}
