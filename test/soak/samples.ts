/** What the operating system tells of a process, and whether it grows. */
import { readdirSync, readFileSync } from 'node:fs';

/** `at`: minutes since the start. `memory`: resident, in MB. `cpu`: seconds so far. */
export type Sample = {
  readonly at: number;
  readonly memory: number;
  readonly handles: number;
  readonly cpu: number;
  /** Requests that were answered, and transactions of the store, so far. */
  readonly done: number;
  readonly transactions: number;
};

/** Reads a process of Linux. Throws where there is none of this id. */
export function readProcess(pid: number): Pick<Sample, 'memory' | 'handles' | 'cpu'> {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  const kilobytes = Number(/VmRSS:\s+(\d+)/.exec(status)?.[1]);
  // After the name in brackets, which may hold blanks: the 12th and 13th field are ticks of a hundredth second.
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
  return {
    memory: kilobytes / 1024,
    handles: readdirSync(`/proc/${pid}/fd`).length,
    cpu: (Number(fields[11]) + Number(fields[12])) / 100,
  };
}

/** The slope by Theil and Sen, the median of all pairs: a collection of garbage now and then does not move it. */
export function slopeOf(points: readonly (readonly [x: number, y: number])[]): number {
  const slopes = points.flatMap(([x, y], n) => points.slice(n + 1).map(([x2, y2]) => (y2 - y) / (x2 - x)));
  return slopes.sort((a, b) => a - b)[slopes.length >> 1] ?? Number.NaN;
}

export type Steady = {
  /** MB per hour. */
  readonly memory: number;
  /** Handles per hour. */
  readonly handles: number;
  /** Of each request, its cost in the last third beside the first third after the warm-up: 1 is flat. */
  readonly cpu: number;
  readonly transactions: number;
};

/** What became of a soak, without its first quarter, in which caches fill and code is compiled. */
export function judgeSoak(samples: readonly Sample[]): Steady {
  const steady = samples.slice(Math.floor(samples.length / 4));
  const perHour = (of: (sample: Sample) => number) => 60 * slopeOf(steady.map((sample) => [sample.at, of(sample)]));
  const third = Math.floor(steady.length / 3);
  const cost = (of: (sample: Sample) => number, part: readonly Sample[]) => {
    const [first, last] = [part[0], part.at(-1)];
    return first && last ? (of(last) - of(first)) / (last.done - first.done) : Number.NaN;
  };
  const change = (of: (sample: Sample) => number) => cost(of, steady.slice(-third)) / cost(of, steady.slice(0, third));
  // What is held is what is left after a collection of garbage, so of each tenth the lowest counts.
  const tenth = Math.max(1, Math.floor(steady.length / 10));
  const lowest = Array.from({ length: Math.floor(steady.length / tenth) }, (_, n) =>
    steady.slice(n * tenth, (n + 1) * tenth).reduce((low, one) => (one.memory < low.memory ? one : low)),
  );
  return {
    memory: 60 * slopeOf(lowest.map(({ at, memory }) => [at, memory])),
    handles: perHour(({ handles }) => handles),
    cpu: change(({ cpu }) => cpu),
    transactions: change(({ transactions }) => transactions),
  };
}
