/** The warehouse on BigQuery. */
import type { Table } from '../core/catalogue/catalogue.ts';
import type { BigqueryConnection, BigqueryPlace, Partitioning } from './bigquery-connection.ts';
import { googleSql } from './dialect.ts';
import { sqlWarehouse, type WarehouseOptions } from './sql-warehouse.ts';
import type { TableProblem, Warehouse } from './warehouse.ts';

/**
 * The warehouse port over BigQuery. Its check compares partitions too: a table that is not partitioned by its date column
 * is read whole by every question.
 */
export function bigqueryWarehouse(
  connection: BigqueryConnection,
  place: Pick<BigqueryPlace, 'project' | 'location'>,
  options: WarehouseOptions = {},
): Warehouse {
  const warehouse = sqlWarehouse(connection, googleSql(place), options);
  return {
    ...warehouse,
    check: async (tables) => {
      const problems = await warehouse.check(tables);
      const absent = new Set(
        problems.filter(({ problem }) => problem.endsWith('does not exist')).map(({ table }) => table),
      );
      const there = tables.filter(({ alias }) => !absent.has(alias));
      const found = await Promise.all(
        there.map(async (table) => comparePartitions(table, await connection.readPartitioning(table.table))),
      );
      return [...problems, ...found.flat()];
    },
    readRetention: async (tables) => {
      const kept = await Promise.all(
        tables.map(
          async ({ alias, table }) => [alias, (await connection.readPartitioning(table))?.expireDays] as const,
        ),
      );
      return new Map(kept.flatMap(([alias, days]) => (days === null || days === undefined ? [] : [[alias, days]])));
    },
  };
}

function comparePartitions({ alias, table, dateColumn }: Table, found: Partitioning | undefined): TableProblem[] {
  // A view has none of its own.
  if (found === undefined || found.kind.endsWith('VIEW')) return [];
  if (found.unit === null)
    return [{ table: alias, problem: `${table} has no partitions: every question reads all of it` }];
  if (found.column === null)
    return [
      { table: alias, problem: `${table} is partitioned by the time at which rows arrive, not by ${dateColumn}` },
    ];
  if (found.column.toLowerCase() !== dateColumn.toLowerCase())
    return [{ table: alias, problem: `${table} is partitioned by ${found.column}, not by ${dateColumn}` }];
  return found.unit === 'DAY'
    ? []
    : [{ table: alias, problem: `a partition of ${table} is a ${found.unit}, not a DAY` }];
}
