import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addDays, toDay } from '../../../src/core/dates.ts';
import { type Course, layOutCourse, play } from '../../../src/core/plan/makespan.ts';

const day = (n: number) => addDays('2021-11-01', n);
const job = (table: string, n: number, started = false) => ({ table, date: day(n), started });
const lane = (tables: string[], max: number, interval = 0) => ({ tables, max, interval });

function timeOf(course: Partial<Course>, ms: readonly number[]): number {
  return play(layOutCourse({ jobs: [], lanes: [], concurrency: null, waits: [], ...course }), Float64Array.from(ms));
}

/** The same by hand: every job looks at every other, each time that one ends. */
function timeByHand({ jobs, lanes, concurrency, waits }: Course, ms: readonly number[]): number {
  const state = jobs.map((each): string => (each.started ? 'running' : 'waiting'));
  const ends = jobs.map((each, n) => (each.started ? (ms[n] ?? 0) : 0));
  const laneOf = (n: number) => lanes.findIndex((each) => each.tables.includes(jobs[n]?.table ?? ''));
  const runningIn = (of: number) => jobs.filter((_, n) => state[n] === 'running' && laneOf(n) === of).length;
  const isFree = (n: number): boolean =>
    waits.every(({ table, needs, days }) =>
      jobs.every((other, m) => {
        const back = toDay(jobs[n]?.date ?? '') - toDay(other.date);
        const waited = jobs[n]?.table === table && other.table === needs && m !== n && back >= 0 && back <= days;
        return !waited || state[m] === 'done';
      }),
    );
  for (let now = 0; ; ) {
    for (const [n] of jobs.entries()) {
      const full = state.filter((each) => each === 'running').length >= (concurrency ?? Number.POSITIVE_INFINITY);
      const inLane = laneOf(n);
      if (state[n] !== 'waiting' || full || !isFree(n)) continue;
      if (inLane >= 0 && runningIn(inLane) >= (lanes[inLane]?.max ?? 0)) continue;
      state[n] = 'running';
      ends[n] = now + (ms[n] ?? 0);
    }
    const next = jobs
      .map((_, n) => n)
      .filter((n) => state[n] === 'running')
      .sort((a, b) => (ends[a] ?? 0) - (ends[b] ?? 0))[0];
    if (next === undefined) return now;
    now = ends[next] ?? 0;
    for (const n of jobs.keys()) if (state[n] === 'running' && ends[n] === now) state[n] = 'done';
  }
}

describe('the time of a run', () => {
  it('is the work divided by the calls that a service takes at a time', () => {
    const jobs = [0, 1, 2, 3, 4, 5].map((n) => job('a', n));
    expect(timeOf({ jobs, lanes: [lane(['a'], 2)] }, [10, 10, 10, 10, 10, 10])).toBe(30);
    expect(timeOf({ jobs, lanes: [lane(['a'], 4)], concurrency: 3 }, [10, 10, 10, 10, 10, 10])).toBe(20);
  });

  it('is the longest chain where there is room for all', () => {
    const jobs = [job('a', 0), job('a', 1), job('b', 0), job('b', 1), job('c', 1)];
    const waits = [
      { table: 'b', needs: 'a', days: 0 },
      { table: 'c', needs: 'b', days: 30 },
    ];
    expect(timeOf({ jobs, waits }, [5, 7, 20, 3, 1])).toBe(26);
  });

  it('counts what is left of the cells that run already, which hold their places', () => {
    const jobs = [job('a', 0, true), job('a', 1), job('a', 2)];
    expect(timeOf({ jobs, lanes: [lane(['a'], 1)] }, [4, 10, 10])).toBe(24);
  });

  it('keeps the least time between two starts of a service, and does not hold up another one', () => {
    const jobs = [job('a', 0), job('a', 1), job('a', 2), job('b', 0)];
    expect(timeOf({ jobs, lanes: [lane(['a'], 9, 30), lane(['b'], 1)] }, [10, 10, 10, 65])).toBe(70);
  });

  it('of nothing is nothing, and a wait for what is not there is none', () => {
    expect(timeOf({}, [])).toBe(0);
    expect(timeOf({ jobs: [job('b', 3)], waits: [{ table: 'b', needs: 'a', days: 9 }] }, [5])).toBe(5);
  });

  it('is what a slow and plain run of the same cells takes', () => {
    const drawn = fc.record({
      cells: fc.uniqueArray(fc.tuple(fc.nat(3), fc.nat(8)), { maxLength: 24, selector: String }),
      ms: fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 24, maxLength: 24 }),
      waits: fc.array(fc.tuple(fc.nat(3), fc.nat(3), fc.constantFrom(0, 0, 2, 9)), { maxLength: 5 }),
      max: fc.integer({ min: 1, max: 4 }),
      concurrency: fc.constantFrom(null, 1, 3),
    });
    fc.assert(
      fc.property(drawn, ({ cells, ms, waits, max, concurrency }) => {
        const course: Course = {
          jobs: cells.map(([table, n]) => job(`t${table}`, n)),
          lanes: [lane(['t0', 't1'], max), lane(['t2', 't3'], 2)],
          concurrency,
          // Tables in their order, as a catalogue has them, and none that waits for itself.
          waits: waits
            .filter(([below, above]) => above < below)
            .map(([below, above, days]) => ({ table: `t${below}`, needs: `t${above}`, days })),
        };
        // Durations that differ, so that no two ends fall together and the order of starts is one.
        const times = ms.map((each, n) => each + n / 1000);
        expect(timeOf(course, times.slice(0, course.jobs.length))).toBeCloseTo(timeByHand(course, times), 6);
      }),
      { numRuns: 500 },
    );
  });
});
