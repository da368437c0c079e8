/**
 * Sets of root numbers. A cell deep in a chain of windows can have a thousand roots, nearly the same as its neighbour's,
 * so sets are bit sets that span only from their lowest to their highest number, lie in one array, and are kept once:
 * equal sets have the same handle.
 */

/** All the sets of one judging. A handle is an index into `start`; handle 0 is the empty set. */
export type RootSets = {
  words: Uint32Array;
  /** Where the words of a set begin; the next entry is where they end. */
  readonly start: number[];
  /** Which word of the whole range its first word is. */
  readonly low: number[];
  /** How many numbers it holds. */
  readonly size: number[];
  readonly byHash: Map<number, number>;
};

/** A set under construction, over the whole range of numbers; `low` to `high` are the words in use. */
export type Span = { readonly words: Uint32Array; low: number; high: number };

export const emptySet = 0;

/** No sets but the empty one. */
export function rootSets(): RootSets {
  return { words: new Uint32Array(1024), start: [0, 0], low: [0], size: [0], byHash: new Map() };
}

/** An empty span for numbers below `numbers`. */
export function emptySpan(numbers: number): Span {
  const words = new Uint32Array((numbers >> 5) + 1);
  return { words, low: words.length, high: -1 };
}

/** Takes everything out of a span. */
export function clearSpan(span: Span): void {
  span.words.fill(0, Math.min(span.low, span.high + 1), span.high + 1);
  span.low = span.words.length;
  span.high = -1;
}

/** Adds one number. */
export function addNumber(span: Span, number: number): void {
  const at = number >> 5;
  span.words[at] = (span.words[at] ?? 0) | (1 << (number & 31));
  span.low = Math.min(span.low, at);
  span.high = Math.max(span.high, at);
}

/** Adds a set. */
export function addSet(span: Span, sets: RootSets, set: number): void {
  const from = sets.start[set] ?? 0;
  const length = (sets.start[set + 1] ?? 0) - from;
  if (length === 0) return;
  const low = sets.low[set] ?? 0;
  const into = span.words;
  const { words } = sets;
  for (let k = 0; k < length; k++) into[low + k] = (into[low + k] ?? 0) | (words[from + k] ?? 0);
  span.low = Math.min(span.low, low);
  span.high = Math.max(span.high, low + length - 1);
}

/** Adds what another span holds. */
export function addSpan(span: Span, other: Span): void {
  const into = span.words;
  const from = other.words;
  for (let k = other.low; k <= other.high; k++) into[k] = (into[k] ?? 0) | (from[k] ?? 0);
  span.low = Math.min(span.low, other.low);
  span.high = Math.max(span.high, other.high);
}

/** The handle of the set that a span holds. */
export function keepSet(sets: RootSets, span: Span): number {
  if (span.high < 0) return emptySet;
  const hash = hashOf(span);
  const known = sets.byHash.get(hash);
  if (known !== undefined && isSame(sets, known, span)) return known;
  const from = sets.start.at(-1) ?? 0;
  const length = span.high - span.low + 1;
  if (from + length > sets.words.length) sets.words = enlarge(sets.words, from + length);
  let size = 0;
  for (let k = 0; k < length; k++) {
    const word = span.words[span.low + k] ?? 0;
    sets.words[from + k] = word;
    size += countBits(word);
  }
  sets.start.push(from + length);
  sets.low.push(span.low);
  sets.size.push(size);
  const set = sets.size.length - 1;
  // Two sets of one hash: the later is kept too, and only found again until the next.
  sets.byHash.set(hash, set);
  return set;
}

/** Whether two sets have a number in common; `mask` has one bit per number of the whole range. */
export function meets(sets: RootSets, set: number, mask: Uint32Array): boolean {
  const from = sets.start[set] ?? 0;
  const length = (sets.start[set + 1] ?? 0) - from;
  const low = sets.low[set] ?? 0;
  for (let k = 0; k < length; k++) if (((sets.words[from + k] ?? 0) & (mask[low + k] ?? 0)) !== 0) return true;
  return false;
}

/** The numbers of a set, ascending: calls `visit` for each until it says false. */
export function visitNumbers(sets: RootSets, set: number, visit: (number: number) => boolean): void {
  const from = sets.start[set] ?? 0;
  const end = sets.start[set + 1] ?? 0;
  const low = sets.low[set] ?? 0;
  for (let k = from; k < end; k++) {
    let word = sets.words[k] ?? 0;
    const base = (low + k - from) << 5;
    while (word !== 0) {
      const bit = 31 - Math.clz32(word & -word);
      if (!visit(base + bit)) return;
      word &= word - 1;
    }
  }
}

function hashOf(span: Span): number {
  let hash = Math.imul(span.low, 0x9e3779b1);
  for (let k = span.low; k <= span.high; k++) {
    hash = Math.imul(hash ^ (span.words[k] ?? 0), 0x85ebca6b);
    hash ^= hash >>> 15;
  }
  return hash | 0;
}

function isSame(sets: RootSets, set: number, span: Span): boolean {
  const from = sets.start[set] ?? 0;
  const length = (sets.start[set + 1] ?? 0) - from;
  if (sets.low[set] !== span.low || length !== span.high - span.low + 1) return false;
  for (let k = 0; k < length; k++) if (sets.words[from + k] !== span.words[span.low + k]) return false;
  return true;
}

function enlarge(words: Uint32Array, least: number): Uint32Array {
  const larger = new Uint32Array(Math.max(least, Math.ceil(words.length * 1.5)));
  larger.set(words);
  return larger;
}

function countBits(word: number): number {
  let n = word - ((word >>> 1) & 0x55555555);
  n = (n & 0x33333333) + ((n >>> 2) & 0x33333333);
  return Math.imul((n + (n >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}
