/** The part of the warehouse contract that is about quality and fingerprints. */
import { describe, expect, it } from 'vitest';
import { Fault } from '../../src/fault.ts';
import { addRows, makeTable } from '../support/duckdb.ts';
import { labCatalogue, labTable, type WarehouseUnderTest } from './warehouse-under-test.ts';

const teams = labTable('teams', { key: ['team'] });
const everybody = { entity: 'k', reference: { table: 'teams', column: 'team' }, flags: [], critical: [] };

export function qualityContract(get: () => WarehouseUnderTest): void {
  describe('quality', () => {
    it('counts flags, NULLs and duplicates per date, with zeros where there is nothing, in one statement', async () => {
      const { run, warehouse, statements } = get();
      await makeTable(
        run,
        'lab.a',
        'd DATE, k VARCHAR, kind VARCHAR, ready BOOLEAN, "all good" BOOLEAN, points DOUBLE',
        [
          ['2021-11-01', 'x', 'r', true, false, 1],
          ['2021-11-01', 'x', 'r', true, null, null],
          ['2021-11-01', 'y', 'r', false, true, null],
          ['2021-11-01', 'z', 'other', true, true, null],
          ['2021-11-02', 'x', 'r', true, true, 1],
          ['2021-11-03', 'x', 'r', null, null, 1],
        ],
      );
      const quality = { flags: ['ready', 'all good'], critical: ['points', 'k'] };
      const table = labTable('a', { quality, where: [{ column: 'kind', values: ['r'] }] });
      const dates = ['2021-11-03', '2021-11-01', '2021-11-04', '2021-11-01'];
      const read = await warehouse.readQuality(table, dates, labCatalogue([table]));
      const zeros = {
        entities: 0,
        duplicates: 0,
        flags: { ready: 0, 'all good': 0 },
        nulls: { points: 0, k: 0 },
        missing: [],
      };
      expect(read).toEqual([
        {
          ...zeros,
          date: '2021-11-01',
          rows: 3,
          entities: 2,
          duplicates: 1,
          flags: { ready: 2, 'all good': 1 },
          nulls: { points: 2, k: 0 },
        },
        { ...zeros, date: '2021-11-03', rows: 1, entities: 1 },
        { ...zeros, date: '2021-11-04', rows: 0 },
      ]);
      expect(statements).toHaveLength(1);
    });

    it('does not call the rows of a table that may repeat duplicates', async () => {
      const { run, warehouse } = get();
      await makeTable(run, 'lab.a', 'd DATE, k VARCHAR', [
        ['2021-11-01', 'x'],
        ['2021-11-01', 'x'],
      ]);
      const table = labTable('a', { mayRepeat: true });
      const [read] = await warehouse.readQuality(table, ['2021-11-01'], labCatalogue([table]));
      expect(read).toMatchObject({ rows: 2, entities: 1, duplicates: 0 });
    });

    it('names who is missing, of those seen in the season so far', async () => {
      const { run, warehouse, statements } = get();
      await makeTable(run, 'lab.teams', 'd DATE, team VARCHAR', [
        ['2021-10-18', 'OLD'], // before the season
        ['2021-10-19', 'ATL'],
        ['2021-10-20', 'BOS'],
        ['2021-11-02', 'NYK'], // unknown on the first
        ['2021-11-02', 'ATL'],
        ['2021-11-02', null],
      ]);
      await makeTable(run, 'lab.a', 'd DATE, k VARCHAR', [
        ['2021-11-01', 'BOS'],
        ['2021-11-02', 'BOS'],
        ['2021-11-02', 'NYK'],
        ['2021-11-03', 'ATL'],
        ['2021-11-03', 'BOS'],
        ['2021-11-03', 'NYK'],
        ['2021-11-03', 'XXX'],
      ]);
      const table = labTable('a', { dates: 'season', quality: everybody });
      const dates = ['2021-10-18', '2021-11-01', '2021-11-02', '2021-11-03', '2021-11-04'];
      const read = await warehouse.readQuality(table, dates, labCatalogue([teams, table]));
      expect(read.map(({ date, missing }) => [date, missing])).toEqual([
        ['2021-10-18', []],
        ['2021-11-01', ['ATL']],
        ['2021-11-02', ['ATL']],
        ['2021-11-03', []],
        ['2021-11-04', ['ATL', 'BOS', 'NYK']],
      ]);
      expect(statements).toHaveLength(1);
    });

    it('begins anew with each season, and looks at nobody between two of them', async () => {
      const { run, warehouse } = get();
      await makeTable(run, 'lab.teams', 'd DATE, team VARCHAR', [
        ['2022-06-01', 'SEA'],
        ['2022-10-18', 'OKC'],
      ]);
      await makeTable(run, 'lab.a', 'd DATE, k VARCHAR');
      const table = labTable('a', { dates: 'season', quality: everybody });
      const dates = ['2022-06-02', '2022-10-17', '2022-10-19'];
      const read = await warehouse.readQuality(table, dates, labCatalogue([teams, table]));
      expect(read.map(({ missing }) => missing)).toEqual([['SEA'], [], ['OKC']]);
    });

    it('compares a table that follows games with the same date only', async () => {
      const { run, warehouse } = get();
      await makeTable(run, 'lab.teams', 'd DATE, team VARCHAR, real BOOLEAN', [
        ['2021-11-01', 'ATL', true],
        ['2021-11-02', 'BOS', true],
        ['2021-11-02', 'NYK', true],
        ['2021-11-02', 'NYK', true],
        ['2021-11-02', 'ALL-STARS', false],
      ]);
      await makeTable(run, 'lab.a', 'd DATE, k VARCHAR', [
        ['2021-11-02', 'BOS'],
        ['2021-11-01', 'NYK'],
      ]);
      const table = labTable('a', { dates: 'games', quality: everybody });
      const real = { ...teams, where: [{ column: 'real', values: [true] }] };
      const read = await warehouse.readQuality(table, ['2021-11-01', '2021-11-02'], labCatalogue([real, table]));
      expect(read.map(({ missing }) => missing)).toEqual([['ATL'], ['NYK']]);
    });

    it('looks back 30 days, the date included, where there are no seasons', async () => {
      const { run, warehouse } = get();
      await makeTable(run, 'lab.teams', 'd DATE, team INTEGER', [
        ['2021-11-01', 1],
        ['2021-11-02', 2],
      ]);
      await makeTable(run, 'lab.a', 'd DATE, k INTEGER');
      const table = labTable('a', { dates: 'daily', quality: everybody });
      const catalogue = labCatalogue([teams, table], { seasons: [] });
      const read = await warehouse.readQuality(table, ['2021-11-30', '2021-12-01'], catalogue);
      expect(read.map(({ missing }) => missing)).toEqual([['1', '2'], ['2']]);
    });

    it('of no dates takes no statement, and of a table that is not there is a fault that says so', async () => {
      const { run, warehouse, statements } = get();
      const table = labTable('a', { dates: 'season', quality: everybody });
      expect(await warehouse.readQuality(table, [], labCatalogue([teams, table]))).toEqual([]);
      expect(statements).toEqual([]);
      await makeTable(run, 'lab.a', 'd DATE, k VARCHAR');
      const failed = await warehouse
        .readQuality(table, ['2021-11-01'], labCatalogue([teams, table]))
        .catch((error: unknown) => error);
      expect(failed).toBeInstanceOf(Fault);
      expect(failed).toMatchObject({
        retry: 'never',
        message: 'Nothing could be read: teams: table lab.teams does not exist',
      });
    });
  });

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
