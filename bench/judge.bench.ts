/**
 * What judging costs: 12 tables on 900 dates and 50 tables on 3,650, by the judge (one pass over columns) and by a walk
 * that asks of every cell afresh what is above it, as a first version would. Windows are in both. Medians of shuffled
 * rounds in one run; the walk of the large case is measured on every fiftieth date and multiplied.
 * Run: node --expose-gc --import tsx bench/judge.bench.ts [rounds]
 */

import type { Catalogue, Table } from '../src/core/catalogue.ts';
import { buildCoverage } from '../src/core/coverage.ts';
import { addDays, daysBetween } from '../src/core/dates.ts';
import { emptyTableFacts, type Facts } from '../src/core/facts.ts';
import { judge } from '../src/core/judge.ts';
import { readCatalogue } from '../src/core/read-catalogue.ts';

const rounds = Number(process.argv[2] ?? 5);
const from = '2015-01-01';
const now = Date.UTC(2030, 0, 1);

/** Table n needs the three before it on its date, and every fifth a window of 30 days. */
function chain(size: number): Catalogue {
  const tables = Array.from({ length: size }, (_, n) => {
    const needs = [n - 1, n - 2, n - 3].filter((k) => k >= 0).map((k) => `{ table: t${k} }`);
    if (n > 0 && n % 5 === 0) needs.push(`{ table: t${n - 1}, window: 30 }`);
    return `  t${n}: { table: d.t${n}, date_column: day, key: [id], written_at: at, dates: daily, expect: { at_least: 90 }, needs: [${needs.join(', ')}], processor: { service: s, name: P } }`;
  });
  const read = readCatalogue(
    `pipeline: bench\ntime_zone: UTC\nservices: { s: { url: "http://127.0.0.1:9", path: /p, body: {} } }\ntables:\n${tables.join('\n')}\n`,
  );
  if (!read.ok) throw new Error(read.problems[0]?.problem);
  return read.catalogue;
}

/** Mostly whole, one cell in fifty absent, one in fifty thin; the same at every run. */
function facts(catalogue: Catalogue, days: number): Facts {
  let state = 7;
  const draw = () => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return state / 2_147_483_648;
  };
  const tables = new Map(
    [...catalogue.tables.keys()].map((alias, n) => {
      const table = emptyTableFacts(days);
      for (let i = 0; i < days; i++) {
        const dice = draw();
        const rows = dice < 0.02 ? 0 : dice < 0.04 ? 50 : 100;
        table.rows[i] = rows;
        table.entities[i] = rows;
        if (rows > 0) table.writtenAt[i] = 1000 + n;
      }
      return [alias, table] as const;
    }),
  );
  return { from, days, tables, unread: new Map() };
}

/** Asks of one cell everything above it, each time anew. */
function walk(catalogue: Catalogue, read: Facts, table: Table, i: number, depth = 0): boolean {
  const own = read.tables.get(table.alias);
  if ((own?.entities[i] ?? 0) < 90) return false;
  if (depth > 3) return true;
  return table.needs.every((need) => {
    const above = catalogue.tables.get(need.tables[0] ?? '');
    if (!above) return true;
    const first = typeof need.window === 'number' ? Math.max(0, i - need.window + 1) : i;
    for (let j = first; j <= i; j++) if (!walk(catalogue, read, above, j, depth + 1)) return false;
    return true;
  });
}

function timeOf(work: () => void): number {
  const start = performance.now();
  work();
  return performance.now() - start;
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}

for (const [size, days] of [
  [12, 900],
  [50, 3650],
] as const) {
  const catalogue = chain(size);
  const read = facts(catalogue, days);
  const step = size > 12 ? 50 : 1;
  const dates = daysBetween(from, addDays(from, days - 1));
  const times: Record<'judge' | 'walk' | 'coverage', number[]> = { judge: [], walk: [], coverage: [] };
  const naive = () => {
    for (const table of catalogue.tables.values()) for (let i = 0; i < days; i += step) walk(catalogue, read, table, i);
  };
  for (let round = 0; round < rounds; round++) {
    const turns = [
      () => times.judge.push(timeOf(() => judge(catalogue, read, { now }))),
      () => times.walk.push(timeOf(naive) * step),
    ];
    for (const turn of round % 2 ? turns.reverse() : turns) turn();
    const judging = judge(catalogue, read, { now });
    times.coverage.push(timeOf(() => buildCoverage(judging, { tables: ['t11'], dates })));
  }
  const [judged, walked, covered] = [median(times.judge), median(times.walk), median(times.coverage)];
  console.log(
    `${size} tables x ${days} dates: judge ${judged.toFixed(1)} ms, walk ${walked.toFixed(0)} ms (${(walked / judged).toFixed(0)} x), coverage of the twelfth table ${covered.toFixed(1)} ms`,
  );
}
