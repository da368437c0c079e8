/** The part of the warehouse contract that is about facts. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addDays } from '../../src/core/dates.ts';
import type { Facts } from '../../src/core/facts.ts';
import { Fault } from '../../src/fault.ts';
import { makeTable, type TestValue } from '../support/duckdb.ts';
import { labTable, type WarehouseUnderTest } from './warehouse-under-test.ts';

const range = { from: '2021-11-01', to: '2021-11-03' };

function figures(facts: Facts, alias: string) {
  const read = facts.tables.get(alias);
  if (read === undefined) throw new Error(`${alias} was not read: ${facts.unread.get(alias)}`);
  return { rows: [...read.rows], entities: [...read.entities], writtenAt: [...read.writtenAt] };
}

export function factsContract(get: () => WarehouseUnderTest): void {
  describe('facts', () => {
    it('are zeros on dates without rows, which is not the same as unread', async () => {
      const { run, warehouse } = get();
      await makeTable(run, 'lab.a', 'd DATE, k VARCHAR, w TIMESTAMP', [['2021-11-02', 'x', '2021-11-03 10:00:00.25']]);
      const facts = await warehouse.readFacts([labTable('a', { writtenAt: 'w' }), labTable('gone')], range);
      const written = Date.UTC(2021, 10, 3, 10, 0, 0, 250);
      expect(facts).toMatchObject({ from: '2021-11-01', days: 3 });
      expect(figures(facts, 'a')).toEqual({ rows: [0, 1, 0], entities: [0, 1, 0], writtenAt: [NaN, written, NaN] });
      expect(facts.tables.has('gone')).toBe(false);
      expect([...facts.unread]).toEqual([['gone', 'table lab.gone does not exist']]);
    });

    it('of two tables are there when a third one cannot be read', async () => {
      const { run, warehouse } = get();
      await makeTable(run, 'lab.a', 'd DATE, k VARCHAR', [['2021-11-01', 'x']]);
      await makeTable(run, 'lab.b', 'd DATE, other VARCHAR');
      await makeTable(run, 'lab.c', 'd DATE, k VARCHAR', [['2021-11-03', 'x']]);
      const facts = await warehouse.readFacts([labTable('a'), labTable('b'), labTable('c')], range);
      expect(figures(facts, 'a').rows).toEqual([1, 0, 0]);
      expect(figures(facts, 'c').rows).toEqual([0, 0, 1]);
      expect([...facts.unread]).toEqual([['b', 'table lab.b has no column k']]);
    });

    it('that cannot be read at all are a fault, which says why', async () => {
      const { warehouse } = get();
      const failed = await warehouse.readFacts([labTable('a'), labTable('b')], range).catch((error: unknown) => error);
      expect(failed).toBeInstanceOf(Fault);
      expect(failed).toMatchObject({ retry: 'never', remedy: expect.stringContaining('backcourt check') });
      expect(String(failed)).toContain('a: table lab.a does not exist; b: table lab.b does not exist');
    });

    it('of five tables over 400 dates take one statement', async () => {
      const { run, warehouse, statements } = get();
      const tables = ['a', 'b', 'c', 'd', 'e'].map((alias) => labTable(alias, { key: ['k', 'l'], writtenAt: 'w' }));
      for (const table of tables) {
        await makeTable(run, table.table, 'd DATE, k INTEGER, l INTEGER, w TIMESTAMP');
        await run(
          `INSERT INTO ${table.table} SELECT DATE '2021-01-01' + n::INT, n % 2, m, TIMESTAMP '2022-01-01 00:00:00'
           FROM range(400) a(n), range(3) b(m)`,
          {},
        );
      }
      const facts = await warehouse.readFacts(tables, { from: '2021-01-01', to: addDays('2021-01-01', 399) });
      expect(statements).toHaveLength(1);
      for (const { alias } of tables) {
        expect(figures(facts, alias)).toEqual({
          rows: Array(400).fill(3),
          entities: Array(400).fill(3),
          writtenAt: Array(400).fill(Date.UTC(2022, 0, 1)),
        });
      }
    });

    it('of no tables, and of a range that ends before it starts, take no statement', async () => {
      const { warehouse, statements } = get();
      expect((await warehouse.readFacts([], range)).days).toBe(3);
      const reversed = await warehouse.readFacts([labTable('a')], { from: '2021-11-03', to: '2021-11-01' });
      expect(reversed).toMatchObject({ days: 0, tables: new Map(), unread: new Map() });
      expect(statements).toEqual([]);
    });

    it('select rows by values that are hostile to SQL', async () => {
      const { run, warehouse } = get();
      const hostile = ["it's", '"; DROP TABLE lab.a; --', '$p0', "\\' OR 1=1", '`x`', '%', 'Ωé🏀', "'' OR ''='"];
      await makeTable(run, 'lab.a', 'd DATE, k INTEGER, "where" VARCHAR', [
        ...hostile.map((text, i): TestValue[] => ['2021-11-01', i, text]),
        ['2021-11-01', 99, 'harmless'],
        ['2021-11-01', 98, null],
      ]);
      for (const text of hostile) {
        const table = labTable('a', { where: [{ column: 'where', values: [text] }] });
        expect(figures(await warehouse.readFacts([table], range), 'a').rows, text).toEqual([1, 0, 0]);
      }
      const several = labTable('a', { where: [{ column: 'where', values: hostile }] });
      expect(figures(await warehouse.readFacts([several], range), 'a').rows).toEqual([hostile.length, 0, 0]);
    });

    it('select rows by all of several columns, numbers and truth values included', async () => {
      const { run, warehouse } = get();
      await makeTable(run, 'lab.a', 'd DATE, k INTEGER, n BIGINT, x DOUBLE, b BOOLEAN', [
        ['2021-11-01', 1, 7, 0.5, true],
        ['2021-11-01', 2, 7, 0.5, false],
        ['2021-11-01', 3, 8, 0.5, true],
        ['2021-11-01', 4, 7, 0.25, true],
      ]);
      const where = [
        { column: 'n', values: [7, 9] },
        { column: 'x', values: [0.5] },
        { column: 'b', values: [true] },
      ];
      expect(figures(await warehouse.readFacts([labTable('a', { where })], range), 'a').rows).toEqual([1, 0, 0]);
    });

    it('count distinct keys beside rows, and neither rows without a date nor keys with a hole', async () => {
      const { run, warehouse } = get();
      await makeTable(run, 'lab.a', 'd DATE, k VARCHAR, l INTEGER', [
        ['2021-11-01', 'x', 1],
        ['2021-11-01', 'x', 1],
        ['2021-11-01', 'x', 2],
        ['2021-11-01', 'y', null],
        ['2021-11-01', null, 1],
        [null, 'z', 1],
      ]);
      const facts = await warehouse.readFacts([labTable('a', { mayRepeat: true })], range);
      expect(figures(facts, 'a')).toMatchObject({ rows: [5, 0, 0], entities: [2, 0, 0] });
      const paired = await warehouse.readFacts([labTable('a', { key: ['k', 'l'] })], range);
      expect(figures(paired, 'a')).toMatchObject({ rows: [5, 0, 0], entities: [2, 0, 0] });
    });

    it('of the schedule count finished games, each of them once', async () => {
      const { run, warehouse } = get();
      await makeTable(run, 'lab.sched', 'd DATE, k VARCHAR, game_status VARCHAR', [
        ['2021-11-01', 'g1', 'Scheduled'],
        ['2021-11-01', 'g1', 'Final'],
        ['2021-11-01', 'g1', '3'],
        ['2021-11-01', 'g2', 'Scheduled'],
        ['2021-11-02', 'g3', 'Final'],
      ]);
      await makeTable(run, 'lab.a', 'd DATE, k VARCHAR', [['2021-11-01', 'x']]);
      const facts = await warehouse.readFacts([labTable('sched', { mayRepeat: true }), labTable('a')], range);
      expect(facts.tables.get('sched')).toMatchObject({
        rows: Int32Array.of(4, 1, 0),
        entities: Int32Array.of(2, 1, 0),
        finals: Int32Array.of(1, 1, 0),
      });
      expect(facts.tables.get('a')?.finals).toBeUndefined();
    });

    it.each([
      ['TIMESTAMP', '2021-11-02 01:30:00'],
      ['TIMESTAMP_NS', '2021-11-02 01:30:00'],
      ['TIMESTAMPTZ', '2021-11-01 20:30:00-05'],
      ['VARCHAR', '2021-11-02T01:30:00Z'],
      ['VARCHAR', '2021-11-01T20:30:00-05:00'],
    ])('read a write time that is %s as UTC: %s', async (type, text) => {
      const { run, warehouse } = get();
      await makeTable(run, 'lab.a', `d DATE, k VARCHAR, w ${type}`, [
        ['2021-11-01', 'x', text],
        ['2021-11-01', 'y', null],
      ]);
      const facts = await warehouse.readFacts([labTable('a', { writtenAt: 'w' })], range);
      expect(figures(facts, 'a').writtenAt).toEqual([Date.UTC(2021, 10, 2, 1, 30), NaN, NaN]);
    });

    it.each([
      ['TIMESTAMP', '2021-11-02 23:59:59'],
      ['TIMESTAMPTZ', '2021-11-02 23:59:59+00'],
      ['VARCHAR', '2021-11-02'],
      ['VARCHAR', '2021-11-02T10:00:00'],
    ])('take the date of a column that is %s: %s', async (type, text) => {
      const { run, warehouse, strictDates, typeName } = get();
      await makeTable(run, 'lab.a', `d ${type}, k VARCHAR`, [[text, 'x']]);
      if (strictDates && type !== 'DATE') {
        const said = `column d of lab.a is ${typeName(type)}, not a DATE`;
        return expect(warehouse.readFacts([labTable('a')], range)).rejects.toThrow(said);
      }
      expect(figures(await warehouse.readFacts([labTable('a')], range), 'a').rows).toEqual([0, 1, 0]);
    });

    it('of a table whose text is no date are unread, not empty', async () => {
      const { run, warehouse, strictDates } = get();
      await makeTable(run, 'lab.a', 'd VARCHAR, k VARCHAR', [['11/02/2021', 'x']]);
      await makeTable(run, 'lab.b', 'd DATE, k VARCHAR');
      const facts = await warehouse.readFacts([labTable('a'), labTable('b')], range);
      expect(facts.tables.has('a')).toBe(false);
      expect(facts.unread.get('a')).toMatch(strictDates ? /not a DATE/ : /11\/02\/2021/);
    });

    it('take names that are words of SQL, and a project that the warehouse may not have', async () => {
      const { run, warehouse } = get();
      await makeTable(run, 'lab."select"', '"group" DATE, "order" VARCHAR, "t" INTEGER', [['2021-11-01', 'x', 1]]);
      const table = labTable('a', { table: 'my-project.lab.select', dateColumn: 'group', key: ['order', 't'] });
      expect(figures(await warehouse.readFacts([table], range), 'a').rows).toEqual([1, 0, 0]);
    });

    it('equal a plain count of any rows', async () => {
      const { run, warehouse } = get();
      await fc.assert(
        fc.asyncProperty(fc.array(anyRow, { maxLength: 25 }), async (rows) => {
          await makeTable(run, 'lab.one', columns, rows.map(valuesOf));
          await makeTable(run, 'lab.two', columns, rows.map(valuesOf));
          const one = labTable('one', { writtenAt: 'w', where: [{ column: 'kind', values: ['a', 'b'] }] });
          const two = labTable('two', { key: ['k', 'l'] });
          const facts = await warehouse.readFacts([one, two], range);
          const counted = rows.filter(({ kind }) => kind !== 'c');
          expect(figures(facts, 'one')).toEqual(count(counted, ({ k }) => k, true));
          const pair = ({ k, l }: Row) => (k === null || l === null ? null : `${k} ${l}`);
          expect(figures(facts, 'two')).toEqual(count(rows, pair, false));
        }),
        { numRuns: 25 },
      );
    });
  });
}

type Row = { day: number | null; k: string | null; l: number | null; kind: string; w: number | null };

const columns = 'd DATE, k VARCHAR, l INTEGER, kind VARCHAR, w TIMESTAMP';
/** Days from 31 October to 4 November: one before and one after the range. */
const anyRow: fc.Arbitrary<Row> = fc.record({
  day: fc.option(fc.integer({ min: -1, max: 3 }), { freq: 8 }),
  k: fc.option(fc.constantFrom('x', 'y', "z'"), { freq: 6 }),
  l: fc.option(fc.integer({ min: 0, max: 2 }), { freq: 6 }),
  kind: fc.constantFrom('a', 'b', 'c'),
  w: fc.option(fc.integer({ min: 0, max: 2_000_000_000_000 }), { freq: 4 }),
});

function valuesOf({ day, k, l, kind, w }: Row): TestValue[] {
  const written = w === null ? null : new Date(w).toISOString().replace('Z', '');
  return [day === null ? null : addDays(range.from, day), k, l, kind, written];
}

function count(rows: readonly Row[], keyOf: (row: Row) => string | null, withTime: boolean) {
  const days = [0, 1, 2].map((day) => rows.filter((row) => row.day === day));
  const times = days.map((day) => day.flatMap(({ w }) => (w === null || !withTime ? [] : [w])));
  return {
    rows: days.map((day) => day.length),
    entities: days.map((day) => new Set(day.map(keyOf).filter((key) => key !== null)).size),
    writtenAt: times.map((all) => (all.length === 0 ? NaN : Math.max(...all))),
  };
}
