/**
 * The queue of a process that has none: tasks are kept in memory and performed here. What a dead process lost, the
 * store's sweep enqueues again. A cell may take half an hour, and nobody's message or question may wait behind it:
 * three lanes, each first in, first out.
 */
import { setMaxListeners } from 'node:events';
import type { Logger } from 'pino';
import { Fault } from '../fault.ts';
import type { Clock } from '../ports.ts';
import { currentTrace, type Trace, traceTask } from '../trace.ts';
import { knownNames } from './known-names.ts';
import { makeLane } from './lane.ts';
import { type Enqueued, type TaskHandler, type TaskKind, type Tasks, taskSchema } from './tasks.ts';
import { tryTask } from './try-task.ts';

export type LocalTasks = Tasks & {
  /** Begins to perform tasks, those enqueued before this call too. */
  start(handler: TaskHandler): void;
  /** Starts no further task, drops those that wait, and resolves when those under way have ended. */
  stop(): Promise<void>;
  /** Resolves when no task is due, under way, or waiting for its instant or its next try. */
  idle(): Promise<void>;
};

type Waiting = Enqueued & { tries: number; readonly asked: Trace | undefined };

/** Only a cell takes long. To verify one is to look at it, and its lock is held until somebody did. */
const laneOf: Record<TaskKind, 'cells' | 'requests' | 'messages'> = {
  'fill-cell': 'cells',
  'verify-cell': 'requests',
  'report-coverage': 'requests',
  'start-backfill': 'requests',
  'start-queued': 'requests',
  'finish-backfill': 'requests',
  'watch-coverage': 'requests',
  'review-form': 'requests',
  'publish-home': 'messages',
  reconcile: 'requests',
  'refresh-progress': 'messages',
  'send-message': 'messages',
};
const requestsAtATime = 4;
const finishedNamesKept = 100_000;

/**
 * Tasks in the memory of this process. A Fault `later` is tried again after 1, 2, 4 ... 60 s without end, a Fault
 * `never` is dropped, anything else that is thrown is retried five times; all of it is logged.
 * @param concurrency cells under way at a time. Messages go one at a time, so that they are sent in their order.
 */
export function localTasks({
  clock,
  concurrency,
  log,
}: {
  clock: Clock;
  concurrency: number;
  log: Logger;
}): LocalTasks {
  const names = knownNames(finishedNamesKept);
  const stopping = abortableByMany();
  let handler: TaskHandler | undefined;
  let unfinished = 0;
  let underWay = 0;
  const watchers: (() => void)[] = [];

  const tellWatchers = () => {
    const rest = stopping.signal.aborted ? underWay : unfinished;
    if (rest === 0) for (const resolve of watchers.splice(0)) resolve();
  };
  const perform = async (task: Waiting) => {
    if (!handler || stopping.signal.aborted) return;
    underWay += 1;
    task.tries += 1;
    const run = handler;
    const again = await traceTask(task.task, task.asked, () => tryTask(task, task.tries, run, log));
    underWay -= 1;
    if (again === undefined) finish(task.name);
    else void admit(task, clock.now() + again);
    tellWatchers();
  };
  const lanes = {
    cells: makeLane(concurrency, perform),
    requests: makeLane(requestsAtATime, perform),
    messages: makeLane(1, perform),
  };
  const admit = async (task: Waiting, instant: number) => {
    if (instant > clock.now()) await clock.wait(instant - clock.now(), stopping.signal);
    if (!stopping.signal.aborted) lanes[laneOf[task.task.kind]].push(task);
  };
  const finish = (name: string) => {
    names.finish(name);
    unfinished -= 1;
  };
  const untilNothingIsLeft = () =>
    new Promise<void>((resolve) => {
      watchers.push(resolve);
      tellWatchers();
    });

  return {
    cellsAtATime: concurrency,
    endsWithProcess: true,
    async enqueue(tasks) {
      for (const task of tasks) checkTask(task);
      for (const { name, task, notBefore = 0 } of tasks) {
        if (stopping.signal.aborted || !names.add(name)) continue;
        unfinished += 1;
        void admit({ name, task: structuredClone(task), tries: 0, asked: currentTrace() }, notBefore);
      }
    },
    start(given) {
      handler = given;
      for (const lane of Object.values(lanes)) lane.open();
    },
    async stop() {
      stopping.abort();
      for (const lane of Object.values(lanes)) lane.close();
      await untilNothingIsLeft();
    },
    idle: untilNothingIsLeft,
  };
}

/** Every task that waits listens to the one signal; more than ten listeners are no leak here. */
function abortableByMany(): AbortController {
  const controller = new AbortController();
  setMaxListeners(0, controller.signal);
  return controller;
}

/** Refuses what a real queue or its worker would refuse, so that a mistake shows on a laptop first. */
function checkTask({ name, task }: Enqueued): void {
  if (!/^[A-Za-z0-9_-]{1,500}$/.test(name)) throw new Fault(`A task cannot be named "${name.slice(0, 80)}"`, 'never');
  const read = taskSchema.safeParse(task);
  if (!read.success) throw new Fault(`Task ${name} is none that is known`, 'never', { cause: read.error });
}
