/**
 * A pipeline of two tables to be filled, one from the other, and their processors: a service that lives on when its
 * caller is killed, and that lies as real ones do. What it saw and wrote is the evidence against which everything else
 * is held. It runs in the process of whoever kills, so that it is never killed itself.
 */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { openDuckdb } from '../../src/warehouse/duckdb-connection.ts';
import type { Chance } from '../simulation/chance.ts';
import { serveQueries } from '../support/duckdb.ts';

/** Rows that a date has when it is whole. */
export const wholeDate = 3;
export const firstDate = '2023-01-01';

/** How a call goes: see `behave`. */
const manners = ['whole', 'slow', 'late', 'says-500', 'fails', 'empty', 'half'] as const;
type Manner = (typeof manners)[number];
const shares: Readonly<Record<Manner, number>> = {
  whole: 0.74,
  slow: 0.12,
  late: 0.01,
  'says-500': 0.05,
  fails: 0.05,
  empty: 0.015,
  half: 0.015,
};

export type Call = {
  readonly table: string;
  readonly date: string;
  readonly attempt: string;
  readonly manner: Manner;
  ended: boolean;
};

export type CrashPipeline = {
  readonly yaml: string;
  /** For BACKCOURT_WAREHOUSE. */
  readonly warehouse: string;
  readonly calls: readonly Call[];
  /** What must never be: a call beside another of its cell, or beside one that writes what it reads. */
  readonly overlaps: readonly string[];
  /** Rows by "table date", where there are any. */
  countRows(): Promise<ReadonlyMap<string, number>>;
  /** Empties both tables. */
  clear(): Promise<void>;
  close(): Promise<void>;
};

const yamlOf = (url: string) => `
pipeline: crash
time_zone: UTC
services:
  work:
    url: ${url}
    path: /work
    deadline_seconds: 2
    gone_after_seconds: 4
    retry_wait_seconds: 0.1
    max_concurrent: 12
    body: { date: "{date}", table: "{processor}", attempt: "{attempt}" }
tables:
  events: { table: raw.events, date_column: day, key: [name], dates: daily, starts: ${firstDate}, expect: { exactly: ${wholeDate} } }
  sums:
    table: made.sums
    date_column: day
    key: [name]
    written_at: made_at
    dates: daily
    starts: ${firstDate}
    expect: { exactly: ${wholeDate} }
    needs: [events]
    processor: { service: work, name: sums }
  report:
    table: made.report
    date_column: day
    key: [name]
    written_at: made_at
    dates: daily
    starts: ${firstDate}
    expect: { exactly: ${wholeDate} }
    needs: [sums]
    processor: { service: work, name: report }
`;

/** Starts the warehouse, with events on so many dates, and the service. */
export async function startCrashPipeline(dates: number, chance: Chance): Promise<CrashPipeline> {
  const duckdb = await openDuckdb(undefined);
  const run = (sql: string, params: Record<string, string | number> = {}) =>
    duckdb.withConnection((connection) => connection.run(sql, params));
  await run('CREATE SCHEMA raw');
  await run('CREATE SCHEMA made');
  await run('CREATE TABLE raw.events (day DATE, name VARCHAR)');
  for (const table of ['sums', 'report'])
    await run(`CREATE TABLE made.${table} (day DATE, name VARCHAR, made_at TIMESTAMP)`);
  await run(
    `INSERT INTO raw.events SELECT DATE '${firstDate}' + d::INT, 'e' || n FROM range(${dates}) AS a(d), range(${wholeDate}) AS b(n)`,
  );

  const calls: Call[] = [];
  const overlaps: string[] = [];
  const write = (table: string, day: string, rows: number) =>
    duckdb.withConnection(async (connection) => {
      await connection.run('BEGIN', {});
      await connection.run(`DELETE FROM made.${table} WHERE day = CAST($day AS DATE)`, { day });
      await connection.run(
        `INSERT INTO made.${table} SELECT CAST($day AS DATE), 'e' || n, CAST(now() AS TIMESTAMP) FROM range(${rows}) AS all_rows(n)`,
        { day },
      );
      await connection.run('COMMIT', {});
    });
  const behave = async (call: Call): Promise<number> => {
    const { table, date, manner } = call;
    await pause(manner === 'late' ? 2_400 : manner === 'slow' ? chance.between(200, 700) : chance.between(5, 60));
    if (manner === 'half') await write(table, date, 1);
    else if (manner !== 'fails' && manner !== 'empty') await write(table, date, wholeDate);
    return manner === 'fails' || manner === 'says-500' ? 500 : 200;
  };
  const server = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => {
      const asked = JSON.parse(Buffer.concat(parts).toString('utf8')) as Omit<Call, 'manner' | 'ended'>;
      const call: Call = { ...asked, manner: chance.weigh(shares), ended: false };
      overlaps.push(...findOverlaps(call, calls));
      calls.push(call);
      behave(call)
        .then((status) => {
          call.ended = true;
          response.writeHead(status).end(answer(call, status));
        })
        .catch(() => response.destroy());
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const queries = await serveQueries(duckdb);
  return {
    yaml: yamlOf(`http://127.0.0.1:${(server.address() as AddressInfo).port}`),
    warehouse: `duckdb:${queries.url}`,
    calls,
    overlaps,
    countRows: async () => {
      const rows = await run(
        `SELECT 'sums ' || day AS cell, count(*)::INT AS rows FROM made.sums GROUP BY day
         UNION ALL SELECT 'report ' || day, count(*)::INT FROM made.report GROUP BY day`,
      );
      return new Map(rows.map(({ cell, rows: count }) => [String(cell), Number(count)]));
    },
    clear: async () => {
      for (const table of ['sums', 'report']) await run(`DELETE FROM made.${table}`);
      calls.length = 0;
      overlaps.length = 0;
    },
    close: async () => {
      server.close();
      server.closeAllConnections();
      await queries.close();
      await duckdb.close();
    },
  };
}

/** `report` reads the sums of its date. */
function findOverlaps({ table, date }: Call, calls: readonly Call[]): string[] {
  return calls
    .filter((other) => !other.ended && other.date === date)
    .map((other) => `${table} ${date} was called while ${other.table} ${date} was at work`);
}

function answer({ table, date, manner }: Call, status: number): string {
  if (status !== 200) return JSON.stringify({ error: `${manner} for ${date}` });
  const results = [{ processor: table, status: 'success' }];
  return JSON.stringify({ status: 'completed', analysis_date: date, results });
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
