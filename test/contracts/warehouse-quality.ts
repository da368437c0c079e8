/** The part of the warehouse contract that is about quality: counts, and who is missing. */
import { describe, expect, it } from 'vitest';
import { Fault } from '../../src/fault.ts';
import { makeTable } from '../support/duckdb.ts';
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
      const asked = ['2021-11-03', '2021-11-01', '2021-11-04', '2021-11-01'];
      const { dates } = await warehouse.readQuality(table, asked, labCatalogue([table]));
      const nothing = { distinct: 0, zeros: 0 };
      const zeros = {
        entities: 0,
        duplicates: 0,
        flags: { ready: 0, 'all good': 0 },
        nulls: { points: 0, k: 0 },
        missing: [],
        distribution: { points: nothing, k: nothing },
      };
      expect(dates).toEqual([
        {
          ...zeros,
          date: '2021-11-01',
          rows: 3,
          entities: 2,
          duplicates: 1,
          flags: { ready: 2, 'all good': 1 },
          nulls: { points: 2, k: 0 },
          distribution: { points: { distinct: 1, zeros: 0 }, k: { distinct: 2, zeros: 0 } },
        },
        {
          ...zeros,
          date: '2021-11-03',
          rows: 1,
          entities: 1,
          distribution: { points: { distinct: 1, zeros: 0 }, k: { distinct: 1, zeros: 0 } },
        },
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
      const read = await warehouse.readQuality(table, ['2021-11-01'], labCatalogue([table]));
      expect(read.dates[0]).toMatchObject({ rows: 2, entities: 1, duplicates: 0 });
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
      const { dates: read } = await warehouse.readQuality(table, dates, labCatalogue([teams, table]));
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
      const { dates: read } = await warehouse.readQuality(table, dates, labCatalogue([teams, table]));
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
      const { dates: read } = await warehouse.readQuality(
        table,
        ['2021-11-01', '2021-11-02'],
        labCatalogue([real, table]),
      );
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
      const { dates: read } = await warehouse.readQuality(table, ['2021-11-30', '2021-12-01'], catalogue);
      expect(read.map(({ missing }) => missing)).toEqual([['1', '2'], ['2']]);
    });

    it('of no dates takes no statement, and of a table that is not there is a fault that says so', async () => {
      const { run, warehouse, statements } = get();
      const table = labTable('a', { dates: 'season', quality: everybody });
      expect(await warehouse.readQuality(table, [], labCatalogue([teams, table]))).toMatchObject({
        dates: [],
        around: [],
      });
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
}
