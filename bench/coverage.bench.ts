/**
 * What one round trip per question is worth: the facts of 12 tables on 235 dates by one statement, by one per table, and
 * by one per table and date (as scripts do it that ask "how many rows has this date?"; measured on every eighth date and
 * multiplied, since the whole takes half a minute). All are measured in one run, in shuffled order, and must give the
 * same facts. Locally a statement costs no money and no network, so on a cloud warehouse the gap is wider.
 * Run: node --import tsx bench/coverage.bench.ts [rounds] [seed]
 */
import { deepStrictEqual } from 'node:assert';
import type { Table } from '../src/core/catalogue.ts';
import { addDays, daysBetween } from '../src/core/dates.ts';
import type { Facts } from '../src/core/facts.ts';
import { duckdbWarehouse } from '../src/warehouse/duckdb.ts';
import { openDuckdb } from '../src/warehouse/duckdb-connection.ts';
import type { Run } from '../src/warehouse/sql.ts';
import type { Warehouse } from '../src/warehouse/warehouse.ts';

const rounds = Number(process.argv[2] ?? 3);
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
  expect: [],
  needs: [],
  quality: { flags: [], critical: [] },
}));

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
  for (const { table } of tables) {
    await run(
      `CREATE TABLE ${table} AS SELECT DATE '2021-10-19' + d::INT AS day, 'entity ' || n AS entity, n % 3 AS part,
       TIMESTAMP '2022-06-20 00:00:00' AS written, hash(d, n) AS figure
       FROM range(235) AS days(d), range(${rowsPerDate}) AS numbers(n)`,
      {},
    );
  }
}

/** The order of a round, from a linear congruential generator: the same seed gives the same orders. */
function shuffler(start: number): <T>(items: readonly T[]) => T[] {
  let state = start;
  return (items) => {
    const keyed = items.map((item) => {
      state = (state * 1103515245 + 12345) % 2147483648;
      return { item, key: state };
    });
    return keyed.sort((a, b) => a.key - b.key).map(({ item }) => item);
  };
}

function median(numbers: readonly number[]): number {
  const sorted = [...numbers].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1
    ? (sorted[middle] ?? NaN)
    : ((sorted[middle - 1] ?? NaN) + (sorted[middle] ?? NaN)) / 2;
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
const times = new Map<string, number[]>(ways.map(({ name }) => [name, []]));
const shuffle = shuffler(seed);
const expected = figuresOf([await warehouse.readFacts(tables, range)]);
for (let round = 0; round < rounds; round++) {
  for (const way of shuffle(ways)) {
    const start = performance.now();
    const facts = await way.read(warehouse);
    times.get(way.name)?.push((performance.now() - start) / way.part);
    deepStrictEqual(figuresOf(facts), expected, `${way.name} gives other facts`);
  }
}
await warehouse.close();

const best = median(times.get('one for all') ?? []);
console.log(`12 tables x 235 dates, ${rowsPerDate} rows each; ${rounds} rounds, seed ${seed}, Node ${process.version}`);
console.log('statements               count   median ms     ratio   min-max ms');
for (const { name, statements } of ways) {
  const all = times.get(name) ?? [];
  const columns = [
    name.padEnd(24),
    String(statements).padStart(5),
    median(all).toFixed(1).padStart(11),
    `${(median(all) / best).toFixed(1)}x`.padStart(9),
    `${Math.min(...all).toFixed(0)}-${Math.max(...all).toFixed(0)}`.padStart(12),
  ];
  console.log(columns.join(' '));
}
