/** What every warehouse does, whatever runs its SQL. */
import { afterEach, beforeEach, describe } from 'vitest';
import { recordStatements } from '../support/duckdb.ts';
import { checkContract } from './warehouse-check.ts';
import { describeContract } from './warehouse-describe.ts';
import { distributionContract } from './warehouse-distribution.ts';
import { factsContract } from './warehouse-facts.ts';
import { fingerprintsContract } from './warehouse-fingerprints.ts';
import { missingContract } from './warehouse-missing.ts';
import { qualityContract } from './warehouse-quality.ts';
import { type OpenedWarehouse, testSchedule, type WarehouseUnderTest } from './warehouse-under-test.ts';

/** @param open gives a new, empty warehouse. */
export function warehouseContract(name: string, open: () => Promise<OpenedWarehouse>): void {
  describe(`warehouse: ${name}`, () => {
    let opened: OpenedWarehouse;
    let under: WarehouseUnderTest;
    beforeEach(async () => {
      opened = await open();
      const connection = recordStatements(opened.connection);
      const warehouse = opened.warehouse(connection, { schedule: testSchedule });
      const { run, types = {}, strictDates = false } = opened;
      const typeName = (duckdb: string) => types[duckdb] ?? duckdb;
      under = { run, statements: connection.statements, warehouse, typeName, strictDates };
    });
    afterEach(async () => {
      await under.warehouse.close();
      await opened.close();
    });

    factsContract(() => under);
    qualityContract(() => under);
    distributionContract(() => under);
    missingContract(() => under);
    fingerprintsContract(() => under);
    checkContract(() => under);
    describeContract(() => under);
  });
}
