/**
 * The warehouse port over anything that runs SQL. Each question is one statement; only when that fails are tables read
 * one by one, so that one absent table does not hide the others, and a failed read never looks like an empty answer (B8).
 */
import type { Catalogue, Table } from '../core/catalogue/catalogue.ts';
import { type CalendarDate, toDay } from '../core/dates.ts';
import type { TableFacts } from '../core/facts.ts';
import type { QualityFacts } from '../core/quality/quality.ts';
import { Fault } from '../fault.ts';
import { checkTables } from './check-tables.ts';
import { describeTables } from './describe-tables.ts';
import type { Dialect } from './dialect.ts';
import { type DateBounds, decodeFacts, factsQuery } from './facts-query.ts';
import { decodeFingerprints, fingerprintQuery } from './fingerprint-query.ts';
import { decodeMissing, missingQuery, referenceOf } from './missing-query.ts';
import { decodeQuality, qualityQuery, scheduleOf } from './quality-query.ts';
import type { Sql, Statement } from './sql.ts';
import type { Missing, TableDates, Warehouse } from './warehouse.ts';

/** What a warehouse has to know of the catalogue: how its schedule tells a finished game. */
export type WarehouseOptions = { readonly schedule?: Catalogue['schedule'] };

type Failure = { readonly table: Table; readonly fault: Fault };

/** The warehouse port over a connection. Throws Faults only, worded for a person where the catalogue is at fault. */
export function sqlWarehouse(connection: Sql, dialect: Dialect, { schedule }: WarehouseOptions): Warehouse {
  const ask = ({ sql, params }: Statement) => connection.run(sql, params);
  const check = (tables: readonly Table[]) => checkTables(connection.run, dialect, tables, schedule);
  const readTables = async (tables: readonly Table[], range: DateBounds) =>
    decodeFacts(await ask(factsQuery(dialect, tables, range, schedule)), tables, range, schedule);
  return {
    readFacts: async (tables, range) => {
      const days = Math.max(0, toDay(range.to) - toDay(range.from) + 1);
      const facts = { from: range.from, days, unread: new Map<string, string>() };
      if (tables.length === 0 || days === 0) return { ...facts, tables: new Map<string, TableFacts>() };
      try {
        return { ...facts, tables: await readTables(tables, range) };
      } catch (error) {
        const read = await readOneByOne(tables, faultOf(error), (table) => readTables([table], range));
        const words = await explain(check, read.failures);
        if (read.tables.size === 0) throw nothingRead(words, read.failures);
        return { ...facts, tables: read.tables, unread: words };
      }
    },
    readQuality: async (table, dates, catalogue) => {
      if (dates.length === 0) return noQuality;
      const question = { table, dates: inOrder(dates), catalogue };
      const read = async (schedule: Table | undefined): Promise<QualityFacts> =>
        decodeQuality(await ask(qualityQuery(dialect, { ...question, schedule })), { ...question, schedule });
      const reference = catalogue.tables.get(table.quality.reference?.table ?? '');
      return explained(check, reference ? [table, reference] : [table], () =>
        readDespite(scheduleOf(table, catalogue), read),
      );
    },
    readMissing: async (asked, catalogue) => {
      const named = asked
        .filter(({ table, dates }) => dates.length > 0 && referenceOf(table, catalogue) !== undefined)
        .map(({ table, dates }) => ({ table, dates: inOrder(dates) }));
      if (named.length === 0) return [];
      const read = async (some: readonly TableDates[]): Promise<Missing[]> =>
        decodeMissing(await ask(missingQuery(dialect, some, catalogue)), some);
      return read(named).catch((error: unknown) => readEach(named, faultOf(error), read));
    },
    readFingerprints: async (table, dates) => {
      if (dates.length === 0) return [];
      const rows = await explained(check, [table], () => ask(fingerprintQuery(dialect, table, inOrder(dates))));
      return decodeFingerprints(rows, table);
    },
    check,
    readRetention: async () => new Map(),
    describe: () => describeTables(connection.run, dialect),
    close: () => connection.close(),
  };
}

