/**
 * The sweep that makes crashes harmless: whatever was intended and not seen is rung for again. It runs at start, on a
 * timer, and whenever something is due later; it decides nothing itself.
 */
import { ringCells, ringQueued } from '../src/engine/ring.ts';
import { ringWatches } from '../src/engine/watch.ts';
import type { Ports } from '../src/ports.ts';
import { listOrphans, takeOverAttempt } from '../src/store/attempts.ts';
import { listActiveBackfills } from '../src/store/backfills.ts';
import { unringCells, unringLost } from '../src/store/bells.ts';
import { listUnsent, releaseMessages } from '../src/store/messages.ts';
import { listStartable } from '../src/store/queue.ts';
import { listOpenRequests } from '../src/store/requests.ts';
import { taskName } from '../src/tasks/task-name.ts';
import type { Enqueued } from '../src/tasks/tasks.ts';
import { expireUnanswered } from './decide-backfill.ts';
import { refreshHomes } from './publish-home.ts';
import { attemptOf, verifySoon } from './settle-attempt.ts';

/** A task that has not come after this time is taken for lost. One that comes later still finds nothing to do. */
const patience = 120_000;

/** `start`: the process begins with it, and what waited in the memory of those before it is lost for sure. */
export async function reconcile(ports: Ports, options: { readonly start: boolean }): Promise<void> {
  if (options.start) {
    // Bells of others are rung a second time: whoever comes second finds nothing to do.
    if (ports.tasks.endsWithProcess) await unringCells(ports.store.query, ports.catalogue.pipeline);
    if (ports.predecessors !== undefined) await releaseMessages(ports.store.query, ports.predecessors);
    await refreshHomes(ports);
  }
  await adoptOrphans(ports);
  await forgetLostBells(ports);
  await ringCells(ports);
  await expireUnanswered(ports);
  await ringQueued(ports, await listStartable(ports.store.query, ports.catalogue.pipeline));
  const tasks = await findForgotten(ports, options.start);
  if (tasks.length > 0) await ports.tasks.enqueue(tasks);
  await ringWatches(ports);
}

async function forgetLostBells(ports: Ports): Promise<void> {
  const { pipeline } = ports.catalogue;
  const before = ports.clock.now() - patience;
  const lost = await ports.store.transaction((query) => unringLost(query, { pipeline, before }));
  if (lost > 0) ports.log.warn({ cells: lost }, 'bells that nobody heard');
}

async function adoptOrphans(ports: Ports): Promise<void> {
  const now = ports.clock.now();
  const orphans = await listOrphans(ports.store.query, {
    pipeline: ports.catalogue.pipeline,
    instance: ports.instance,
    predecessors: ports.predecessors,
    now,
  });
  for (const orphan of orphans) {
    const token = ports.ids.next();
    const taken = await ports.store.transaction((query) =>
      takeOverAttempt(query, {
        attempt: orphan.id,
        token: orphan.token,
        newToken: token,
        instance: ports.instance,
        now,
      }),
    );
    if (!taken) continue;
    ports.count?.('lease taken over');
    ports.log.warn(
      { backfill: orphan.backfill, table: orphan.table, date: orphan.date, attempt: orphan.id },
      'attempt of another process adopted',
    );
    await verifySoon(ports, { ...attemptOf(orphan), token });
  }
}

async function findForgotten(ports: Ports, start: boolean): Promise<Enqueued[]> {
  const { query } = ports.store;
  const now = ports.clock.now();
  const minute = Math.floor(now / 60_000);
  const requests = await listOpenRequests(query, start ? now : now - 60_000);
  const unsent = await listUnsent(query, now);
  const active = await listActiveBackfills(query, ports.catalogue.pipeline);
  return [
    ...requests.flatMap(({ id, kind }): Enqueued[] =>
      kind === 'report-coverage' || kind === 'start-backfill'
        ? [{ name: taskName(['again', id, minute]), task: { v: 1, kind, request: id } }]
        : [],
    ),
    ...unsent.map(
      ({ key, revision }): Enqueued => ({
        name: taskName(['resend', key, revision, minute]),
        task: { v: 1, kind: 'send-message', message: key },
      }),
    ),
    ...active.flatMap(({ id, state }): Enqueued[] =>
      state === 'finishing'
        ? [{ name: taskName(['finish', id, minute]), task: { v: 1, kind: 'finish-backfill', backfill: id } }]
        : [],
    ),
  ];
}
