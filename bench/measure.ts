/**
 * What the measurements share. The machine is not ours alone and its speed changes within minutes, so only ratios of
 * medians count: all ways run in every round, in an order that is shuffled anew.
 */

/** One way to do the work. `part` is the share of the work that is done when measured; the time is multiplied. */
export type Way = { readonly name: string; readonly part?: number; run(): unknown };

/** Milliseconds of each round, by name of the way. Each is first run for a while, since a server's code is compiled. */
export async function measure(ways: readonly Way[], rounds: number, seed = 1): Promise<Map<string, number[]>> {
  const times = new Map<string, number[]>(ways.map(({ name }) => [name, []]));
  const shuffle = shuffler(seed);
  for (const way of ways) await warmUp(way);
  for (let round = 0; round < rounds; round++) {
    for (const way of shuffle(ways)) {
      globalThis.gc?.();
      const start = performance.now();
      await way.run();
      times.get(way.name)?.push((performance.now() - start) / (way.part ?? 1));
    }
  }
  return times;
}

async function warmUp(way: Way): Promise<void> {
  const start = performance.now();
  for (let run = 0; run < 20 && performance.now() - start < 1000; run++) await way.run();
}

/** Prints each way with its median, its spread, and its ratio to the first. */
export function printWays(times: ReadonlyMap<string, readonly number[]>): void {
  const base = median([...times.values()][0] ?? []);
  for (const [name, all] of times) {
    const spread = `${say(Math.min(...all))}-${say(Math.max(...all))}`;
    console.log(
      `  ${name.padEnd(44)} ${say(median(all)).padStart(9)} ms  ${say(median(all) / base).padStart(7)} x  (${spread})`,
    );
  }
}

/** How many times longer one way takes than another. */
export function ratio(times: ReadonlyMap<string, readonly number[]>, of: string, to: string): number {
  return median(times.get(of) ?? []) / median(times.get(to) ?? []);
}

/** Prints one figure beside its goal, and whether that is reached. */
export function printGoal(
  what: string,
  value: number,
  goal: { readonly most?: number; readonly least?: number; readonly unit?: string },
): void {
  const { most, least, unit = 'x' } = goal;
  const isReached = (most === undefined || value <= most) && (least === undefined || value >= least);
  const asked = most === undefined ? `at least ${least}` : `at most ${most}`;
  console.log(`  ${isReached ? 'reached    ' : 'NOT reached'} ${what}: ${say(value)} ${unit} (goal: ${asked} ${unit})`);
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? Number.NaN) + upper) / 2;
}

function say(value: number): string {
  return value >= 100 ? value.toFixed(0) : value >= 10 ? value.toFixed(1) : value.toFixed(2);
}

/** The order of a round, from a linear congruential generator: the same seed gives the same orders. */
export function shuffler(start: number): <T>(items: readonly T[]) => T[] {
  let state = start;
  return (items) => {
    const keyed = items.map((item) => {
      state = (state * 1103515245 + 12345) % 2147483648;
      return { item, key: state };
    });
    return keyed.sort((a, b) => a.key - b.key).map(({ item }) => item);
  };
}