const noQuality: QualityFacts = {
  dates: [],
  around: [],
  schedule: { from: '1970-01-01', days: 0, tables: new Map(), unread: new Map() },
};

/** Reads with the schedule; where the statement is refused, without it, since rows can be looked at all the same. */
async function readDespite(
  schedule: Table | undefined,
  read: (schedule: Table | undefined) => Promise<QualityFacts>,
): Promise<QualityFacts> {
  try {
    return await read(schedule);
  } catch (error) {
    const fault = faultOf(error);
    if (schedule === undefined || fault.retry !== 'never') throw fault;
    const found = await read(undefined);
    return { ...found, schedule: { ...found.schedule, unread: new Map([[schedule.alias, fault.message]]) } };
  }
}

/** Reads table by table what failed together; a single one has failed already. */
async function readEach(
  asked: readonly TableDates[],
  first: Fault,
  read: (asked: readonly TableDates[]) => Promise<Missing[]>,
): Promise<Missing[]> {
  if (asked.length === 1) throw first;
  const results = await Promise.all(asked.map((one) => read([one]).catch(faultOf)));
  const found = results.filter((result) => Array.isArray(result));
  if (found.length === 0) throw first;
  return found.flat();
}

/** Reads each table by itself; a single one has been tried already and failed with `first`. */
async function readOneByOne(
  tables: readonly Table[],
  first: Fault,
  read: (table: Table) => Promise<ReadonlyMap<string, TableFacts>>,
): Promise<{ tables: Map<string, TableFacts>; failures: Failure[] }> {
  if (tables.length === 1) return { tables: new Map(), failures: tables.map((table) => ({ table, fault: first })) };
  const readAlone = async (table: Table) => read(table).catch((error: unknown) => ({ table, fault: faultOf(error) }));
  const results = await Promise.all(tables.map(readAlone));
  return {
    tables: new Map(results.flatMap((result) => ('fault' in result ? [] : [...result]))),
    failures: results.filter((result) => 'fault' in result),
  };
}

/** Says for each table why it could not be read: what the catalogue has wrong, or else what the warehouse said. */
async function explain(check: Warehouse['check'], failures: readonly Failure[]): Promise<Map<string, string>> {
  const wrong = failures.filter(({ fault }) => fault.retry === 'never').map(({ table }) => table);
  const problems = await check(wrong).catch(() => []);
  return new Map(
    failures.map(({ table, fault }) => {
      const own = problems.filter((problem) => problem.table === table.alias).map(({ problem }) => problem);
      return [table.alias, own.length > 0 ? own.join('; ') : fault.message];
    }),
  );
}

/** Runs a read of a table (and of those after it in the list), and words its failure as `explain` does. */
async function explained<T>(check: Warehouse['check'], tables: readonly Table[], read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (error) {
    const fault = faultOf(error);
    const failures = tables.map((table) => ({ table, fault }));
    const words = [...(await explain(check, failures))];
    const telling = words.filter(([, problem]) => problem !== fault.message);
    throw nothingRead(new Map(telling.length > 0 ? telling : words.slice(0, 1)), failures);
  }
}

const wordsShown = 3;
const remedy = 'Run `backcourt check` to see what differs between the catalogue and the warehouse.';

function nothingRead(words: ReadonlyMap<string, string>, failures: readonly Failure[]): Fault {
  const all = [...words].map(([alias, problem]) => `${alias}: ${problem}`);
  const rest = all.length > wordsShown ? `; and ${all.length - wordsShown} more` : '';
  const permanent = failures.every(({ fault }) => fault.retry === 'never');
  return new Fault(
    `Nothing could be read: ${all.slice(0, wordsShown).join('; ')}${rest}`,
    permanent ? 'never' : 'later',
    {
      cause: failures[0]?.fault,
      ...(permanent ? { remedy } : {}),
    },
  );
}

/** Anything but a Fault is a mistake of ours and must not be taken for an unreadable table. */
function faultOf(error: unknown): Fault {
  if (error instanceof Fault) return error;
  throw error;
}

function inOrder(dates: readonly CalendarDate[]): CalendarDate[] {
  return [...new Set(dates)].sort();
}
