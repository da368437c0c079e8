/**
 * What explaining costs: the causes of every cell beside a plain walk that merges the roots of whole windows for every
 * date; then the coverage of 50 tables on ten years: how long it keeps the event loop at a stretch (Slack's three seconds
 * run on the same thread; in processor time, since on a busy machine the clock also counts what others do), and what it
 * holds in memory, measured in a process of its own.
 * Run: node --expose-gc --import tsx bench/causes.bench.ts [rounds]
 */
import { deepStrictEqual } from 'node:assert';
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { causeFinder, findCauses } from '../src/core/causes/causes.ts';
import { buildCoverage, coverageSteps } from '../src/core/coverage/coverage.ts';
import { addDays, daysBetween } from '../src/core/dates.ts';
import { judge, judgeSteps } from '../src/core/judge/judge.ts';
import type { Judging } from '../src/core/judge/judgement.ts';
import type { Steps } from '../src/core/steps.ts';
import type { Cause } from '../src/core/verdict.ts';
import { inSteps } from '../src/engine/in-steps.ts';
import { naiveCauses, naiveFinder } from '../test/support/naive-causes.ts';
import { from, makeCatalogue, makeFacts, now, type Shape } from './many-tables.ts';
import { measure, median, printGoal, printWays, ratio } from './measure.ts';

const rounds = Number(process.argv[2] ?? 5);
const shapes: readonly Shape[] = ['wide', 'windows', 'seasons'];

function datesOf(days: number): string[] {
  return daysBetween(from, addDays(from, days - 1));
}

function eachCell(
  judging: Judging,
  find: (cell: Judging['tables'] extends Map<string, infer C> ? C : never, i: number) => readonly Cause[],
) {
  return [...judging.tables.values()].map((cell) => datesOf(judging.calendar.days).map((_, i) => find(cell, i)));
}

/** A judging of which nothing has been found out yet. */
const unexplained = (judging: Judging): Judging => ({ ...judging });

function causesOf(judging: Judging): (readonly Cause[])[][] {
  const finder = causeFinder(unexplained(judging));
  return eachCell(judging, (cell, i) => findCauses(finder, cell, i));
}

function causesNaively(judging: Judging): (readonly Cause[])[][] {
  const finder = naiveFinder(judging);
  return eachCell(judging, (cell, i) => naiveCauses(finder, cell, i));
}

async function compare(shape: Shape): Promise<void> {
  const catalogue = makeCatalogue(12, shape);
  const judging = judge(catalogue, makeFacts(catalogue, 900), { now });
  const asked = { tables: [...catalogue.tables.keys()], dates: datesOf(900) };
  deepStrictEqual(causesOf(judging), causesNaively(judging));
  console.log(`causes of 12 tables x 900 dates, ${shape}, ${rounds} rounds`);
  const times = await measure(
    [
      { name: 'causes', run: () => causesOf(judging) },
      { name: 'walk that merges whole windows', run: () => causesNaively(judging) },
      { name: 'coverage, verdicts and all', run: () => buildCoverage(unexplained(judging), asked) },
    ],
    rounds,
  );
  printWays(times);
  printGoal('walk against causes', ratio(times, 'walk that merges whole windows', 'causes'), { least: 5 });
}

/** The most processor time between two turns that others get, garbage collection included. */
async function longestStretch<T>(steps: Steps<T>): Promise<{ longest: number; result: T }> {
  let longest = 0;
  let start = process.cpuUsage();
  const look = () => {
    const { user, system } = process.cpuUsage(start);
    longest = Math.max(longest, (user + system) / 1000);
  };
  const giveWay = async () => {
    look();
    await new Promise((resolve) => setImmediate(resolve));
    start = process.cpuUsage();
  };
  const result = await inSteps({ giveWay }, steps);
  look();
  return { longest, result };
}

async function measureStretches(shape: Shape): Promise<void> {
  const catalogue = makeCatalogue(50, shape);
  const facts = makeFacts(catalogue, 3650);
  const asked = { tables: [...catalogue.tables.keys()], dates: datesOf(3650) };
  const found: { whole: number[]; judge: number[]; coverage: number[] } = { whole: [], judge: [], coverage: [] };
  for (let round = 0; round <= rounds; round++) {
    globalThis.gc?.();
    const start = performance.now();
    const judged = await longestStretch(judgeSteps(catalogue, facts, { now }));
    const covered = await longestStretch(coverageSteps(judged.result, asked));
    if (round === 0) continue;
    found.whole.push(performance.now() - start);
    found.judge.push(judged.longest);
    found.coverage.push(covered.longest);
  }
  console.log(
    `coverage of 50 tables x 3650 dates, ${shape}, ${rounds} rounds: ${median(found.whole).toFixed(0)} ms in all`,
  );
  printGoal('longest stretch of judging', median(found.judge), { most: 10, unit: 'ms' });
  printGoal('longest stretch of explaining', median(found.coverage), { most: 10, unit: 'ms' });
}

function measureMemory(shape: Shape): void {
  const script = fileURLToPath(new URL('coverage-memory.ts', import.meta.url));
  const child = spawnSync(process.execPath, ['--expose-gc', '--import', 'tsx', script, shape], { encoding: 'utf8' });
  if (child.status !== 0) throw new Error(child.stderr);
  const { peak, kept } = JSON.parse(child.stdout);
  console.log(`memory of a coverage of 50 tables x 3650 dates, ${shape}: ${kept.toFixed(0)} MB when built`);
  printGoal('peak above the idle process', peak, { most: 200, unit: 'MB' });
}

for (const shape of shapes) await compare(shape);
for (const shape of shapes) await measureStretches(shape);
for (const shape of shapes) measureMemory(shape);
