/**
 * How long a plan will take, from what runs took before: a range, not a promise. A date with twelve games takes longer
 * than one with two, so runs of dates of a like size count; and what a backfill has measured itself counts more with
 * every cell that it ends. Nothing but stored values goes in, so that the same state always says the same.
 */
import {
  type BackfillCell,
  type Forecast,
  isFinal,
  type Pace,
  type Plan,
  type TimeRange,
} from '../backfill/backfill.ts';
import type { Catalogue } from '../catalogue/catalogue.ts';
import { toDay } from '../dates.ts';
import { type Course, type Lane, layOutCourse, play, type Wait } from './makespan.ts';

/** An attempt that ended well. `size`: of its date, null where none is known; `ms`: from its claim to its record. */
export type MeasuredRun = { readonly table: string; readonly size: number | null; readonly ms: number };

/** So many runs of dates of the nearest size make a pace. */
const nearest = 40;
/** After so many cells of a table a backfill's own measurements count as much as those from before it. */
const ownWeight = 8;

/**
 * Foretells what a plan takes, as if it ran alone.
 * @param runs latest first
 * @param concurrency cells at a time, as request and queue have it; null leaves it to the services
 */
export function forecastPlan(
  catalogue: Catalogue,
  plan: Plan,
  runs: readonly MeasuredRun[],
  concurrency: number | null,
): Forecast {
  const tables = new Set(plan.cells.map((cell) => cell.table));
  const byTable = groupByTable(runs);
  const shape = {
    paces: findPaces(plan, byTable),
    other: widest([...byTable].map(([table, own]) => paceOf(table, null, own))),
    waits: findWaits(plan),
    lanes: findLanes(catalogue, tables),
    concurrency,
  };
  const left = estimateLeft(
    plan.cells.map((cell) => ({ ...cell, state: 'waiting', attempts: 0, startedAt: null, finishedAt: null })),
    shape,
  );
  const known = [...tables].every((table) => byTable.has(table));
  const measured = known ? runs.filter((run) => tables.has(run.table)).length : runs.length;
  return { ...shape, estimate: left && { leastMs: Math.round(left.least), mostMs: Math.round(left.most), measured } };
}

function groupByTable(runs: readonly MeasuredRun[]): Map<string, MeasuredRun[]> {
  const groups = new Map<string, MeasuredRun[]>();
  for (const run of runs) {
    const known = groups.get(run.table);
    if (known) known.push(run);
    else groups.set(run.table, [run]);
  }
  return groups;
}

function findPaces(plan: Plan, byTable: ReadonlyMap<string, readonly MeasuredRun[]>): Pace[] {
  const paces = new Map<string, Pace>();
  for (const { table, size = null } of plan.cells) {
    const runs = byTable.get(table);
    const key = keyOf({ table, size });
    if (runs && !paces.has(key)) paces.set(key, paceOf(table, size, runs));
  }
  return [...paces.values()];
}

function paceOf(table: string, size: number | null, runs: readonly MeasuredRun[]): Pace {
  const far = (run: MeasuredRun) => (size === null ? 0 : Math.abs((run.size ?? Number.MAX_SAFE_INTEGER) - size));
  const like = [...runs].sort((a, b) => far(a) - far(b)).slice(0, nearest);
  return { table, size, runs: like.length, ...doubt(quarters(like.map((run) => run.ms)), like.length) };
}

/** The fastest and the slowest quarter. */
function quarters(values: readonly number[]): TimeRange {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (share: number) => sorted[Math.round((sorted.length - 1) * share)] ?? 0;
  return { least: at(0.25), most: at(0.75) };
}

/** Wider, the fewer values it rests on. */
function doubt({ least, most }: TimeRange, values: number): TimeRange {
  const share = 1 + 1 / values;
  return { least: least / share, most: most * share };
}

function widest(ranges: readonly TimeRange[]): TimeRange | null {
  if (ranges.length === 0) return null;
  return { least: Math.min(...ranges.map((r) => r.least)), most: Math.max(...ranges.map((r) => r.most)) };
}

/** The plan's edges by table: a window is as long as its longest. */
function findWaits(plan: Plan): Wait[] {
  const waits = new Map<string, Wait>();
  for (const { table, needs, from, to } of plan.edges) {
    const days = toDay(to) - toDay(from);
    const known = waits.get(`${table} ${needs}`);
    if (known === undefined || known.days < days) waits.set(`${table} ${needs}`, { table, needs, days });
  }
  return [...waits.values()];
}

