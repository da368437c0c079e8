/** The part of the warehouse contract that compares the catalogue with the warehouse. */
import { describe, expect, it } from 'vitest';
import { makeTable } from '../support/duckdb.ts';
import { labTable, type WarehouseUnderTest } from './warehouse-under-test.ts';

export function checkContract(get: () => WarehouseUnderTest): void {
  describe('check', () => {
    it('finds nothing where all is as the catalogue says, whatever the case of names', async () => {
      const { run, warehouse, statements } = get();
      await makeTable(
        run,
        'LAB.Good',
        'D DATE, k VARCHAR, W TIMESTAMP, ready BOOLEAN, points DOUBLE, game_status VARCHAR',
      );
      const quality = { flags: ['ready'], ready: 'ready', critical: ['points'], entity: 'k' };
      const good = labTable('sched', { table: 'project.lab.good', writtenAt: 'w', quality });
      expect(await warehouse.check([good])).toEqual([]);
      expect(statements).toHaveLength(1);
    });

    it('names absent tables and columns, and columns of a wrong type, in words', async () => {
      const { run, warehouse, statements, typeName } = get();
      await makeTable(run, 'lab.a', 'd INTEGER, w BOOLEAN, ready INTEGER, k VARCHAR');
      await makeTable(run, 'lab.sched', 'd DATE, k VARCHAR');
      const quality = {
        flags: ['ready'],
        critical: ['points'],
        reference: { table: 'sched', column: 'home' },
      };
      const a = labTable('a', { writtenAt: 'w', where: [{ column: 'kind', values: [1] }], quality });
      const problems = await warehouse.check([labTable('gone'), a, labTable('sched')]);
      expect(problems.map(({ table, problem }) => `${table}: ${problem}`)).toEqual([
        'gone: table lab.gone does not exist',
        `a: column d of lab.a is ${typeName('INTEGER')}, not a DATE`,
        `a: column w of lab.a is ${typeName('BOOLEAN')}, not a TIMESTAMP`,
        `a: column ready of lab.a is ${typeName('INTEGER')}, not a BOOL`,
        'a: table lab.a has no column kind',
        'a: table lab.a has no column points',
        'sched: table lab.sched has no column game_status',
        'sched: table lab.sched has no column home',
      ]);
      expect(statements).toHaveLength(1);
    });

    it('of no tables takes no statement', async () => {
      const { warehouse, statements } = get();
      expect(await warehouse.check([])).toEqual([]);
      expect(statements).toEqual([]);
    });
  });
}
