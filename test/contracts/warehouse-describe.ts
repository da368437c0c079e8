/** The part of the warehouse contract that says what tables there are. */
import { describe, expect, it } from 'vitest';
import { makeTable } from '../support/duckdb.ts';
import type { WarehouseUnderTest } from './warehouse-under-test.ts';

export function describeContract(get: () => WarehouseUnderTest): void {
  describe('description', () => {
    it('names every table and view with its columns and their types, in one statement that reads no rows', async () => {
      const { run, warehouse, statements, typeName } = get();
      const column = (name: string, type: string) => ({ name, type: typeName(type) });
      await makeTable(run, 'web.sessions', 'day DATE, built_at TIMESTAMP, "odd name" VARCHAR');
      await makeTable(run, 'lab.a', 'k BIGINT, d DATE');
      await run('CREATE VIEW web.recent AS SELECT day FROM web.sessions', {});
      expect(await warehouse.describe()).toEqual([
        { table: 'lab.a', columns: [column('k', 'BIGINT'), column('d', 'DATE')] },
        { table: 'web.recent', columns: [column('day', 'DATE')] },
        {
          table: 'web.sessions',
          columns: [column('day', 'DATE'), column('built_at', 'TIMESTAMP'), column('odd name', 'VARCHAR')],
        },
      ]);
      expect(statements).toHaveLength(1);
    });

    it('of an empty warehouse is empty', async () => {
      expect(await get().warehouse.describe()).toEqual([]);
    });
  });
}
