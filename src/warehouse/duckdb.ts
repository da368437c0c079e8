/** The warehouse on DuckDB, in this process or behind HTTP. */
import { duckdbDialect } from './dialect.ts';
import type { Sql } from './sql.ts';
import { sqlWarehouse, type WarehouseOptions } from './sql-warehouse.ts';
import type { Warehouse } from './warehouse.ts';

/** The warehouse port over a connection to DuckDB; give it the catalogue's `schedule`, or games never count as finished. */
export function duckdbWarehouse(connection: Sql, options: WarehouseOptions = {}): Warehouse {
  return sqlWarehouse(connection, duckdbDialect, options);
}
