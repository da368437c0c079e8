/** The part of the warehouse contract that names who is missing in several tables at once. */
import { describe, expect, it } from 'vitest';
import { Fault } from '../../src/fault.ts';
import { makeTable } from '../support/duckdb.ts';
import { labCatalogue, labTable, type WarehouseUnderTest } from './warehouse-under-test.ts';

const quality = { flags: [], critical: [], entity: 'k', reference: { table: 'teams', column: 'team' } };
const teams = labTable('teams', { key: ['team'] });
const season = labTable('season', { dates: 'season', quality });
const games = labTable('games', { dates: 'games', quality });
const plain = labTable('plain');
const catalogue = labCatalogue([teams, season, games, plain]);
const dates = ['2021-11-02', '2021-11-01', '2021-11-02'];

export function missingContract(get: () => WarehouseUnderTest): void {
  describe('missing entities', () => {
    it('are named for several tables, each by its own reference dates, in one statement', async () => {
      const { run, warehouse, statements } = get();
      await makeTable(run, 'lab.teams', 'd DATE, team VARCHAR', [
        ['2021-10-20', 'ATL'],
        ['2021-11-01', 'BOS'],
        ['2021-11-02', 'NYK'],
      ]);
      await makeTable(run, 'lab.season', 'd DATE, k VARCHAR', [
        ['2021-11-01', 'BOS'],
        ['2021-11-02', 'BOS'],
      ]);
      await makeTable(run, 'lab.games', 'd DATE, k VARCHAR', [['2021-11-02', 'NYK']]);
      const asked = [season, plain, games].map((table) => ({ table, dates }));
      const found = await warehouse.readMissing(asked, catalogue);
      expect(statements).toHaveLength(1);
      expect(found.map(({ table, date, names }) => `${table} ${date}: ${names.join(' ')}`).sort()).toEqual([
        'games 2021-11-01: BOS',
        'season 2021-11-01: ATL',
        'season 2021-11-02: ATL NYK',
      ]);
    });

    it('of a table that can be read are named beside one that cannot, and nobody is, if none can', async () => {
      const { run, warehouse } = get();
      await makeTable(run, 'lab.teams', 'd DATE, team VARCHAR', [['2021-11-01', 'BOS']]);
      await makeTable(run, 'lab.games', 'd DATE, k VARCHAR', [['2021-11-01', 'ATL']]);
      const found = await warehouse.readMissing(
        [season, games].map((table) => ({ table, dates })),
        catalogue,
      );
      expect(found).toEqual([{ table: 'games', date: '2021-11-01', names: ['BOS'] }]);
      const failed = warehouse.readMissing([{ table: season, dates }], catalogue);
      await expect(failed).rejects.toBeInstanceOf(Fault);
    });

    it('take no statement where nothing names them', async () => {
      const { warehouse, statements } = get();
      expect(await warehouse.readMissing([], catalogue)).toEqual([]);
      const asked = [
        { table: plain, dates },
        { table: season, dates: [] },
      ];
      expect(await warehouse.readMissing(asked, catalogue)).toEqual([]);
      expect(statements).toEqual([]);
    });
  });
}