function findLanes(catalogue: Catalogue, tables: ReadonlySet<string>): Lane[] {
  return [...catalogue.services.values()]
    .map(({ name, maxConcurrent: max, minInterval: interval }) => ({
      tables: [...tables].filter((table) => catalogue.tables.get(table)?.processor?.service === name),
      max,
      interval,
    }))
    .filter((lane) => lane.tables.length > 0);
}

/** A cell as far as its time is concerned. */
export type TimedCell = Pick<BackfillCell, 'table' | 'date' | 'state' | 'attempts' | 'startedAt' | 'finishedAt'> & {
  readonly size?: number | null;
};

/**
 * The time from the last event of a backfill to its end, in milliseconds; null when nothing is left, or nothing was ever
 * measured. A range that narrows, since less is left and more of it is measured.
 */
export function estimateLeft(cells: readonly TimedCell[], forecast: Omit<Forecast, 'estimate'>): TimeRange | null {
  const open = cells.filter((cell) => !isFinal(cell.state));
  const paces = choosePaces(cells, forecast);
  if (open.length === 0 || paces === null) return null;
  const asOf = cells.reduce((last, cell) => Math.max(last, cell.startedAt ?? 0, cell.finishedAt ?? 0), 0);
  const { lanes, concurrency, waits } = forecast;
  const jobs = open.map(({ table, date, state }) => ({ table, date, started: state === 'running' }));
  const course: Course = { jobs, lanes, concurrency, waits };
  const laid = layOutCourse(course);
  const ranges = open.map(paces);
  const times = (ms: (range: TimeRange) => number) =>
    Float64Array.from(open, (cell, n) => restOf(cell, ms(ranges[n] ?? nothing), asOf));
  const least = play(
    laid,
    times((range) => range.least),
  );
  return {
    least,
    most: Math.max(
      least,
      play(
        laid,
        times((range) => range.most),
      ),
    ),
  };
}

const nothing: TimeRange = { least: 0, most: 0 };

/** What is left of a cell. One that runs for longer than foreseen still needs some time, and nobody knows how much. */
function restOf(cell: TimedCell, ms: number, asOf: number): number {
  if (cell.state !== 'running' || cell.startedAt === null || cell.attempts > 1) return ms;
  return Math.max(ms - Math.max(0, asOf - cell.startedAt), ms / 4);
}

/** Gives the range of each cell, from before and from this backfill; null when nothing was measured in either. */
function choosePaces(
  cells: readonly TimedCell[],
  forecast: Pick<Forecast, 'paces' | 'other'>,
): ((cell: TimedCell) => TimeRange) | null {
  const earlier = new Map(forecast.paces.map((pace) => [keyOf(pace), pace]));
  const own = measureOwn(cells, earlier);
  const other = forecast.other ?? widest([...own.values()].map((range) => doubt(range, range.runs)));
  if (other === null) return null;
  const known = new Map<string, TimeRange>();
  return (cell) => {
    const key = keyOf(cell);
    const found = known.get(key) ?? blend(earlier.get(key), own.get(cell.table), other);
    known.set(key, found);
    return found;
  };
}

function keyOf({ table, size = null }: { readonly table: string; readonly size?: number | null }): string {
  return `${table} ${size}`;
}

type Own = TimeRange & { readonly runs: number };

/** By table: what this backfill's cells took, as a share of what was foreseen where anything was, else in milliseconds. */
function measureOwn(cells: readonly TimedCell[], earlier: ReadonlyMap<string, Pace>): ReadonlyMap<string, Own> {
  const shares = new Map<string, number[]>();
  for (const cell of cells) {
    if (cell.state !== 'succeeded' || cell.startedAt === null || cell.finishedAt === null || cell.attempts > 1)
      continue;
    const share = (cell.finishedAt - cell.startedAt) / middleOf(earlier.get(keyOf(cell)));
    const known = shares.get(cell.table);
    if (known) known.push(share);
    else shares.set(cell.table, [share]);
  }
  return new Map([...shares].map(([table, values]) => [table, { ...quarters(values), runs: values.length }]));
}

function middleOf(pace: TimeRange | undefined): number {
  return pace === undefined ? 1 : Math.max(1, (pace.least + pace.most) / 2);
}

/** Both together, the own ones with more weight the more there are; every new measurement moves it a little only. */
function blend(earlier: TimeRange | undefined, own: Own | undefined, other: TimeRange): TimeRange {
  if (own === undefined) return earlier ?? other;
  const middle = middleOf(earlier);
  const measured = { least: own.least * middle, most: own.most * middle };
  if (earlier === undefined) return doubt(measured, own.runs);
  const weight = own.runs / (own.runs + ownWeight);
  const mix = (a: number, b: number) => a + (b - a) * weight;
  return { least: mix(earlier.least, measured.least), most: mix(earlier.most, measured.most) };
}
