/**
 * How long a set of cells takes: the run is played through as the engine would run it, first cell of the order first,
 * within the limits, each when the dates that it waits for are done. Needs are ranges of dates and not pairs, and stay
 * so here, since ten thousand cells with windows over a season would be millions of pairs.
 */
import { type CalendarDate, toDay } from '../dates.ts';
import { type Heap, pop, push } from '../heap.ts';

/** Cells of `table` wait for those of `needs` from `days` before their own date up to it. */
export type Wait = { readonly table: string; readonly needs: string; readonly days: number };
/** Tables that one service fills, how many calls that takes at a time, and the least time between two starts (ms). */
export type Lane = { readonly tables: readonly string[]; readonly max: number; readonly interval: number };
/** A cell that is not done, in the order of its plan; `started`: it runs already. */
export type Job = { readonly table: string; readonly date: CalendarDate; readonly started: boolean };

export type Course = {
  readonly jobs: readonly Job[];
  readonly lanes: readonly Lane[];
  /** Cells of all lanes at a time; null is no limit. */
  readonly concurrency: number | null;
  readonly waits: readonly Wait[];
};

/** The course laid out for playing it: of each table its jobs by date, and of each job the ranges that it waits for. */
export type Laid = {
  readonly course: Course;
  /** By table: its jobs, by date. */
  readonly rows: readonly (readonly number[])[];
  /** By job: its place in its table's row. */
  readonly row: Int32Array;
  readonly place: Int32Array;
  readonly lane: Int32Array;
  /** One entry per wait of a job: the job, and the range of places of another table's row. */
  readonly waiter: readonly number[];
  readonly above: readonly number[];
  readonly from: readonly number[];
  readonly to: readonly number[];
};

/** Lays a course out, once for any number of `play`. */
export function layOutCourse(course: Course): Laid {
  const { jobs, lanes } = course;
  const tables = [...new Set(jobs.map((job) => job.table))];
  const index = new Map(tables.map((table, n) => [table, n]));
  const day = Int32Array.from(jobs, (job) => toDay(job.date));
  const rows = tables.map((): number[] => []);
  const row = Int32Array.from(jobs, (job) => index.get(job.table) ?? 0);
  for (let job = 0; job < jobs.length; job++) rows[row[job] ?? 0]?.push(job);
  for (const own of rows) own.sort((a, b) => (day[a] ?? 0) - (day[b] ?? 0));
  const place = new Int32Array(jobs.length);
  for (const own of rows) for (const [n, job] of own.entries()) place[job] = n;
  const laneOf = new Map(lanes.flatMap((lane, n) => lane.tables.map((table) => [table, n] as const)));
  const laid = {
    course,
    rows,
    row,
    place,
    // Tables without a lane have one of their own that takes any number.
    lane: Int32Array.from(jobs, (job) => laneOf.get(job.table) ?? lanes.length),
    waiter: [] as number[],
    above: [] as number[],
    from: [] as number[],
    to: [] as number[],
  };
  for (const wait of course.waits) {
    const [below, above] = [index.get(wait.table), index.get(wait.needs)];
    if (below === undefined || above === undefined) continue;
    addWaits(laid, day, { below, above, days: wait.days });
  }
  return laid;
}

type Adding = Pick<Laid, 'rows'> & { waiter: number[]; above: number[]; from: number[]; to: number[] };

/** Both rows are by date, so the ends of the ranges only ever move forward. */
function addWaits(laid: Adding, day: Int32Array, wait: { below: number; above: number; days: number }): void {
  const upper = laid.rows[wait.above] ?? [];
  let from = 0;
  let to = -1;
  for (const [n, job] of (laid.rows[wait.below] ?? []).entries()) {
    const own = day[job] ?? 0;
    while (from < upper.length && (day[upper[from] ?? 0] ?? 0) < own - wait.days) from++;
    while (to + 1 < upper.length && (day[upper[to + 1] ?? 0] ?? 0) <= own) to++;
    const last = wait.above === wait.below ? Math.min(to, n - 1) : to;
    if (from > last) continue;
    laid.waiter.push(job);
    laid.above.push(wait.above);
    laid.from.push(from);
    laid.to.push(last);
  }
}

/** The time from now to the end of the last job, if each takes `ms[job]` from now or from its start. */
export function play(laid: Laid, ms: Float64Array): number {
  const floor = openFloor(laid, ms);
  const gate = openGates(laid, (job) => push(floor.ready[laid.lane[job] ?? 0] ?? floor.running, job));
  for (const [job, { started }] of laid.course.jobs.entries()) if (started) start(floor, job);
  for (;;) {
    const lane = floor.slots > 0 ? findLane(floor) : -1;
    const next = floor.running.items[0];
    const at = lane < 0 ? Number.POSITIVE_INFINITY : Math.max(floor.now, floor.opens[lane] ?? 0);
    if (next !== undefined && (floor.ends[next] ?? 0) < at) gate(end(floor));
    else if (lane < 0) return floor.now;
    else {
      floor.now = at;
      start(floor, pop(floor.ready[lane] ?? floor.running) ?? 0);
    }
  }
}

