/** The part of the warehouse contract that is about fingerprints. */
import { describe, expect, it } from 'vitest';
import { addRows, makeTable } from '../support/duckdb.ts';
import { labTable, type WarehouseUnderTest } from './warehouse-under-test.ts';

export function fingerprintsContract(get: () => WarehouseUnderTest): void {
  describe('fingerprints', () => {
    const table = labTable('a');
    const first = ['2021-11-01'];

    it('are the same for the same rows in another order, and only of dates that have rows', async () => {
      const { run, warehouse, statements } = get();
      const rows = [
        ['2021-11-01', 'x', 1],
        ['2021-11-01', 'y', null],
        ['2021-11-02', 'x', 1],
        ['2021-11-05', 'x', 1],
      ];
      const dates = ['2021-11-03', '2021-11-01', '2021-11-05'];
      await makeTable(run, 'lab.a', 'd DATE, k VARCHAR, n INTEGER', rows);
      const before = await warehouse.readFingerprints(table, dates);
      await makeTable(run, 'lab.a', 'd DATE, k VARCHAR, n INTEGER', [...rows].reverse());
      expect(await warehouse.readFingerprints(table, dates)).toEqual(before);
      expect(before.map(({ table: alias, date }) => [alias, date])).toEqual([
        ['a', '2021-11-01'],
        ['a', '2021-11-05'],
      ]);
      expect(statements).toHaveLength(2);
    });

    it.each([
      [
        'a value changes',
        [
          ['2021-11-01', 'x', 2],
          ['2021-11-01', 'y', null],
        ],
      ],
      [
        'values change places',
        [
          ['2021-11-01', 'x', null],
          ['2021-11-01', 'y', 1],
        ],
      ],
      ['a row goes', [['2021-11-01', 'x', 1]]],
      [
        'all rows are doubled',
        [
          ['2021-11-01', 'x', 1],
          ['2021-11-01', 'y', null],
          ['2021-11-01', 'x', 1],
          ['2021-11-01', 'y', null],
        ],
      ],
    ])('change when %s', async (_, rows) => {
      const { run, warehouse } = get();
      await makeTable(run, 'lab.a', 'd DATE, k VARCHAR, n INTEGER', [
        ['2021-11-01', 'x', 1],
        ['2021-11-01', 'y', null],
      ]);
      const [before] = await warehouse.readFingerprints(table, first);
      await makeTable(run, 'lab.a', 'd DATE, k VARCHAR, n INTEGER', rows);
      const [after] = await warehouse.readFingerprints(table, first);
      expect(after?.value).toEqual(expect.any(String));
      expect(after?.value).not.toBe(before?.value);
    });

    it('do not see rows that the catalogue leaves out', async () => {
      const { run, warehouse } = get();
      await makeTable(run, 'lab.a', 'd DATE, k VARCHAR, kind VARCHAR', [['2021-11-01', 'x', 'a']]);
      const selected = labTable('a', { where: [{ column: 'kind', values: ['a'] }] });
      const before = await warehouse.readFingerprints(selected, first);
      await addRows(run, 'lab.a', [['2021-11-01', 'y', 'b']]);
      expect(await warehouse.readFingerprints(selected, first)).toEqual(before);
    });
  });
}
