/** The warehouse contract on DuckDB: in memory, in a file, and behind HTTP. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { duckdbWarehouse } from '../../src/warehouse/duckdb.ts';
import { connectDuckdb, openDuckdb } from '../../src/warehouse/duckdb-connection.ts';
import { warehouseContract } from '../contracts/warehouse.ts';
import { serveQueries } from '../support/duckdb.ts';

warehouseContract('DuckDB in memory', async () => {
  const home = await openDuckdb(undefined);
  return { run: home.run, connection: home, warehouse: duckdbWarehouse, close: home.close };
});

warehouseContract('DuckDB in a file', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'warehouse-'));
  const home = await openDuckdb(join(folder, 'test.duckdb'));
  const close = async () => {
    await home.close();
    rmSync(folder, { recursive: true });
  };
  return { run: home.run, connection: home, warehouse: duckdbWarehouse, close };
});

warehouseContract('DuckDB behind HTTP', async () => {
  const home = await openDuckdb(undefined);
  const server = await serveQueries(home);
  const close = async () => {
    await server.close();
    await home.close();
  };
  return { run: home.run, connection: connectDuckdb(server.url), warehouse: duckdbWarehouse, close };
});
