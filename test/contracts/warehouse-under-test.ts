/** What the parts of the warehouse contract share. */
import type { Catalogue, Table } from '../../src/core/catalogue/catalogue.ts';
import type { Run, Sql } from '../../src/warehouse/sql.ts';
import type { WarehouseOptions } from '../../src/warehouse/sql-warehouse.ts';
import type { Warehouse } from '../../src/warehouse/warehouse.ts';
import { smallCatalogue, smallTable } from '../support/small-catalogue.ts';

/** An empty database: `run` writes into it (DuckDB's SQL), `connection` is what the warehouse reads through. */
export type OpenedWarehouse = {
  readonly run: Run;
  readonly connection: Sql;
  warehouse(connection: Sql, options: WarehouseOptions): Warehouse;
  close(): Promise<void>;
  /** What the warehouse calls a type of DuckDB, where that is something else. */
  readonly types?: Readonly<Record<string, string>>;
  /** Dates are in columns of type DATE only: another type is told, and not read. */
  readonly strictDates?: boolean;
};

/** What a test of the contract is given; `statements` are those that the warehouse ran. */
export type WarehouseUnderTest = {
  readonly run: Run;
  readonly statements: string[];
  readonly warehouse: Warehouse;
  typeName(duckdb: string): string;
  readonly strictDates: boolean;
};

/** Tells a finished game by text or by number. */
export const testSchedule = { table: 'sched', final: { column: 'game_status', values: ['Final', '3'] } };

/** A table `lab.<alias>` with date column `d` and key `k`. */
export function labTable(alias: string, over: Partial<Table> = {}): Table {
  return smallTable(alias, { table: `lab.${alias}`, dateColumn: 'd', key: ['k'], ...over });
}

/** A catalogue of such tables, with the seasons 2021-22 and 2022-23 if nothing else is said. */
export function labCatalogue(tables: readonly Table[], over: Partial<Catalogue> = {}): Catalogue {
  return { ...smallCatalogue, schedule: testSchedule, tables: new Map(tables.map((t) => [t.alias, t])), ...over };
}
