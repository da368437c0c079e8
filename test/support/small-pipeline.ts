/**
 * A pipeline of five tables whose warehouse and processor are in the test's own process: the warehouse is asked over
 * HTTP, as of a process that holds the file, and the processor writes what the test says, when the test says so.
 */
import { createServer } from 'node:http';
import { readCatalogue } from '../../src/core/catalogue/read-catalogue.ts';
import { type DuckdbHome, openDuckdb } from '../../src/warehouse/duckdb-connection.ts';
import { serveQueries } from './duckdb.ts';
import { addRows, type Counts, fillWarehouse } from './make-warehouse.ts';

const yamlOf = (url: string) => `
pipeline: small
time_zone: UTC
bootstrap_days: 3
schedule: { table: games }
seasons:
  - { name: 2023-24, starts: 2023-10-01, ends: 2023-12-31, schedule_decides: [2023-10-01..2023-12-31] }
  - { name: 2024-25, starts: 2024-10-01, free: [2024-10-10] }
services:
  work:
    url: ${url}
    path: /work
    body: { date: "{date}", table: "{processor}" }
    retry_wait_seconds: 0
tables:
  games: { table: raw.games, date_column: day, key: [game], dates: games }
  box: { table: raw.box, date_column: day, key: [team], dates: games, expect: { exactly_per_game: 2 } }
  sums:
    table: made.sums
    date_column: day
    key: [team]
    written_at: made_at
    dates: games
    expect: { exactly_per_game: 2 }
    needs: [box]
    processor: { service: work, name: sums }
  model:
    table: made.model
    date_column: day
    key: [team]
    written_at: made_at
    dates: season
    bootstrap: true
    may_be_empty_until_day: 4
    needs: [{ table: sums, window: season }]
    processor: { service: work, name: model }
  top:
    table: made.top
    date_column: day
    key: [team]
    written_at: made_at
    dates: games
    bootstrap: true
    expect: { share_of: sums, at_least_share: 0.9 }
    needs: [sums, model]
    processor: { service: work, name: top }
`;

export type SmallPipeline = {
  /** The text of its file. */
  readonly yaml: string;
  /** For BACKCOURT_WAREHOUSE. */
  readonly env: Readonly<Record<string, string>>;
  readonly duckdb: DuckdbHome;
  /** Calls that came, as "table date". */
  readonly calls: string[];
  /** Until the result is called, calls are answered only after it; resolves `came` when the first one is here. */
  hold(): { readonly came: Promise<void>; release(): void };
  close(): Promise<void>;
};

/** Starts it; the processor writes `rows` rows for every call. */
export async function startSmallPipeline(counts: Counts, rows: number): Promise<SmallPipeline> {
  const duckdb = await openDuckdb(undefined);
  const calls: string[] = [];
  let gate = Promise.resolve();
  let arrived = () => {};
  const server = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => {
      const { date, table } = JSON.parse(Buffer.concat(parts).toString('utf8'));
      calls.push(`${table} ${date}`);
      arrived();
      gate
        .then(() => write(table, date))
        .then(() =>
          response.end(JSON.stringify({ status: 'completed', results: [{ processor: table, status: 'success' }] })),
        )
        .catch((error: unknown) => response.writeHead(500).end(JSON.stringify({ error: String(error) })));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const url = `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`;
  const read = readCatalogue(yamlOf(url));
  if (!read.ok) throw new Error(JSON.stringify(read.problems));
  const { catalogue } = read;
  await duckdb.withConnection(({ run }) => fillWarehouse(run, catalogue, counts));
  const queries = await serveQueries(duckdb);

  async function write(alias: string, date: string): Promise<void> {
    const table = catalogue.tables.get(alias);
    if (!table) throw new Error(`There is no table ${alias}`);
    const written = new Date().toISOString().replace('T', ' ').replace('Z', '');
    await duckdb.withConnection(async ({ run }) => {
      await run(`DELETE FROM ${table.table} WHERE day = $date::DATE`, { date });
      await addRows(run, table, date, rows, written);
    });
  }

  return {
    yaml: yamlOf(url),
    env: { BACKCOURT_WAREHOUSE: `duckdb:${queries.url}` },
    duckdb,
    calls,
    hold: () => {
      let release = () => {};
      gate = new Promise<void>((resolve) => {
        release = resolve;
      });
      const came = new Promise<void>((resolve) => {
        arrived = resolve;
      });
      return { came, release };
    },
    close: async () => {
      server.close();
      server.closeAllConnections();
      await queries.close();
      await duckdb.close();
    },
  };
}
