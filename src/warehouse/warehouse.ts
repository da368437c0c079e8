/**
 * The warehouse port. It speaks facts, not SQL, and each question is one round trip whatever the number of tables and
 * dates: on BigQuery every query is billed a minimum, and one grouped query per question is the difference between
 * cents and thousands of dollars.
 */

import type { Catalogue, Table } from '../core/catalogue/catalogue.ts';
import type { CalendarDate } from '../core/dates.ts';
import type { Facts } from '../core/facts.ts';
import type { TableDescription } from '../core/propose/guess-columns.ts';
import type { QualityFacts } from '../core/quality/quality.ts';

/** Rows of one cell in a form that changes when any row changes: for tables without a write time (R14). */
export type Fingerprint = { readonly table: string; readonly date: CalendarDate; readonly value: string };

/** What is wrong with a table of the catalogue as the warehouse knows it. */
export type TableProblem = { readonly table: string; readonly problem: string };

/** Some dates of one table. */
export type TableDates = { readonly table: Table; readonly dates: readonly CalendarDate[] };

/** Entities of the reference that have no row in a cell, by name; at least one. */
export type Missing = { readonly table: string; readonly date: CalendarDate; readonly names: readonly string[] };

export type Warehouse = {
  /**
   * Reads rows, distinct keys and last write of every table on every date of the range, in one query. If that fails it
   * reads table by table, and names in `unread` those that fail again (R10); a failed read is never an empty answer.
   * `finals` is filled for the catalogue's schedule table. Throws a Fault only when nothing could be read at all.
   */
  readFacts(tables: readonly Table[], range: { from: CalendarDate; to: CalendarDate }): Promise<Facts>;
  /**
   * Reads flags, duplicates, NULLs, zeros, distinct values and missing entities of one table per date, with the dates
   * around and the schedule, in one query. A schedule that cannot be read is named in its `unread`, and the rest stands.
   */
  readQuality(table: Table, dates: readonly CalendarDate[], catalogue: Catalogue): Promise<QualityFacts>;
  /**
   * Reads who is missing in cells of several tables, in one query; tables without a reference are left out. If that fails
   * it reads table by table, and throws a Fault only if nothing could be read.
   */
  readMissing(asked: readonly TableDates[], catalogue: Catalogue): Promise<Missing[]>;
  /** Reads fingerprints of cells of one table; cells without rows are absent. */
  readFingerprints(table: Table, dates: readonly CalendarDate[]): Promise<Fingerprint[]>;
  /** Compares the catalogue with what the warehouse has: absent tables, absent or wrongly typed columns. */
  check(tables: readonly Table[]): Promise<TableProblem[]>;
  /** Days after its date at which a partition is dropped by itself, by table; tables that keep theirs are absent. */
  readRetention(tables: readonly Table[]): Promise<ReadonlyMap<string, number>>;
  /** Every table and view that the warehouse has, with its columns; from metadata, so no rows are read. */
  describe(): Promise<TableDescription[]>;
  close(): Promise<void>;
};
