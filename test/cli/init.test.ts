/** `backcourt init`: a pipeline file from what a warehouse holds, that the other commands take as it is. */
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readProposal } from '../../src/cli/init.ts';
import type { Catalogue } from '../../src/core/catalogue/catalogue.ts';
import { readCatalogue } from '../../src/core/catalogue/read-catalogue.ts';
import type { Coverage } from '../../src/core/coverage/coverage-report.ts';
import type { Proposal } from '../../src/core/propose/propose-pipeline.ts';
import { readCoverageRequest } from '../../src/core/request/request.ts';
import { isRefusal, type Refusal } from '../../src/fault.ts';
import { duckdbWarehouse } from '../../src/warehouse/duckdb.ts';
import { openDuckdb, type Run } from '../../src/warehouse/duckdb-connection.ts';
import { withWarehouse } from '../support/make-warehouse.ts';
import { runBackcourt, runJson } from '../support/run-backcourt.ts';

const today = '2024-06-30';

/** What init would propose for the tables that `fill` makes in an empty DuckDB. */
async function propose(fill: (run: Run) => Promise<unknown>): Promise<Proposal | Refusal> {
  const duckdb = await openDuckdb(undefined);
  try {
    await fill(duckdb.run);
    return await readProposal(duckdbWarehouse(duckdb), today);
  } finally {
    await duckdb.close();
  }
}

async function proposeTables(...statements: readonly string[]): Promise<{ text: string; catalogue: Catalogue }> {
  const proposal = await propose(async (run) => {
    for (const statement of statements) await run(statement, {});
  });
  if (isRefusal(proposal)) throw new Error(proposal.message);
  return { text: proposal.text, catalogue: catalogueFrom(proposal.text) };
}

function catalogueFrom(text: string): Catalogue {
  const read = readCatalogue(text);
  if (!read.ok) throw new Error(`${JSON.stringify(read.problems)}\n${text}`);
  return read.catalogue;
}

function tableOf(catalogue: Catalogue, alias: string) {
  const table = catalogue.tables.get(alias);
  if (!table) throw new Error(`there is no ${alias} among ${[...catalogue.tables.keys()]}`);
  return table;
}

/** Dates of 2024 from 1 January on, `n` of them. */
const dates = (n: number) => `(SELECT DATE '2024-01-01' + CAST(d AS INTEGER) AS day FROM range(${n}) AS all_days(d))`;

