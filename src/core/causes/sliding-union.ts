/**
 * Unions over windows that slide with the date. A window's roots are not merged anew for every date: the front of the
 * window keeps the union from each of its dates on, the back one union of all that came after, and when the front is
 * used up the back becomes the front. So each date enters twice, however long the window is.
 */
import { addSpan, clearSpan, emptySpan, type Span } from './root-sets.ts';

export type SlidingUnion = {
  /** Adds what one date brings. */
  readonly bring: (span: Span, date: number) => void;
  readonly numbers: number;
  /** Unions from each date of the front to the front's end; entry 0 is of date `first`. */
  readonly front: Span[];
  first: number;
  /** The first date after the front. */
  middle: number;
  readonly back: Span;
  /** The last date that is in `back`. */
  last: number;
};

/** A window over nothing yet. `numbers`: roots are numbered below it. */
export function slidingUnion(numbers: number, bring: SlidingUnion['bring']): SlidingUnion {
  return { bring, numbers, front: [], first: 0, middle: 0, back: emptySpan(numbers), last: -1 };
}

/** Adds the union of the dates `from` to `to` to a span; ask for windows in the order of their ends. */
export function addWindow(span: Span, union: SlidingUnion, from: number, to: number): void {
  // A window that shares nothing with the one before begins anew; its start falls only where a season ends.
  if (from < union.first || from > union.last) restart(union, from, from);
  else if (from >= union.middle) restart(union, from, to);
  while (union.last < to) {
    union.last++;
    union.bring(union.back, union.last);
  }
  const front = union.front[from - union.first];
  if (front) addSpan(span, front);
  addSpan(span, union.back);
}

/** Makes `from` to `to` the front, and the back empty. */
function restart(union: SlidingUnion, from: number, to: number): void {
  clearSpan(union.back);
  union.first = from;
  union.middle = to + 1;
  union.last = to;
  for (let date = to; date >= from; date--) {
    const at = date - from;
    const span = union.front[at] ?? emptySpan(union.numbers);
    union.front[at] = span;
    clearSpan(span);
    const after = date < to ? union.front[at + 1] : undefined;
    if (after) addSpan(span, after);
    union.bring(span, date);
  }
}
