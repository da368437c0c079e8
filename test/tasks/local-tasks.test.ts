import pino from 'pino';
import { describe, expect, it } from 'vitest';
import { Fault } from '../../src/fault.ts';
import { type LocalTasks, localTasks } from '../../src/tasks/local-tasks.ts';
import type { Task } from '../../src/tasks/tasks.ts';
import { cellTask, messageTask, tasksContract } from '../contracts/tasks.ts';
import { manualClock } from '../support/manual-clock.ts';

/** A queue with its clock and the lines that it logged. */
function setUp(concurrency = 1) {
  const clock = manualClock(1_000_000);
  const lines: Record<string, unknown>[] = [];
  const log = pino({ level: 'trace' }, { write: (line: string) => void lines.push(JSON.parse(line)) });
  return { clock, lines, queue: localTasks({ clock, concurrency, log }) };
}

/** A door that a task waits at until the test opens it. */
function door() {
  let open: () => void = () => undefined;
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { open, opened };
}

const enqueueCells = (queue: LocalTasks, dates: readonly string[]) =>
  queue.enqueue(dates.map((date) => ({ name: `cell-${date}`, task: cellTask(date) })));
const dates = ['2021-11-01', '2021-11-02', '2021-11-03', '2021-11-04', '2021-11-05'];
const dateOf = (task: Task) => (task.kind === 'fill-cell' ? task.date : task.kind);

tasksContract('local', () => {
  const { clock, queue } = setUp();
  return {
    tasks: queue,
    start: queue.start,
    idle: queue.idle,
    now: clock.now,
    advance: clock.advance,
    stop: queue.stop,
  };
});

