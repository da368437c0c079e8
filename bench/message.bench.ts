/**
 * What the message of a coverage costs. It is made at a stretch, on the thread that acknowledges, so a decade of fifty
 * tables must not be felt; in processor time, since on a busy machine the clock also counts what others do.
 * Run: node --expose-gc --import tsx bench/message.bench.ts [rounds]
 */
import { buildCoverage } from '../src/core/coverage/coverage.ts';
import type { Coverage } from '../src/core/coverage/coverage-report.ts';
import { addDays, daysBetween } from '../src/core/dates.ts';
import { judge } from '../src/core/judge/judge.ts';
import { coverageMessage } from '../src/messages/coverage-message.ts';
import { from, makeCatalogue, makeFacts, now, type Shape } from './many-tables.ts';
import { median, printGoal } from './measure.ts';

const rounds = Number(process.argv[2] ?? 7);
const shapes: readonly Shape[] = ['wide', 'windows', 'seasons'];

/** Milliseconds of processor time, the median of the rounds. */
function timeMessage(coverage: Coverage, catalogue: ReturnType<typeof makeCatalogue>): number {
  const times: number[] = [];
  for (let round = -3; round < rounds; round++) {
    globalThis.gc?.();
    const start = process.cpuUsage();
    coverageMessage(coverage, { catalogue, asked: '/coverage all' });
    const { user, system } = process.cpuUsage(start);
    if (round >= 0) times.push((user + system) / 1000);
  }
  return median(times);
}

for (const [size, days, most] of [
  [12, 235, 10],
  [50, 3650, 100],
] as const) {
  for (const shape of shapes) {
    const catalogue = makeCatalogue(size, shape);
    const judging = judge(catalogue, makeFacts(catalogue, days), { now });
    const dates = daysBetween(from, addDays(from, days - 1));
    const coverage = buildCoverage(judging, { tables: [...catalogue.tables.keys()], dates });
    printGoal(`message of ${size} tables x ${days} dates, ${shape}`, timeMessage(coverage, catalogue), {
      most,
      unit: 'ms',
    });
  }
}