describe('what is guessed', () => {
  it('is the date column by its name, then by its type, and a time only if its name is one of a date', async () => {
    const { catalogue, text } = await proposeTables(
      `CREATE TABLE named AS SELECT day AS first_seen, day AS event_date, 1 AS id FROM ${dates(3)}`,
      `CREATE TABLE typed AS SELECT CAST(day AS TIMESTAMP) AS event_time, day AS anything, 1 AS id FROM ${dates(3)}`,
      `CREATE TABLE timed AS SELECT CAST(day AS TIMESTAMP) AS event_time, 1 AS id FROM ${dates(3)}`,
      `CREATE TABLE people AS SELECT day AS birth_date, CAST(day AS TIMESTAMP) AS created_at, 1 AS id FROM ${dates(3)}`,
    );
    const found = [...catalogue.tables.values()].map((table) => [table.alias, table.dateColumn]);
    expect(found.sort()).toEqual([
      ['named', 'event_date'],
      ['timed', 'event_time'],
      ['typed', 'anything'],
    ]);
    expect(text).toContain('date_column: event_date # the date that its rows belong to, or is it first_seen?');
    expect(text).toContain('#   main.people: no column looks like the date that its rows belong to');
  });

  it('is the fewest and likeliest columns that tell the rows of a date apart', async () => {
    const rows = (n: number) => `${dates(5)} AS days CROSS JOIN range(${n}) AS all_rows(i)`;
    const { catalogue, text } = await proposeTables(
      `CREATE TABLE by_id AS SELECT day, 'n' || i AS name, i AS order_id, i * 1.5 AS amount FROM ${rows(20)}`,
      `CREATE TABLE by_two AS SELECT day, i % 5 AS clicks, 'p' || (i // 24) AS page, i % 24 AS hour, hash(i) AS views FROM ${rows(96)}`,
      `CREATE TABLE by_date AS SELECT day, 7 AS total FROM ${dates(5)}`,
      `CREATE TABLE by_nothing AS SELECT day, 'x' || (i // 2) AS code FROM ${rows(20)}`,
    );
    expect(tableOf(catalogue, 'by_id').key).toEqual(['order_id']);
    expect(tableOf(catalogue, 'by_two').key).toEqual(['page', 'hour']);
    expect(tableOf(catalogue, 'by_date').key).toEqual(['day']);
    expect(tableOf(catalogue, 'by_nothing')).toMatchObject({ key: ['code'], mayRepeat: false });
    expect(text).toContain('key: [code] # does not tell all rows apart: 10 keys in 20 rows on 2024-01-01');
    expect(tableOf(catalogue, 'by_nothing').expect[0]?.atLeast?.count).toBe(5);
  });

  it('is the last write and not the first one', async () => {
    const { catalogue } = await proposeTables(
      'CREATE TABLE a (day DATE, id INTEGER, created_at TIMESTAMP, row_updated_at TIMESTAMPTZ, processed_at VARCHAR)',
      'CREATE TABLE b (day DATE, id INTEGER, loaded_at TIMESTAMP)',
      'CREATE TABLE c (day DATE, id INTEGER, seen_at TIMESTAMP)',
    );
    const found = [...catalogue.tables.values()].map((table) => table.writtenAt);
    expect(found).toEqual(['row_updated_at', 'loaded_at', undefined]);
  });

  it('is the days of the week that have rows, the first date, and a minimum well under the usual', async () => {
    const { catalogue, text } = await proposeTables(
      `CREATE TABLE always AS SELECT day, i AS id FROM ${dates(21)} AS days CROSS JOIN range(40) AS all_rows(i)
       WHERE day <> DATE '2024-01-09' AND i < 30 + day(day)`,
      `CREATE TABLE working AS SELECT day, i AS id FROM ${dates(21)} AS days CROSS JOIN range(4) AS all_rows(i)
       WHERE isodow(day) < 6`,
      `CREATE TABLE rare AS SELECT day FROM ${dates(30)} WHERE isodow(day) = 1`,
      'CREATE TABLE empty (day DATE, id INTEGER)',
    );
    expect(tableOf(catalogue, 'always')).toMatchObject({ dates: 'daily', starts: '2024-01-01' });
    expect(tableOf(catalogue, 'always').expect).toMatchObject([{ atLeast: { count: 16, perGame: false } }]);
    expect(text).toContain('rows on 20 of 21 dates from 2024-01-01 to 2024-01-21; none on 9 Jan 2024: a hole, or');
    expect(text).toContain(
      'expect: { at_least: 16 } # 31-40 rows a date so far, usually 40; nine dates in ten have 33',
    );
    expect(tableOf(catalogue, 'working')).toMatchObject({ dates: 'weekdays', starts: '2024-01-01' });
    expect(text).toContain('expect: { at_least: 2 } # 4 rows on every date so far; if that is certain: exactly: 4');
    expect(tableOf(catalogue, 'rare')).toMatchObject({ dates: 'daily' });
    expect(text).toContain('does it have dates of its own?');
    expect(tableOf(catalogue, 'empty')).toMatchObject({ dates: 'daily', starts: '2024-01-01', expect: [] });
  });

  it('leaves placeholder dates and the future out of it', async () => {
    const { catalogue } = await proposeTables(
      `CREATE TABLE a AS SELECT * FROM (VALUES (DATE '1970-01-01', 1), (DATE '2024-03-04', 1), (DATE '2099-12-31', 1)) AS v(day, id)`,
    );
    expect(tableOf(catalogue, 'a').starts).toBe('2024-03-04');
  });

  it('is an alias of its own for every table, and never a word that means something else in a request', async () => {
    const columns = '(day DATE, id INTEGER)';
    const { catalogue } = await proposeTables(
      'CREATE SCHEMA shop',
      'CREATE SCHEMA web',
      ...['shop.orders', 'web.orders', 'web.all', 'web.march', 'web."null"', 'web.Last', 'web.phase4'].map(
        (name) => `CREATE TABLE ${name} ${columns}`,
      ),
    );
    const named = [...catalogue.tables.values()].map(({ alias, table }) => `${table} ${alias}`);
    expect(named.sort()).toEqual([
      'shop.orders orders',
      'web.Last last_table',
      'web.all all_table',
      'web.march march_table',
      'web.null null_table',
      'web.orders web_orders',
      'web.phase4 phase4_table',
    ]);
  });

  it('has comments that are valid as they are once they are none', async () => {
    const { text } = await proposeTables(
      `CREATE TABLE events AS SELECT day, 1 AS id FROM ${dates(3)}`,
      `CREATE TABLE sessions AS SELECT day, 1 AS id FROM ${dates(3)}`,
    );
    const example = /^( *)# (?=needs:|processor:|services:| {2})/gm;
    const catalogue = catalogueFrom(text.replace(example, '$1'));
    expect(tableOf(catalogue, 'sessions')).toMatchObject({
      needs: [{ tables: ['events'] }, { tables: ['events'], window: 7 }],
      processor: { service: 'jobs', name: 'fill-sessions' },
    });
    expect(catalogue.services.get('jobs')?.path).toBe('/run');
  });

  it('is nothing where no table has a date', async () => {
    const none = await propose((run) => run('CREATE TABLE people (name VARCHAR, since INTEGER)', {}));
    expect(none).toMatchObject({ refused: true });
    expect(isRefusal(none) && none.message).toMatch(/A table needs a DATE column.*; it has main\.people, and none/);
    const empty = await propose(async () => undefined);
    expect(isRefusal(empty) && empty.message).toContain('it has no tables at all');
  });
});

