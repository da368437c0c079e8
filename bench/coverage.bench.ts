/**
 * What one round trip per question is worth: the facts of 12 tables on 235 dates by one statement, by one per table, and
 * by one per table and date (as scripts do it that ask "how many rows has this date?"; measured on every eighth date and
 * multiplied, since the whole takes half a minute). All are measured in one run, in shuffled order, and must give the
 * same facts. Locally a statement costs no money and no network, so on a cloud warehouse the gap is wider. Then the whole
 * of a coverage answer beside the statement alone.
 * Run: node --expose-gc --import tsx bench/coverage.bench.ts [rounds] [seed]
 */
import { deepStrictEqual } from 'node:assert';
import type { Catalogue, Need, Table } from '../src/core/catalogue/catalogue.ts';
import { buildCoverage } from '../src/core/coverage/coverage.ts';
import type { Coverage } from '../src/core/coverage/coverage-report.ts';
import { addDays, daysBetween } from '../src/core/dates.ts';
import type { Facts } from '../src/core/facts.ts';
import { judge } from '../src/core/judge/judge.ts';
import { coverageMessage } from '../src/messages/coverage-message.ts';
import { duckdbDialect } from '../src/warehouse/dialect.ts';
import { duckdbWarehouse } from '../src/warehouse/duckdb.ts';
import { openDuckdb } from '../src/warehouse/duckdb-connection.ts';
import { factsQuery } from '../src/warehouse/facts-query.ts';
import type { Run } from '../src/warehouse/sql.ts';
import type { Warehouse } from '../src/warehouse/warehouse.ts';
import { measure, printGoal, printWays, ratio } from './measure.ts';

const rounds = Number(process.argv[2] ?? 5);
const seed = Number(process.argv[3] ?? 1);
const range = { from: '2021-10-19', to: addDays('2021-10-19', 234) };
const rowsPerDate = 200;
const dates = daysBetween(range.from, range.to);
const sampled = dates.filter((_, i) => i % 8 === 0);

const tables: readonly Table[] = Array.from({ length: 12 }, (_, i) => ({
  alias: `t${i}`,
  title: `t${i}`,
  table: `bench.t${i}`,
  dateColumn: 'day',
  key: i % 4 === 0 ? ['entity', 'part'] : ['entity'],
  writtenAt: 'written',
  where: [],
  dates: 'daily',
  except: [],
  bootstrap: false,
  mayBeEmptyUntilDay: 0,
  dueAfterHours: 0,
  mayRepeat: false,
  expect: [{ fromDay: 0, atLeast: { count: 150, perGame: false } }],
  needs: needsOf(i),
  quality: { flags: [], critical: [] },
}));

/** Of the table before on the date, and of the one before that over a month. */
function needsOf(i: number): Need[] {
  const before = { atLeastShare: 0.5, required: true };
  return [
    ...(i > 0 ? [{ ...before, tables: [`t${i - 1}`] }] : []),
    ...(i > 1 ? [{ ...before, tables: [`t${i - 2}`], window: 30 }] : []),
  ];
}

const catalogue: Catalogue = {
  pipeline: 'bench',
  title: 'bench',
  timeZone: 'UTC',
  targets: new Map(),
  periods: [],
  bootstrapDays: 0,
  seasons: [],
  services: new Map(),
  tables: new Map(tables.map((table) => [table.alias, table])),
};

/** One way to read the facts; `part` is the share of the dates that it reads when measured. */
type Way = {
  readonly name: string;
  readonly statements: number;
  readonly part: number;
  read(warehouse: Warehouse): Promise<Facts[]>;
};

const ways: readonly Way[] = [
  {
    name: 'one for all',
    statements: 1,
    part: 1,
    read: async (warehouse) => [await warehouse.readFacts(tables, range)],
  },
  {
    name: 'one per table',
    statements: tables.length,
    part: 1,
    read: (warehouse) => inTurn(tables.map((table) => () => warehouse.readFacts([table], range))),
  },
  {
    name: 'one per table and date',
    statements: tables.length * dates.length,
    part: sampled.length / dates.length,
    read: (warehouse) =>
      inTurn(
        tables.flatMap((table) => sampled.map((date) => () => warehouse.readFacts([table], { from: date, to: date }))),
      ),
  },
];

async function inTurn<T>(works: readonly (() => Promise<T>)[]): Promise<T[]> {
  const results: T[] = [];
  for (const work of works) results.push(await work());
  return results;
}

async function fill(run: Run): Promise<void> {
  await run('CREATE SCHEMA bench', {});
  for (const [t, { table }] of tables.entries()) {
    await run(
      `CREATE TABLE ${table} AS SELECT DATE '2021-10-19' + d::INT AS day, 'entity ' || n AS entity, n % 3 AS part,
       TIMESTAMP '2022-06-20 00:00:00' AS written, hash(d, n) AS figure
       FROM range(235) AS days(d), range(${rowsPerDate}) AS numbers(n) WHERE (d * 7 + ${t}) % 100 > 0`,
      {},
    );
  }
}

/** The figures of the sampled dates, in the order of tables and dates: what all ways must agree on. */
function figuresOf(facts: readonly Facts[]): number[][] {
  return facts.flatMap(({ from, tables: read }) =>
    [...read.values()].flatMap(({ rows, entities, writtenAt }) =>
      [...rows.keys()]
        .filter((i) => sampled.includes(addDays(from, i)))
        .map((i) => [rows[i] ?? NaN, entities[i] ?? NaN, writtenAt[i] ?? NaN]),
    ),
  );
}

const home = await openDuckdb(undefined);
await fill(home.run);
const warehouse = duckdbWarehouse(home);
const expected = figuresOf([await warehouse.readFacts(tables, range)]);

console.log(
  `facts of 12 tables x 235 dates, ${rowsPerDate} rows each; ${rounds} rounds, seed ${seed}, Node ${process.version}`,
);
const reads = await measure(
  ways.map(({ name, part, read }) => ({
    name,
    part,
    run: async () => deepStrictEqual(figuresOf(await read(warehouse)), expected, `${name} gives other facts`),
  })),
  rounds,
  seed,
);
printWays(reads);
printGoal('one per table and date against one for all', ratio(reads, 'one per table and date', 'one for all'), {
  least: 100,
});

/** `/coverage all` without Slack: the facts, the verdicts with their causes, and then the message. */
const statement = factsQuery(duckdbDialect, tables, range, undefined);
async function cover(): Promise<Coverage> {
  const facts = await warehouse.readFacts(tables, range);
  const judging = judge(catalogue, facts, { now: Date.UTC(2022, 6, 1) });
  return buildCoverage(judging, { tables: tables.map(({ alias }) => alias), dates });
}
console.log('the whole of /coverage beside its bare SQL');
const whole = await measure(
  [
    { name: 'bare SQL', run: () => home.run(statement.sql, statement.params) },
    { name: 'SQL and facts', run: () => warehouse.readFacts(tables, range) },
    { name: 'coverage', run: cover },
    {
      name: 'coverage with its message',
      run: async () => coverageMessage(await cover(), { catalogue, asked: '/coverage all' }),
    },
  ],
  rounds,
  seed,
);
printWays(whole);
printGoal('coverage against its bare SQL', ratio(whole, 'coverage', 'bare SQL'), { most: 1.5 });
printGoal('the same with its message', ratio(whole, 'coverage with its message', 'bare SQL'), { most: 1.5 });
await warehouse.close();
