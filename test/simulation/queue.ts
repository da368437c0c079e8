/**
 * A task queue outside of the processes, as hard as one may be: it knows names for ever, takes a batch in part, comes late,
 * twice, in any order and to any process, and gives up after a while. What a process in the embedded home has is the real
 * local queue, which dies with it.
 */
import { Fault } from '../../src/fault.ts';
import type { Enqueued, Task, TaskHandler, Tasks } from '../../src/tasks/tasks.ts';
import type { Chance } from './chance.ts';
import type { Crossing, Faults, Life } from './life.ts';
import type { Timeline } from './timeline.ts';

export type Worker = { readonly life: Life; readonly perform: TaskHandler };

export type Queue = {
  portOf(crossing: Crossing): Tasks;
  /** Tasks that are to be performed still. */
  waiting(): number;
};

type World = {
  readonly timeline: Timeline;
  readonly faults: Faults;
  readonly lag: Chance;
  readonly workers: () => readonly Worker[];
};

const mostTries = 12;

export function makeQueue({ timeline, faults, lag, workers }: World): Queue {
  const names = new Set<string>();
  let waiting = 0;
  const accept = ({ name, task, notBefore = 0 }: Enqueued) => {
    if (names.has(name)) return;
    names.add(name);
    const late = faults.strike('queue', 0.05) ? faults.chance('queue').between(1_000, 180_000) : lag.between(1, 300);
    plan(name, task, Math.max(0, notBefore - timeline.now()) + late, 1);
    if (faults.strike('queue', 0.04)) plan(name, task, late + faults.chance('queue').between(1, 60_000), 1);
  };
  const plan = (name: string, task: Task, ms: number, tries: number) => {
    waiting += 1;
    timeline.after(ms, '', () => {
      waiting -= 1;
      deliver(name, task, tries);
    });
  };
  const deliver = (name: string, task: Task, tries: number) => {
    const again = (ms: number) =>
      tries < mostTries ? plan(name, task, ms, tries + 1) : timeline.note(`gave up ${name}`);
    if (faults.strike('queue', 0.02)) return timeline.note(`lost ${name}`);
    const alive = workers();
    if (alive.length === 0) return plan(name, task, 5_000, tries);
    const { life, perform } = lag.pick(alive);
    timeline.note(`${life.name} gets ${name}`);
    let isOver = false;
    perform(structuredClone(task))
      .catch((error: unknown) => {
        timeline.note(`  ${name}: ${error instanceof Error ? error.message : String(error)}`);
        if (!(error instanceof Fault) || error.retry === 'later') again(Math.min(60_000, 1000 * 2 ** tries));
      })
      .finally(() => {
        isOver = true;
      });
    watch(
      () => isOver,
      life,
      () => again(1_000),
    );
  };
  // Whoever dies over a task does not say so: the queue learns it from the connection.
  const watch = (isOver: () => boolean, life: Life, again: () => void) =>
    timeline.after(20_000, '', () => {
      if (isOver()) return;
      if (life.isDead) return again();
      watch(isOver, life, again);
    });
  return {
    waiting: () => waiting,
    portOf: (crossing) => ({
      enqueue: (tasks) =>
        crossing.ask(`enqueues ${tasks.map(({ name }) => name).join(' ')}`, () => {
          for (const task of tasks) {
            if (faults.strike('queue', 0.01)) throw new Fault('the queue did not take all', 'later');
            accept(task);
          }
          if (faults.strike('queue', 0.01)) throw new Fault('the answer of the queue was lost', 'later');
        }),
    }),
  };
}