describe('local tasks', () => {
  it('run as many cells at a time as they were told, in their order', async () => {
    const { clock, queue } = setUp(2);
    const started: string[] = [];
    const doors = dates.map(door);
    queue.start(async (task) => {
      started.push(dateOf(task));
      await doors[dates.indexOf(dateOf(task))]?.opened;
    });
    await enqueueCells(queue, dates);
    await clock.advance(0);
    expect(started).toEqual(dates.slice(0, 2));
    doors[1]?.open();
    await clock.advance(0);
    expect(started).toEqual(dates.slice(0, 3));
    for (const one of doors) one.open();
    await queue.idle();
    expect(started).toEqual(dates);
  });

  it('send messages and answer questions while cells take their time', async () => {
    const { queue, clock } = setUp(1);
    const ended: string[] = [];
    const slow = door();
    queue.start(async (task) => {
      if (task.kind === 'fill-cell') await slow.opened;
      ended.push(task.kind);
    });
    await enqueueCells(queue, dates);
    await queue.enqueue([
      { name: 'm', task: messageTask('m1') },
      { name: 'p', task: { v: 1, kind: 'refresh-progress', backfill: 'b1' } },
      { name: 'c', task: { v: 1, kind: 'report-coverage', request: 'r1' } },
      { name: 'v', task: { v: 1, kind: 'verify-cell', backfill: 'b1', table: 'mlfs', date: '2021-11-01' } },
    ]);
    await clock.advance(0);
    expect([...ended].sort()).toEqual(['refresh-progress', 'report-coverage', 'send-message', 'verify-cell']);
    slow.open();
    await queue.idle();
    expect(ended).toHaveLength(9);
  });

  it('send messages one after the other', async () => {
    const { queue, clock } = setUp(4);
    const events: string[] = [];
    const doors = [door(), door()];
    queue.start(async (task) => {
      if (task.kind !== 'send-message') return;
      events.push(`start ${task.message}`);
      await doors[Number(task.message)]?.opened;
      events.push(`end ${task.message}`);
    });
    await queue.enqueue(['0', '1'].map((message) => ({ name: message, task: messageTask(message) })));
    doors[1]?.open();
    await clock.advance(0);
    expect(events).toEqual(['start 0']);
    doors[0]?.open();
    await queue.idle();
    expect(events).toEqual(['start 0', 'end 0', 'start 1', 'end 1']);
  });

  it('try again after 1, 2, 4 ... 60 seconds for as long as the fault lasts', async () => {
    const { queue, clock, lines } = setUp();
    const at: number[] = [];
    queue.start(async () => {
      at.push((clock.now() - 1_000_000) / 1000);
      if (at.length < 10) throw new Fault('The store did not answer', 'later');
    });
    await queue.enqueue([{ name: 'a', task: messageTask('m1') }]);
    await clock.advance(10 * 60_000);
    await queue.idle();
    expect(at).toEqual([0, 1, 3, 7, 15, 31, 63, 123, 183, 243]);
    expect(lines).toHaveLength(9);
    expect(lines[0]).toMatchObject({ level: 40, task: 'a', kind: 'send-message', tries: 1, again: 1000 });
  });

  it('let other tasks of the lane pass while one waits for its next try', async () => {
    const { queue, clock } = setUp();
    const ended: string[] = [];
    let failed = false;
    queue.start(async (task) => {
      if (dateOf(task) === dates[0] && !failed) {
        failed = true;
        throw new Fault('busy', 'later');
      }
      ended.push(dateOf(task));
    });
    await enqueueCells(queue, dates.slice(0, 3));
    await clock.advance(1000);
    await queue.idle();
    expect(ended).toEqual([dates[1], dates[2], dates[0]]);
  });

  it('give up at once on a fault that never passes, and say so once', async () => {
    const { queue, lines } = setUp();
    let tries = 0;
    queue.start(async () => {
      tries += 1;
      throw new Fault('The table is gone', 'never');
    });
    await queue.enqueue([{ name: 'a', task: messageTask('m1') }]);
    await queue.idle();
    expect(tries).toBe(1);
    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatchObject({ level: 50, task: 'a', msg: 'A task failed and is given up' });
  });

  it('try an unforeseen error five times again, log each, and go on with the others', async () => {
    const { queue, clock, lines } = setUp();
    const tries: string[] = [];
    queue.start(async (task) => {
      tries.push(dateOf(task));
      if (dateOf(task) === dates[0]) throw new TypeError('x is not a function');
    });
    await enqueueCells(queue, dates.slice(0, 2));
    await clock.advance(10 * 60_000);
    await queue.idle();
    expect(tries.filter((date) => date === dates[0])).toHaveLength(6);
    expect(tries.filter((date) => date === dates[1])).toHaveLength(1);
    expect(lines.map((line) => line.level)).toEqual([50, 50, 50, 50, 50, 50]);
  });

  it('stop: wait for what is under way, start nothing else, and take no more', async () => {
    const { queue, clock } = setUp(1);
    const events: string[] = [];
    const slow = door();
    queue.start(async (task) => {
      events.push(`start ${dateOf(task)}`);
      await slow.opened;
      events.push(`end ${dateOf(task)}`);
    });
    await enqueueCells(queue, dates);
    await queue.enqueue([{ name: 'later', task: messageTask('m'), notBefore: clock.now() + 1000 }]);
    await clock.advance(0);
    const stopped = queue.stop().then(() => events.push('stopped'));
    await queue.enqueue([{ name: 'too-late', task: messageTask('m') }]);
    await clock.advance(5000);
    expect(events).toEqual([`start ${dates[0]}`]);
    slow.open();
    await stopped;
    await clock.advance(5000);
    expect(events).toEqual([`start ${dates[0]}`, `end ${dates[0]}`, 'stopped']);
    expect(clock.waits()).toEqual([]);
  });

  it('stop: drop a task that was taken up and not yet begun', async () => {
    const { queue, clock } = setUp();
    let seen = 0;
    queue.start(async () => void seen++);
    const enqueued = enqueueCells(queue, dates);
    await queue.stop();
    await enqueued;
    await clock.advance(5000);
    expect(seen).toBe(0);
  });

  it('are idle only when nothing waits for its instant either', async () => {
    const { queue, clock } = setUp();
    queue.start(async () => undefined);
    let idle = false;
    await queue.enqueue([{ name: 'a', task: messageTask('m1'), notBefore: clock.now() + 1000 }]);
    const watching = queue.idle().then(() => {
      idle = true;
    });
    await clock.advance(999);
    expect(idle).toBe(false);
    await clock.advance(1);
    await watching;
    expect(idle).toBe(true);
  });

  it('keep what is enqueued before the start', async () => {
    const { queue } = setUp();
    const seen: string[] = [];
    await enqueueCells(queue, dates);
    expect(seen).toEqual([]);
    queue.start(async (task) => void seen.push(dateOf(task)));
    await queue.idle();
    expect(seen).toEqual(dates);
  });

  it('hand on a copy, so that a caller cannot change a task afterwards', async () => {
    const { queue } = setUp();
    const task = { v: 1 as const, kind: 'send-message' as const, message: 'm1' };
    const seen: Task[] = [];
    await queue.enqueue([{ name: 'a', task }]);
    task.message = 'm2';
    queue.start(async (given) => void seen.push(given));
    await queue.idle();
    expect(seen).toEqual([messageTask('m1')]);
  });

  it('hold hundreds of waiting tasks without a warning of leaked listeners', async () => {
    const warnings: Error[] = [];
    const listen = (warning: Error) => void warnings.push(warning);
    process.on('warning', listen);
    const { queue, clock } = setUp();
    let seen = 0;
    queue.start(async () => void seen++);
    const many = Array.from({ length: 300 }, (_, i) => ({
      name: `m-${i}`,
      task: messageTask(`m${i}`),
      notBefore: clock.now() + 1 + i,
    }));
    await queue.enqueue(many);
    await clock.advance(300);
    await queue.idle();
    process.off('warning', listen);
    expect(seen).toBe(300);
    expect(warnings).toEqual([]);
  });
});
