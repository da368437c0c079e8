/** The warehouse of a simulation: cells in memory, read as facts. What really is there, so also what invariants ask. */
import type { Catalogue } from '../../src/core/catalogue/catalogue.ts';
import { daysBetween, toDay } from '../../src/core/dates.ts';
import { emptyTableFacts, type TableFacts } from '../../src/core/facts.ts';
import { Fault } from '../../src/fault.ts';
import type { Warehouse } from '../../src/warehouse/warehouse.ts';
import { type Crossing, type Faults, perhaps } from './life.ts';

export type Cell = { readonly rows: number; readonly writtenAt: number; readonly version: number };

export type Cells = {
  find(table: string, date: string): Cell;
  write(table: string, date: string, rows: number, at: number): void;
};

const nothing: Cell = { rows: 0, writtenAt: Number.NaN, version: 0 };

export function makeCells(): Cells {
  const cells = new Map<string, Cell>();
  const find = (table: string, date: string) => cells.get(`${table} ${date}`) ?? nothing;
  return {
    find,
    write: (table, date, rows, at) =>
      void cells.set(`${table} ${date}`, { rows, writtenAt: at, version: find(table, date).version + 1 }),
  };
}

/** The port, as a process sees it. Some reads fail, some for one table only. */
export function simulatedWarehouse(cells: Cells, crossing: Crossing, faults: Faults): Warehouse {
  const readFacts: Warehouse['readFacts'] = (tables, { from, to }) =>
    crossing.ask(`reads ${tables.map(({ alias }) => alias).join(', ')}`, () =>
      perhaps(faults, 'warehouse', 0.03, () => {
        const dates = daysBetween(from, to);
        const unread = new Map<string, string>();
        const read = new Map<string, TableFacts>();
        for (const table of tables) {
          if (faults.strike('warehouse', 0.02)) unread.set(table.alias, 'no answer');
          else read.set(table.alias, factsOf(cells, table.alias, dates, table.writtenAt !== undefined));
        }
        if (read.size === 0) throw new Fault('nothing could be read', 'later');
        return { from, days: toDay(to) - toDay(from) + 1, tables: read, unread };
      }),
    );
  return {
    readFacts,
    readFingerprints: (table, dates) =>
      crossing.ask(`reads prints of ${table.alias}`, () =>
        perhaps(faults, 'warehouse', 0.03, () =>
          dates.flatMap((date) => {
            const { rows, version } = cells.find(table.alias, date);
            return rows === 0 ? [] : [{ table: table.alias, date, value: `${rows} rows, version ${version}` }];
          }),
        ),
      ),
    readQuality: (_table, dates) =>
      crossing.ask('reads quality', () => {
        const from = dates[0] ?? '2022-01-01';
        return { dates: [], around: [], schedule: { from, days: dates.length, tables: new Map(), unread: new Map() } };
      }),
    readMissing: async () => [],
    readRetention: async () => new Map(),
    check: async () => [],
    describe: async () => [],
    close: async () => undefined,
  };
}

function factsOf(cells: Cells, alias: string, dates: readonly string[], isTimed: boolean): TableFacts {
  const facts = emptyTableFacts(dates.length);
  for (const [n, date] of dates.entries()) {
    const { rows, writtenAt } = cells.find(alias, date);
    facts.rows[n] = rows;
    facts.entities[n] = rows;
    if (isTimed && rows > 0) facts.writtenAt[n] = writtenAt;
  }
  return facts;
}

/** Whether a call of one cell may not be under way beside one of the other, by the catalogue: a second source of this. */
export function doClash(catalogue: Catalogue, one: CellName, other: CellName): boolean {
  return isSame(one, other) || doesRead(catalogue, one, other) || doesRead(catalogue, other, one);
}

export type CellName = { readonly table: string; readonly date: string };

function isSame(one: CellName, other: CellName): boolean {
  return one.table === other.table && one.date === other.date;
}

function doesRead(catalogue: Catalogue, reader: CellName, read: CellName): boolean {
  const needs = catalogue.tables.get(reader.table)?.needs ?? [];
  return needs.some(
    ({ tables, window }) =>
      tables.includes(read.table) && (window === undefined ? read.date === reader.date : read.date <= reader.date),
  );
}
