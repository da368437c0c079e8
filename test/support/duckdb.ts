/** Helpers for tests on DuckDB: rows from objects, a count of statements, and a real server of `POST /query`. */
import { createServer } from 'node:http';
import { answerQuery } from '../../src/warehouse/duckdb-remote.ts';
import type { Run, Sql } from '../../src/warehouse/sql.ts';

export type TestValue = string | number | boolean | null;

/** Creates a table (`schema.table`, the schema too) with columns as DuckDB declares them, and fills it. */
export async function makeTable(
  run: Run,
  name: string,
  columns: string,
  rows: readonly (readonly TestValue[])[] = [],
): Promise<void> {
  const schema = name.includes('.') ? name.slice(0, name.indexOf('.')) : 'main';
  await run(`CREATE SCHEMA IF NOT EXISTS ${schema}`, {});
  await run(`CREATE OR REPLACE TABLE ${name} (${columns})`, {});
  await addRows(run, name, rows);
}

/** Inserts rows, whose values stand in the order of the columns. */
export async function addRows(run: Run, name: string, rows: readonly (readonly TestValue[])[]): Promise<void> {
  if (rows.length === 0) return;
  await run(`INSERT INTO ${name} VALUES ${rows.map((row) => `(${row.map(literal).join(', ')})`).join(', ')}`, {});
}

function literal(value: TestValue): string {
  if (value === null) return 'NULL';
  return typeof value === 'string' ? `'${value.replaceAll("'", "''")}'` : String(value);
}

/** The same connection, with the statements that went through it. */
export function recordStatements(sql: Sql): Sql & { readonly statements: string[] } {
  const statements: string[] = [];
  return {
    statements,
    run: (text, params) => {
      statements.push(text);
      return sql.run(text, params);
    },
    close: () => sql.close(),
  };
}

/** Serves queries on a free port of this machine. */
export async function serveQueries(home: Pick<Sql, 'run'>): Promise<{ url: string; close(): Promise<void> }> {
  const server = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => {
      const body: unknown = JSON.parse(Buffer.concat(parts).toString('utf8'));
      answerQuery(home, body).then(
        (answer) => response.writeHead(answer.status).end(JSON.stringify(answer.body)),
        (error: unknown) => response.writeHead(500).end(String(error)),
      );
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The server has no port');
  return {
    url: `http://127.0.0.1:${address.port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
