/**
 * Serves the warehouse of the pipeline (`POST /query`) and its jobs (`POST /jobs`), as a team's own service would: one
 * job a call, an answer in its own words, and 200 whether or not there was anything to write.
 */
import { createServer, type IncomingMessage } from 'node:http';
import { fileURLToPath } from 'node:url';
import { type DuckdbHome, openDuckdb, type Run } from '../../../src/warehouse/duckdb-connection.ts';
import { answerQuery } from '../../../src/warehouse/duckdb-remote.ts';
import { runJob } from './jobs.ts';

export type DailyEvents = {
  readonly pipeline: string;
  /** For the command's environment. */
  readonly env: Readonly<Record<string, string>>;
  /** Every call of a job, as `job day`. */
  readonly calls: string[];
  readonly run: Run;
  /** What holds the file. */
  readonly duckdb: Pick<DuckdbHome, 'withConnection'>;
  end(): Promise<void>;
};

/** Opens the warehouse file, has `fill` put rows into it, and serves it. */
export async function serveDailyEvents(file: string, fill: (run: Run) => Promise<void>): Promise<DailyEvents> {
  const duckdb = await openDuckdb(file);
  await duckdb.withConnection(({ run }) => fill(run));
  const calls: string[] = [];
  const server = createServer((request, response) => {
    readBody(request)
      .then((body) => (request.url === '/query' ? answerQuery(duckdb, body) : answerJob(duckdb, calls, body)))
      .then(
        ({ status, body }) =>
          response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body)),
        (error: unknown) => response.writeHead(500).end(JSON.stringify({ error: String(error) })),
      );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the server has no port');
  const url = `http://127.0.0.1:${address.port}`;
  return {
    pipeline: fileURLToPath(new URL('pipeline.yml', import.meta.url)),
    env: { BACKCOURT_WAREHOUSE: `duckdb:${url}`, WEB_JOBS_URL: url },
    calls,
    run: duckdb.run,
    duckdb,
    end: async () => {
      await new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      });
      await duckdb.close();
    },
  };
}

async function readBody(request: IncomingMessage): Promise<unknown> {
  let body = '';
  for await (const part of request.setEncoding('utf8')) body += part;
  return JSON.parse(body);
}

async function answerJob(
  duckdb: DuckdbHome,
  calls: string[],
  body: unknown,
): Promise<{ status: number; body: unknown }> {
  const { job, day } = body as { job: string; day: string };
  calls.push(`${job} ${day}`);
  const known = await duckdb.withConnection(({ run }) => runJob(run, job, day));
  return known ? { status: 200, body: { ok: true, day } } : { status: 404, body: { error: `there is no job ${job}` } };
}