/** What is going on: per lane the jobs that are ready, how many more it takes, and when it takes the next one. */
type Floor = {
  readonly laid: Laid;
  readonly ms: Float64Array;
  readonly ends: Float64Array;
  readonly running: Heap;
  readonly ready: readonly Heap[];
  readonly free: number[];
  readonly opens: Float64Array;
  slots: number;
  now: number;
};

function openFloor(laid: Laid, ms: Float64Array): Floor {
  const { lanes, concurrency } = laid.course;
  const ends = new Float64Array(ms.length);
  return {
    laid,
    ms,
    ends,
    running: { items: [], before: (a, b) => (ends[a] ?? 0) < (ends[b] ?? 0) },
    ready: Array.from({ length: lanes.length + 1 }, (): Heap => ({ items: [], before: (a, b) => a < b })),
    free: [...lanes.map((lane) => lane.max), Number.POSITIVE_INFINITY],
    opens: new Float64Array(lanes.length + 1),
    slots: concurrency ?? Number.POSITIVE_INFINITY,
    now: 0,
  };
}

function start(floor: Floor, job: number): void {
  const lane = floor.laid.lane[job] ?? 0;
  floor.free[lane] = (floor.free[lane] ?? 0) - 1;
  floor.opens[lane] = floor.now + (floor.laid.course.lanes[lane]?.interval ?? 0);
  floor.slots--;
  floor.ends[job] = floor.now + (floor.ms[job] ?? 0);
  push(floor.running, job);
}

function end(floor: Floor): number {
  const job = pop(floor.running) ?? 0;
  const lane = floor.laid.lane[job] ?? 0;
  floor.now = floor.ends[job] ?? floor.now;
  floor.free[lane] = (floor.free[lane] ?? 0) + 1;
  floor.slots++;
  return job;
}

/** The lane with room that takes a job soonest, of several the one whose job comes first; -1 when none can start. */
function findLane({ ready, free, opens, now }: Floor): number {
  let best = -1;
  let [soonest, first] = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY];
  for (const [lane, { items }] of ready.entries()) {
    const head = items[0];
    const at = Math.max(now, opens[lane] ?? 0);
    if (head === undefined || (free[lane] ?? 0) <= 0 || at > soonest || (at === soonest && head > first)) continue;
    [best, soonest, first] = [lane, at, head];
  }
  return best;
}

/**
 * Passes jobs on to `open` when nothing of what they wait for is left. Each range watches the last of its jobs that is
 * not done; only when that one ends does it look for another.
 */
function openGates(laid: Laid, open: (job: number) => void): (ended: number) => void {
  const { jobs } = laid.course;
  const left = laid.rows.map((own) => Int32Array.from({ length: own.length + 1 }, (_, n) => n));
  const shut = new Int32Array(jobs.length);
  // Of each job the waits that watch it, as a chain: its first one, and of each one the next; -1 ends it.
  const first = new Int32Array(jobs.length).fill(-1);
  const next = new Int32Array(laid.waiter.length);
  const watch = (wait: number): boolean => {
    const row = laid.above[wait] ?? 0;
    const last = findLeft(left[row] ?? new Int32Array(1), (laid.to[wait] ?? 0) + 1) - 1;
    if (last < (laid.from[wait] ?? 0)) return false;
    const job = laid.rows[row]?.[last] ?? 0;
    next[wait] = first[job] ?? -1;
    first[job] = wait;
    return true;
  };
  for (const [wait, job] of laid.waiter.entries()) if (watch(wait)) shut[job] = (shut[job] ?? 0) + 1;
  for (const [n, job] of jobs.entries()) if (!job.started && shut[n] === 0) open(n);
  return (ended) => {
    const row = left[laid.row[ended] ?? 0];
    const place = laid.place[ended] ?? 0;
    if (row) row[place + 1] = place;
    for (let wait = first[ended] ?? -1, after = -1; wait >= 0; wait = after) {
      after = next[wait] ?? -1;
      if (watch(wait)) continue;
      const job = laid.waiter[wait] ?? 0;
      shut[job] = (shut[job] ?? 0) - 1;
      if (shut[job] === 0 && !jobs[job]?.started) open(job);
    }
  };
}

/** The last place not above `place` that is left, counted from 1; 0 when none is. Shortens the way for the next search. */
function findLeft(left: Int32Array, place: number): number {
  let found = place;
  while (left[found] !== found) {
    const next = left[found] ?? 0;
    left[found] = left[next] ?? next;
    found = next;
  }
  return found;
}
