/** Chance that can be repeated: a small generator (mulberry32) whose whole state is one seed. */
export type Random = {
  /** At least 0, less than 1. */
  unit(): number;
  /** A whole number from 0 to n - 1. */
  below(n: number): number;
  pick<T>(list: readonly T[]): T;
  /** A new list in random order. */
  shuffle<T>(list: readonly T[]): T[];
  normal(mean: number, deviation: number): number;
  /** A count with the given mean (Poisson). */
  count(mean: number): number;
};

/** A source of chance that gives the same sequence for the same seed. */
export function createRandom(seed: number): Random {
  let state = seed >>> 0;
  const unit = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
  const below = (n: number): number => Math.floor(unit() * n);
  const pick = <T>(list: readonly T[]): T => {
    if (list.length === 0) throw new RangeError('Nothing to pick from');
    return list[below(list.length)] as T; // within the list, whose elements may themselves be undefined
  };
  const shuffle = <T>(list: readonly T[]): T[] =>
    list
      .map((item) => ({ item, order: unit() }))
      .sort((a, b) => a.order - b.order)
      .map(({ item }) => item);
  const normal = (mean: number, deviation: number): number => {
    const radius = Math.sqrt(-2 * Math.log(1 - unit()));
    return mean + deviation * radius * Math.cos(2 * Math.PI * unit());
  };
  const count = (mean: number): number => {
    const floor = Math.exp(-mean);
    let n = 0;
    for (let product = unit(); product > floor; product *= unit()) n += 1;
    return n;
  };
  return { unit, below, pick, shuffle, normal, count };
}