const types: Readonly<Record<string, string>> = {
  DATE: `DATE '2024-02-26' + CAST(i % 9 AS INTEGER)`,
  TIMESTAMP: `TIMESTAMP '2024-02-01 10:00:00' + INTERVAL (i) HOUR`,
  TIMESTAMPTZ: `TIMESTAMPTZ '2024-02-01 10:00:00+00'`,
  VARCHAR: `'v' || (i % 4)`,
  UUID: 'uuid()',
  INTEGER: 'i % 6',
  BIGINT: 'i',
  DOUBLE: 'i / 7.0',
  BOOLEAN: 'i % 2 = 0',
  'VARCHAR[]': `['a', 'b']`,
  'STRUCT(a INTEGER)': '{a: 1}',
};
const plainName = fc.constantFrom(
  'day',
  'event_date',
  'id',
  'user_id',
  'null',
  'true',
  'on',
  'hour',
  'updated_at',
  'ts',
);
const oddName = fc.constantFrom('two words', 'Ünique', 'a.b', "it's", '1st', 'line\nbreak', 'a: b', '#c', '_x', 'a"b');
const columnsOf = fc.uniqueArray(
  fc.record({
    name: fc.oneof({ weight: 3, arbitrary: plainName }, { weight: 1, arbitrary: oddName }),
    type: fc.oneof(
      { weight: 1, arbitrary: fc.constant('DATE') },
      { weight: 3, arbitrary: fc.constantFrom(...Object.keys(types)) },
    ),
  }),
  { minLength: 1, maxLength: 6, selector: ({ name }) => name.toLowerCase() },
);
const someTables = fc.uniqueArray(
  fc.record({
    schema: fc.constantFrom('main', 'shop', 'Web-Shop', 'two words'),
    name: fc.oneof(
      fc.constantFrom('events', 'sessions', 'all', 'last', 'may', 'null', 'constructor', '_', 'x'.repeat(40)),
      oddName,
    ),
    columns: columnsOf,
    rows: fc.constantFrom(0, 1, 3, 40),
  }),
  { minLength: 1, maxLength: 5, selector: ({ schema, name }) => `${schema}.${name}`.toLowerCase() },
);
type SomeTables = typeof someTables extends fc.Arbitrary<infer T> ? T : never;

const quote = (name: string) => `"${name.replaceAll('"', '""')}"`;

async function fillTables(run: Run, tables: SomeTables): Promise<void> {
  for (const { schema, name, columns, rows } of tables) {
    const at = `${quote(schema)}.${quote(name)}`;
    await run(`CREATE SCHEMA IF NOT EXISTS ${quote(schema)}`, {});
    await run(`CREATE TABLE ${at} (${columns.map((column) => `${quote(column.name)} ${column.type}`).join(', ')})`, {});
    const values = columns.map(({ type }) => types[type]).join(', ');
    await run(`INSERT INTO ${at} SELECT ${values} FROM range(${rows}) AS all_rows(i)`, {});
  }
}

