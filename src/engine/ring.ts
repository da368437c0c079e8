/** Rings for the cells that may start: the store chooses them, the queue only carries the bell. */

import type { Limit, Limits } from '../core/backfill/share.ts';
import type { Service } from '../core/catalogue/catalogue.ts';
import type { Ports } from '../ports.ts';
import { ringReady } from '../store/bells.ts';
import { taskName } from '../tasks/task-name.ts';

/** Chooses ready cells up to the limits and enqueues a task for each. Safe to call at any time, by anybody. */
export async function ringCells(ports: Ports): Promise<void> {
  const now = ports.clock.now();
  const { pipeline } = ports.catalogue;
  const rung = await ports.store.transaction((query) => ringReady(query, { pipeline, now, limits: limitsOf(ports) }));
  const tasks = rung.cells.map(({ backfill, table, date, bell }) => ({
    name: taskName([backfill, table, date, bell]),
    task: { v: 1 as const, kind: 'fill-cell' as const, backfill, table, date },
  }));
  const next = rung.nextAt;
  const wake =
    next === null
      ? []
      : [{ name: taskName(['reconcile', next]), task: { v: 1 as const, kind: 'reconcile' as const }, notBefore: next }];
  if (tasks.length + wake.length > 0) await ports.tasks.enqueue([...tasks, ...wake]);
}

function limitsOf(ports: Ports): Limits {
  const limits = new Map<string, Limit>();
  for (const table of ports.catalogue.tables.values()) {
    const service: Service | undefined = table.processor && ports.catalogue.services.get(table.processor.service);
    if (service)
      limits.set(table.alias, { service: service.name, max: service.maxConcurrent, interval: service.minInterval });
  }
  return limits;
}

/** Has a backfill summed up whose last cell is final. One recording of each round sees that, so the instant names it. */
export async function ringForEnd(ports: Ports, backfill: string): Promise<void> {
  const name = taskName(['finish', backfill, ports.clock.now()]);
  await ports.tasks.enqueue([{ name, task: { v: 1, kind: 'finish-backfill', backfill } }]);
}

/** Has waiting backfills look whether their time has come. Safe to call at any time, by anybody. */
export async function ringQueued(ports: Ports, backfills: readonly string[]): Promise<void> {
  if (backfills.length === 0) return;
  const now = ports.clock.now();
  await ports.tasks.enqueue(
    backfills.map((backfill) => ({
      name: taskName(['start-queued', backfill, now]),
      task: { v: 1, kind: 'start-queued', backfill },
    })),
  );
}
