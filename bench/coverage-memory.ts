/** Run by `causes.bench.ts` in a process of its own: prints what a coverage of ten years takes, in megabytes. */
import { buildCoverage } from '../src/core/coverage/coverage.ts';
import { addDays, daysBetween } from '../src/core/dates.ts';
import { judge } from '../src/core/judge/judge.ts';
import { from, makeCatalogue, makeFacts, now, type Shape } from './many-tables.ts';

const shape: Shape = process.argv[2] === 'windows' || process.argv[2] === 'seasons' ? process.argv[2] : 'wide';
const megabyte = 1024 * 1024;

function cover(size: number, days: number) {
  const catalogue = makeCatalogue(size, shape);
  const judging = judge(catalogue, makeFacts(catalogue, days), { now });
  const dates = daysBetween(from, addDays(from, days - 1));
  return { judging, coverage: buildCoverage(judging, { tables: [...catalogue.tables.keys()], dates }) };
}

cover(3, 30);
globalThis.gc?.();
const idle = process.memoryUsage();
const answer = cover(50, 3650);
const peak = process.resourceUsage().maxRSS * 1024 - idle.rss;
globalThis.gc?.();
const after = process.memoryUsage();
const kept = after.heapUsed + after.arrayBuffers - idle.heapUsed - idle.arrayBuffers;
const cells = answer.coverage.tables.length * (answer.coverage.tables[0]?.cells.length ?? 0);
console.log(JSON.stringify({ peak: peak / megabyte, kept: kept / megabyte, cells }));