describe('whatever the warehouse holds', () => {
  it('what init writes is a catalogue that check finds nothing wrong with, and its aliases can be asked for', async () => {
    let proposed = 0;
    await fc.assert(
      fc.asyncProperty(someTables, async (tables) => {
        const duckdb = await openDuckdb(undefined);
        try {
          await fillTables(duckdb.run, tables);
          const warehouse = duckdbWarehouse(duckdb);
          const proposal = await readProposal(warehouse, today);
          if (isRefusal(proposal)) return;
          proposed += 1;
          const catalogue = catalogueFrom(proposal.text);
          expect(proposal.tables.length + proposal.leftOut.length).toBe(tables.length);
          expect([...catalogue.tables.keys()].sort()).toEqual(proposal.tables.map(({ alias }) => alias).sort());
          expect(await warehouse.check([...catalogue.tables.values()])).toEqual([]);
          const last = [...catalogue.tables.keys()].at(-1) ?? '';
          for (const alias of catalogue.tables.keys()) {
            const asked = readCoverageRequest(`${last} ${alias} 2024-05-01`, { catalogue, today });
            expect(asked).toMatchObject({ verb: 'coverage', tables: [...new Set([last, alias])] });
          }
        } finally {
          await duckdb.close();
        }
      }),
      { numRuns: 60 },
    );
    expect(proposed).toBeGreaterThan(20);
  });
});

describe('the command', { timeout: 90_000 }, () => {
  let folder: string;
  let env: Record<string, string>;
  const run = (...words: string[]) => runBackcourt(words, { env });
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'init-'));
    env = { BACKCOURT_WAREHOUSE: `duckdb:${join(folder, 'rows.duckdb')}`, BACKCOURT_HOME: join(folder, 'home') };
    await withWarehouse(join(folder, 'rows.duckdb'), (sql) =>
      sql(`CREATE TABLE visits AS SELECT day, i AS visit_id FROM ${dates(10)} CROSS JOIN range(8) AS all_rows(i)`, {}),
    );
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  it('writes a file that the other commands take, and never over another one', async () => {
    const file = join(folder, 'pipeline.yml');
    const wrote = await run('init', '--out', file);
    expect(wrote).toMatchObject({ code: 0, out: '' });
    expect(wrote.err).toContain(`Then: backcourt check --pipeline ${file}`);
    expect(existsSync(join(folder, 'home'))).toBe(false);
    expect(await run('check', '--pipeline', file)).toMatchObject({ code: 0 });
    const asked = ['coverage', 'visits', '2024-01-01..2024-01-12', '--pipeline', file];
    const { json } = await runJson<Coverage>(asked, { env });
    expect(json.tables[0]).toMatchObject({ expected: 12, complete: 10, byStatus: { complete: 10, missing: 2 } });

    writeFileSync(file, 'mine');
    const again = await run('init', '--out', file);
    expect(again).toMatchObject({ code: 2, out: '' });
    expect(again.err).toContain(`${file} exists, and init overwrites nothing.`);
    expect(again.err).toContain(`Try: backcourt init --out ${join(folder, 'pipeline-2.yml')}`);
    expect(readFileSync(file, 'utf8')).toBe('mine');
  });

  it('prints the file where no other is named, as text or in one JSON document', async () => {
    const printed = await run('init');
    expect(printed).toMatchObject({ code: 0, err: '' });
    expect([...catalogueFrom(printed.out).tables.keys()]).toEqual(['visits']);
    const { code, json } = await runJson<{ file: null; text: string; tables: unknown[] }>(['init'], { env });
    expect(code).toBe(0);
    expect(json).toMatchObject({
      file: null,
      tables: [{ alias: 'visits', table: 'main.visits', key: ['visit_id'], dates: 'daily', starts: '2024-01-01' }],
      leftOut: [],
    });
    expect(json.text).toBe(printed.out);
  });

  it.each([
    [['init', 'visits'], 'init takes no words, and there are: visits', 'init --out pipeline.yml'],
    [['coverage', 'visits', 'yesterday', '--out', 'x.yml'], '--out', 'coverage visits yesterday'],
    [
      ['init', '--out', join(tmpdir(), 'no', 'such', 'folder', 'x.yml')],
      'There is no folder',
      'init --out pipeline.yml',
    ],
  ])('refuses %j', async (words, why, instead) => {
    const refused = await run(...words);
    expect(refused).toMatchObject({ code: 2, out: '' });
    expect(refused.err).toContain(why);
    expect(refused.err).toContain(`Try: backcourt ${instead}`);
  });

  it('says which warehouse is not there', async () => {
    const failed = await runBackcourt(['init'], { env: { BACKCOURT_WAREHOUSE: 'duckdb:/no/such.duckdb' } });
    expect(failed).toMatchObject({ code: 3, out: '' });
    expect(failed.err).toContain('there is no warehouse file /no/such.duckdb');
  });
});
