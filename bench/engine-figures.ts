/** Prints what the runs of the engine gave: figures, goals, and on demand where the time goes. */
import { atATime, delayOf, idealOf } from './engine-catalogue.ts';
import { median, printGoal } from './measure.ts';
import { countRequests, type Run, type Work } from './run-engine.ts';

/** One store's runs; `wal` in bytes. */
export type Found = { readonly name: string; readonly runs: (Run & { readonly wal: number })[] };

type Measured = { readonly work: Work; readonly bare: number; readonly ideal: number };

export function printFound(work: Work, bares: readonly number[], found: readonly Found[], withTimes: boolean): void {
  const { delay, dates } = work;
  const takes = delay === 'drawn' ? 'log-normal, median 90 ms' : delay === 0 ? 'answers at once' : `${delay} ms`;
  const measured = { work, bare: median(bares), ideal: idealOf(delay, dates) };
  console.log(`\n${dates.length} ${dates.length === 1 ? 'date' : 'dates'}, ${takes}`);
  console.log(`  ${'bare loop'.padEnd(10)} ${sayPace(measured, bares)}`);
  for (const { name, runs } of found) {
    const done = runs.map((run) => run.done);
    console.log(`  ${name.padEnd(10)} ${sayPace(measured, done)}`);
    printCounts(work, runs);
    if (dates.length > 1) printGoals(measured, name, runs);
    const last = runs.at(-1);
    if (withTimes && last) printTimes(last, dates.length);
  }
}

function sayPace({ work, ideal }: Measured, times: readonly number[]): string {
  const took = median(times);
  const pace = `${figure(took)} ms  ${figure((work.dates.length / took) * 1000)} dates/s`;
  const spread = `(${figure(Math.min(...times))}-${figure(Math.max(...times))})`;
  return ideal > 0 ? `${pace}  ${figure((ideal / took) * 100)} % of the ideal  ${spread}` : `${pace}  ${spread}`;
}

const middle = (runs: Found['runs'], of: (run: Found['runs'][number]) => number) => median(runs.map(of));
const count = (runs: Found['runs'], prefix: string) => middle(runs, ({ tally }) => tally.sum(prefix).count);

function printCounts({ dates }: Work, runs: Found['runs']): void {
  const n = dates.length;
  const times = (['accepted', 'firstCall', 'lastAnswer', 'done'] as const).map(
    (what) => `${what} ${figure(middle(runs, (run) => run[what]))}`,
  );
  console.log(`    ms since the request: ${times.join(', ')}`);
  const each = ['sql', 'transaction', 'warehouse'].map((what) => `${what} ${figure(count(runs, what) / n)}`);
  const wal = figure(Math.min(...runs.map((run) => run.wal)) / n);
  console.log(`    per date: ${each.join(', ')}, WAL ${wal} B (least); Slack calls in all: ${count(runs, 'slack')}`);
  const memory = figure(Math.max(...runs.map(({ loop }) => loop.memory)));
  console.log(`    longest block of the loop ${figure(middle(runs, longest))} ms, memory at most ${memory} MB more`);
}

const longest = ({ loop }: Run) => loop.longestBlock;

/** The goals that stand for these sizes and delays. */
function printGoals({ work, bare, ideal }: Measured, name: string, runs: Found['runs']): void {
  const { delay, dates } = work;
  const done = middle(runs, (run) => run.done);
  const shares: Record<string, number> = { 5: name === 'pglite' ? 0.92 : 0.97, 200: 0.99 };
  const least = shares[delay];
  if (least !== undefined) printGoal(`pace beside the bare loop, ${name}`, bare / done, { least });
  if (delay === 200 && dates.length === 207) printGoal(`time beside the ideal, ${name}`, done / ideal, { most: 1.015 });
  if (delay === 'drawn') {
    const sum = dates.reduce((all, date) => all + delayOf(delay, date), 0);
    printGoal(`speed-up with ${atATime} slots, ${name} (bare loop: ${figure(sum / bare)})`, sum / done, {
      least: 14.2,
    });
  }
  printGoal(`questions to the warehouse per date, ${name}`, count(runs, 'warehouse') / dates.length, { most: 0.1 });
  const wal = Math.min(...runs.map((run) => run.wal)) / dates.length;
  printGoal(`WAL per date, ${name}`, wal, { most: 700, unit: 'B' });
  const most = countRequests(dates) * (2 + Math.ceil(done / 3000));
  printGoal(`Slack calls, ${name}`, count(runs, 'slack'), { most, unit: 'calls' });
  if (name === 'pglite')
    printGoal('longest block of the loop, pglite', middle(runs, longest), { most: 10, unit: 'ms' });
}

function printTimes({ tally }: Run, dates: number): void {
  const parts = ['task fill-cell', 'processor', 'look', 'transaction', 'lock'].map((name) => {
    const { count, ms } = tally.sum(name);
    return `${name} ${figure(ms / dates)} ms (${figure(count / dates)} times)`;
  });
  console.log(`    waited per date: ${parts.join(', ')}`);
  for (const { name, count, ms } of [
    ...tally.list('sql').slice(0, 40),
    ...tally.list('task'),
    ...tally.list('warehouse'),
  ])
    console.log(`      ${figure(ms).padStart(7)} ms ${String(count).padStart(6)} x  ${name}`);
}

function figure(value: number): string {
  return value >= 100 ? value.toFixed(0) : value >= 10 ? value.toFixed(1) : value.toFixed(2);
}
