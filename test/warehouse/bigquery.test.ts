/** The warehouse contract on BigQuery's own client, against a stand-in of its REST interface. */
import { bigqueryWarehouse } from '../../src/warehouse/bigquery.ts';
import { openBigquery } from '../../src/warehouse/bigquery-connection.ts';
import { openDuckdb } from '../../src/warehouse/duckdb-connection.ts';
import { warehouseContract } from '../contracts/warehouse.ts';
import { startBigquery } from '../support/bigquery/stand-in.ts';

warehouseContract('BigQuery', async () => {
  const duckdb = await openDuckdb(undefined);
  const standIn = await startBigquery(duckdb);
  const place = { project: 'project', location: 'US', maxBytes: 10_000_000_000, endpoint: standIn.url };
  const connection = await openBigquery(place);
  return {
    run: duckdb.run,
    connection,
    warehouse: (sql, options) => bigqueryWarehouse({ ...connection, ...sql }, place, options),
    strictDates: true,
    types: {
      BIGINT: 'INT64',
      BOOLEAN: 'BOOL',
      DOUBLE: 'FLOAT64',
      INTEGER: 'INT64',
      TIMESTAMPTZ: 'TIMESTAMP',
      VARCHAR: 'STRING',
    },
    close: async () => {
      await standIn.close();
      await duckdb.close();
    },
  };
});
