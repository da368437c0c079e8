/** The part of the warehouse contract that is about distributions, the dates around, and the schedule beside them. */
import { describe, expect, it } from 'vitest';
import { makeTable } from '../support/duckdb.ts';
import { labCatalogue, labTable, type WarehouseUnderTest } from './warehouse-under-test.ts';

const date = '2021-11-10';

/** Types that warehouses have, three values of each of which one is 0 if it can be, and how many of them differ. */
const types: readonly [type: string, values: readonly string[], distinct: number, zeros: number][] = [
  ['INTEGER', ['0', '1', '1'], 2, 1],
  ['UBIGINT', ['0', '1', '1'], 2, 1],
  ['DOUBLE', ["'-0.0'", "'nan'", '2.5'], 3, 1],
  ['DECIMAL(12, 4)', ['0.0000', '0', '0.0001'], 2, 2],
  ['BOOLEAN', ['false', 'false', 'true'], 2, 0],
  ['VARCHAR', ["'0'", "''", "'x'"], 3, 0],
  ['TIMESTAMP', ["'1970-01-01'", "'1970-01-01'", "'2021-11-10'"], 2, 0],
  ['DATE', ["'1970-01-01'", "'1970-01-01'", "'2021-11-10'"], 2, 0],
  ['INTEGER[]', ['[0]', '[]', '[0]'], 2, 0],
  ['STRUCT(a INTEGER)', ["{'a': 0}", "{'a': 1}", "{'a': 0}"], 2, 0],
  ['BLOB', ["'a'", "'b'", "'c'"], 3, 0],
];

export function distributionContract(get: () => WarehouseUnderTest): void {
  describe('distribution', () => {
    it.each(types)('counts distinct values and zeros of a column that is %s', async (type, values, distinct, zeros) => {
      const { run, warehouse } = get();
      await makeTable(run, 'lab.a', `d DATE, k INTEGER, "Odd Name" ${type}`);
      const rows = [...values, 'NULL'].map((value, i) => `(DATE '${date}', ${i}, ${value})`);
      await run(`INSERT INTO lab.a VALUES ${rows.join(', ')}`, {});
      // The catalogue may write the name in other letters than the warehouse does.
      const table = labTable('a', { quality: { flags: [], critical: ['odd name'] } });
      const { dates } = await warehouse.readQuality(table, [date], labCatalogue([table]));
      expect(dates).toMatchObject([
        { rows: 4, nulls: { 'odd name': 1 }, distribution: { 'odd name': { distinct, zeros } } },
      ]);
    });

    it('comes with the dates around that have rows, three weeks at most, and the schedule, in one statement', async () => {
      const { run, warehouse, statements } = get();
      await makeTable(run, 'lab.a', 'd DATE, k VARCHAR, points INTEGER', [
        ['2021-10-19', 'x', 1], // 22 days before
        ['2021-10-20', 'x', 2],
        ['2021-11-10', 'x', 0],
        ['2021-11-12', 'x', 3],
        ['2021-12-02', 'x', 4],
        ['2021-12-04', 'x', 5], // 22 days after the last date asked
      ]);
      await makeTable(run, 'lab.sched', 'd DATE, k VARCHAR, game_status VARCHAR', [
        ['2021-11-10', 'g1', 'Scheduled'],
        ['2021-11-10', 'g1', 'Final'],
        ['2021-11-10', 'g2', 'Scheduled'],
        ['2021-11-20', 'g3', 'Final'],
      ]);
      const quality = { flags: [], critical: ['points'] };
      const table = labTable('a', { dates: 'games', quality });
      const catalogue = labCatalogue([labTable('sched', { mayRepeat: true }), table]);
      const read = await warehouse.readQuality(table, [date, '2021-11-11', '2021-11-12'], catalogue);
      expect(statements).toHaveLength(1);
      expect(read.dates.map((each) => [each.date, each.rows])).toEqual([
        [date, 1],
        ['2021-11-11', 0],
        ['2021-11-12', 1],
      ]);
      expect(read.around.map((each) => [each.date, each.rows, each.distribution])).toEqual([
        ['2021-10-20', 1, { points: { distinct: 1, zeros: 0 } }],
        ['2021-12-02', 1, { points: { distinct: 1, zeros: 0 } }],
      ]);
      const { from, days, tables, unread } = read.schedule;
      expect({ from, days, unread: [...unread] }).toEqual({ from: '2021-10-20', days: 45, unread: [] });
      const at = (i: number) => [tables.get('sched')?.entities[i], tables.get('sched')?.finals?.[i]];
      expect([at(21), at(22), at(31)]).toEqual([
        [2, 1],
        [0, 0],
        [1, 1],
      ]);
    });

    it('is there without the schedule, if that cannot be read, and says so', async () => {
      const { run, warehouse } = get();
      await makeTable(run, 'lab.a', 'd DATE, k VARCHAR', [[date, 'x']]);
      const table = labTable('a', { dates: 'games' });
      const read = await warehouse.readQuality(table, [date], labCatalogue([labTable('sched'), table]));
      expect(read.dates).toMatchObject([{ date, rows: 1 }]);
      expect(read.schedule.tables.size).toBe(0);
      expect([...read.schedule.unread.keys()]).toEqual(['sched']);
    });

    it('does not ask the schedule for a table that has rows by the calendar', async () => {
      const { run, warehouse, statements } = get();
      await makeTable(run, 'lab.a', 'd DATE, k VARCHAR', [[date, 'x']]);
      const table = labTable('a', { dates: 'daily' });
      await warehouse.readQuality(table, [date], labCatalogue([labTable('sched'), table]));
      expect(statements).toEqual([expect.not.stringContaining('sched')]);
    });
  });
}
