/**
 * Virtual time: what is to happen, in order. One event at a time, and the next one only when nothing that followed from
 * the last one can go on by itself; so a run depends on its seed and on nothing else.
 */
import { hashOf } from './chance.ts';

export type Timeline = {
  /** Epoch milliseconds. */
  now(): number;
  after(ms: number, what: string, happen: () => void | Promise<void>): void;
  /** Lets the next event happen; false when there is none. */
  step(): Promise<boolean>;
  /** Puts a line into the trace. */
  note(line: string): void;
  /** The last lines, and a number that differs when any line of all differs. */
  trace(): { readonly hash: string; readonly lines: number; readonly last: readonly string[] };
};

type Event = { readonly at: number; readonly order: number; readonly what: string; readonly happen: () => unknown };

const linesKept = 120;

/** An empty timeline. @param start epoch milliseconds */
export function makeTimeline(start: number): Timeline {
  const heap: Event[] = [];
  const last: string[] = [];
  let now = start;
  let order = 0;
  let lines = 0;
  let hash: readonly [number, number] = [0x811c9dc5, 0x01234567];
  const note = (line: string) => {
    const text = `${((now - start) / 1000).toFixed(3)} ${line}`;
    hash = [hashOf(text, hash[0]), hashOf(text, hash[1])];
    lines += 1;
    last.push(text);
    if (last.length > linesKept * 2) last.splice(0, linesKept);
  };
  return {
    now: () => now,
    note,
    after: (ms, what, happen) => {
      if (!(ms >= 0)) throw new Error(`${what} cannot be in the past`);
      push(heap, { at: now + Math.round(ms), order: order++, what, happen });
    },
    step: async () => {
      const event = pop(heap);
      if (!event) return false;
      now = event.at;
      if (event.what !== '') note(event.what);
      await event.happen();
      await untilNothingMoves();
      return true;
    },
    trace: () => ({
      hash: hash.map((part) => part.toString(16).padStart(8, '0')).join(''),
      lines,
      last: last.slice(-linesKept),
    }),
  };
}

/** All promises that can settle have settled when a new turn of the machine's loop begins. */
function untilNothingMoves(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

function isBefore(one: Event, other: Event): boolean {
  return one.at < other.at || (one.at === other.at && one.order < other.order);
}

function push(heap: Event[], event: Event): void {
  let at = heap.length;
  heap.push(event);
  while (at > 0) {
    const above = (at - 1) >> 1;
    const parent = heap[above];
    if (!parent || !isBefore(event, parent)) break;
    heap[at] = parent;
    at = above;
  }
  heap[at] = event;
}

function pop(heap: Event[]): Event | undefined {
  const first = heap[0];
  const moved = heap.pop();
  if (!first || !moved || heap.length === 0) return first;
  let at = 0;
  for (;;) {
    let below = 2 * at + 1;
    const right = heap[below + 1];
    if (right && isBefore(right, heap[below] ?? right)) below += 1;
    const child = heap[below];
    if (!child || !isBefore(child, moved)) break;
    heap[at] = child;
    at = below;
  }
  heap[at] = moved;
  return first;
}
