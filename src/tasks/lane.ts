/** A lane of tasks: first in, first out, so many at a time. It stays shut until somebody can perform what it holds. */

export type Lane<T extends object> = {
  push(task: T): void;
  /** Begins to perform. */
  open(): void;
  /** Starts nothing more and forgets what waits; what is under way goes on. */
  close(): void;
};

/**
 * @param width tasks at a time
 * @param perform must not reject: the lane goes on when it resolves. It is never called before `push` has returned.
 */
export function makeLane<T extends object>(width: number, perform: (task: T) => Promise<void>): Lane<T> {
  const queue: T[] = [];
  let isOpen = false;
  let busy = 0;
  const run = async (task: T) => {
    await Promise.resolve();
    await perform(task);
    busy -= 1;
    pump();
  };
  const pump = () => {
    while (isOpen && busy < width) {
      const task = queue.shift();
      if (!task) return;
      busy += 1;
      void run(task);
    }
  };
  return {
    push(task) {
      queue.push(task);
      pump();
    },
    open() {
      isOpen = true;
      pump();
    },
    close() {
      isOpen = false;
      queue.length = 0;
    },
  };
}
