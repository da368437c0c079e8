/**
 * What judging costs: 12 tables on 900 dates and 50 tables on 3,650, by the judge, by a reference in typed arrays that
 * knows only what these catalogues need, and by a walk that asks of every cell afresh what is above it (measured on a
 * few dates and multiplied). All three must give the same statuses.
 * Run: node --expose-gc --import tsx bench/judge.bench.ts [rounds]
 */
import { deepStrictEqual } from 'node:assert';
import { judge } from '../src/core/judge/judge.ts';
import { statusAt } from '../src/core/judge/judgement.ts';
import { makeCatalogue, makeFacts, now } from './many-tables.ts';
import { measure, printGoal, printWays, ratio } from './measure.ts';
import { judgeNaively } from './naive-judge.ts';
import { judgeTyped } from './typed-judge.ts';

const rounds = Number(process.argv[2] ?? 7);

for (const [size, days, every] of [
  [12, 900, 60],
  [50, 3650, 730],
] as const) {
  const catalogue = makeCatalogue(size, 'wide');
  const facts = makeFacts(catalogue, days);
  const sampled = Array.from({ length: Math.floor(days / every) }, (_, n) => (n + 1) * every - 1);
  const walkAll = () =>
    [...catalogue.tables.values()].map((table) => sampled.map((i) => judgeNaively(catalogue, facts, table, i)));

  const judging = judge(catalogue, facts, { now });
  const judged = [...judging.tables.values()];
  deepStrictEqual(
    [...judgeTyped(catalogue, facts).values()],
    judged.map(({ status }) => status),
  );
  deepStrictEqual(
    walkAll(),
    judged.map((table) => sampled.map((i) => statusAt(table, i))),
  );

  console.log(`judging ${size} tables x ${days} dates, ${rounds} rounds, Node ${process.version}`);
  const times = await measure(
    [
      { name: 'judge', run: () => judge(catalogue, facts, { now }) },
      { name: 'typed reference', run: () => judgeTyped(catalogue, facts) },
      { name: 'walk afresh for every cell', part: sampled.length / days, run: walkAll },
    ],
    rounds,
  );
  printWays(times);
  printGoal('judge against the typed reference', ratio(times, 'judge', 'typed reference'), { most: 1.5 });
  printGoal('walk against the judge', ratio(times, 'walk afresh for every cell', 'judge'), { least: 50 });
}
