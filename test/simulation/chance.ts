/**
 * Chance that a seed owns. Each kind of fault draws from a stream of its own, so that switching one kind off leaves the
 * others as they were: that is how a failing run is made smaller.
 */
export type Chance = {
  /** From 0 to 1. */
  share(): number;
  happens(probability: number): boolean;
  /** A whole number, both ends included. */
  between(least: number, most: number): number;
  pick<T>(list: readonly T[]): T;
  /** One of the names, by their weights. */
  weigh<K extends string>(weights: Readonly<Record<K, number>>): K;
};

/** The stream of a name under a seed. */
export function chanceOf(seed: number, stream: string): Chance {
  let state = hashOf(`${seed} ${stream}`);
  const share = () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const between = (least: number, most: number) => least + Math.floor(share() * (most - least + 1));
  return {
    share,
    happens: (probability) => share() < probability,
    between,
    pick: (list) => {
      const picked = list[between(0, list.length - 1)];
      if (picked === undefined) throw new Error('nothing to pick from');
      return picked;
    },
    weigh: (weights) => weigh(weights, share()),
  };
}

function weigh<K extends string>(weights: Readonly<Record<K, number>>, share: number): K {
  const entries = Object.entries<number>(weights) as [K, number][];
  let left = share * entries.reduce((sum, [, weight]) => sum + weight, 0);
  for (const [name, weight] of entries) {
    left -= weight;
    if (left < 0) return name;
  }
  throw new Error('no weights');
}

/** FNV-1a, 32 bits. */
export function hashOf(text: string, start = 0x811c9dc5): number {
  let hash = start;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return hash >>> 0;
}
