/** What every queue of tasks does, whoever keeps it. Run it against each adapter, with a clock that the test moves. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Fault } from '../../src/fault.ts';
import type { Task, TaskHandler, Tasks } from '../../src/tasks/tasks.ts';

export type TasksUnderTest = {
  readonly tasks: Tasks;
  start(handler: TaskHandler): void;
  /** Resolves when nothing is left to do. */
  idle(): Promise<void>;
  now(): number;
  advance(ms: number): Promise<void>;
  stop(): Promise<void>;
};

export const cellTask = (date: string): Task => ({ v: 1, kind: 'fill-cell', backfill: 'b1', table: 'mlfs', date });
export const messageTask = (message: string): Task => ({ v: 1, kind: 'send-message', message });

/** @param make gives a new, empty queue that performs one cell at a time. */
export function tasksContract(name: string, make: () => TasksUnderTest | Promise<TasksUnderTest>): void {
  describe(`tasks: ${name}`, () => {
    let queue: TasksUnderTest;
    beforeEach(async () => {
      queue = await make();
    });
    afterEach(async () => await queue.stop());

    it('performs every task once, with the payload it was given', async () => {
      const seen: Task[] = [];
      queue.start(async (task) => void seen.push(task));
      await queue.tasks.enqueue([
        { name: 'a', task: cellTask('2021-11-01') },
        { name: 'b', task: cellTask('2021-11-02') },
      ]);
      await queue.idle();
      expect(seen).toEqual([cellTask('2021-11-01'), cellTask('2021-11-02')]);
    });

    it('drops a second task of a name, in one call, later, and after the first has ended', async () => {
      const seen: Task[] = [];
      queue.start(async (task) => void seen.push(task));
      const task = { name: 'a', task: messageTask('m1') };
      await queue.tasks.enqueue([task, task]);
      await queue.tasks.enqueue([task]);
      await queue.idle();
      await queue.tasks.enqueue([{ name: 'a', task: messageTask('m2') }]);
      await queue.idle();
      expect(seen).toEqual([messageTask('m1')]);
    });

    it('performs a task not before its instant', async () => {
      const at: number[] = [];
      queue.start(async () => void at.push(queue.now()));
      const due = queue.now() + 90_000;
      await queue.tasks.enqueue([{ name: 'a', task: messageTask('m1'), notBefore: due }]);
      await queue.advance(89_999);
      expect(at).toEqual([]);
      await queue.advance(1);
      await queue.idle();
      expect(at).toEqual([due]);
    });

    it('performs a task whose instant is past at once', async () => {
      let seen = 0;
      queue.start(async () => void seen++);
      await queue.tasks.enqueue([{ name: 'a', task: messageTask('m1'), notBefore: queue.now() - 1 }]);
      await queue.idle();
      expect(seen).toBe(1);
    });

    it('tries a task again that met a fault which passes', async () => {
      let tries = 0;
      queue.start(async () => {
        tries += 1;
        if (tries < 3) throw new Fault('The store did not answer', 'later');
      });
      await queue.tasks.enqueue([{ name: 'a', task: messageTask('m1') }]);
      await queue.advance(10 * 60_000);
      await queue.idle();
      expect(tries).toBe(3);
    });

    it('lets a task enqueue others', async () => {
      const seen: Task[] = [];
      queue.start(async (task) => {
        seen.push(task);
        if (task.kind === 'fill-cell') await queue.tasks.enqueue([{ name: 'next', task: messageTask('m1') }]);
      });
      await queue.tasks.enqueue([{ name: 'a', task: cellTask('2021-11-01') }]);
      await queue.idle();
      expect(seen).toEqual([cellTask('2021-11-01'), messageTask('m1')]);
    });

    it('accepts all tasks of a call or none', async () => {
      const seen: Task[] = [];
      queue.start(async (task) => void seen.push(task));
      const bad = { name: 'not a name', task: messageTask('m2') };
      await expect(queue.tasks.enqueue([{ name: 'a', task: messageTask('m1') }, bad])).rejects.toBeInstanceOf(Fault);
      await queue.idle();
      expect(seen).toEqual([]);
    });

    it('takes an empty call', async () => {
      await expect(queue.tasks.enqueue([])).resolves.toBeUndefined();
    });
  });
}
