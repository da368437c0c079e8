import { createServer } from 'node:http';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type DuckdbHome, openDuckdb } from '../../src/warehouse/duckdb-connection.ts';
import { answerQuery, connectDuckdb } from '../../src/warehouse/duckdb-remote.ts';
import { serveQueries } from '../support/duckdb.ts';

describe('a DuckDB behind HTTP', () => {
  let home: DuckdbHome;
  let server: { url: string; close(): Promise<void> };
  beforeEach(async () => {
    home = await openDuckdb(undefined);
    server = await serveQueries(home);
  });
  afterEach(async () => {
    await server.close();
    await home.close();
  });

  it('gives the same rows as the one that it asks', async () => {
    const remote = connectDuckdb(`${server.url}/`);
    const sql = `SELECT 1 AS n, 9007199254740993 AS huge, 'NaN'::DOUBLE AS nan, ['-inf'::DOUBLE, -0.0::DOUBLE, NULL] AS odd,
      DATE '2021-11-01' AS day, NULL AS nothing, {'$other': 1, 'x': 'inf'::DOUBLE} AS record`;
    const rows = await remote.run(sql, {});
    expect(rows).toEqual(await home.run(sql, {}));
    expect(rows[0]).toMatchObject({ nan: NaN, odd: [-Infinity, -0, null] });
  });

  it('carries any parameter there and back', async () => {
    const remote = connectDuckdb(server.url);
    const anyValue = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.double(),
      fc.maxSafeInteger(),
      fc.boolean(),
      fc.constant(null),
    );
    await fc.assert(
      fc.asyncProperty(anyValue, async (value) => {
        const params = { value };
        expect(await remote.run('SELECT $value AS value', params)).toEqual([params]);
      }),
      { numRuns: 60, examples: [[NaN], [-0], [Infinity], ["it's"], ['🏀'], [Number.MIN_VALUE]] },
    );
  });

  it('throws the same faults as the one that it asks', async () => {
    const failed = await connectDuckdb(server.url)
      .run('SELECT * FROM gone', {})
      .catch((error: unknown) => error);
    const own = await home.run('SELECT * FROM gone', {}).catch((error: unknown) => error);
    expect(failed).toMatchObject({ name: 'Fault', retry: 'never', message: (own as Error).message });
  });

  it('that does not answer may answer later', async () => {
    const { url } = server;
    await server.close();
    await expect(connectDuckdb(url).run('SELECT 1', {})).rejects.toMatchObject({
      name: 'Fault',
      retry: 'later',
      message: `The warehouse at ${url}/query does not answer`,
      remedy: expect.stringContaining('running'),
    });
  });

  it('is not taken for something else that answers', async () => {
    const other = createServer((_, response) => response.end('<html>hello</html>'));
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    const address = other.address();
    const port = typeof address === 'object' ? address?.port : undefined;
    await expect(connectDuckdb(`http://127.0.0.1:${port}`).run('SELECT 1', {})).rejects.toMatchObject({
      retry: 'never',
      message: expect.stringContaining('is no Backcourt warehouse'),
    });
    await new Promise((resolve) => other.close(resolve));
  });

  it.each([[null], [{}], [{ sql: '' }], [{ sql: 'SELECT 1', params: { a: [1] } }]])(
    'refuses a body like %j',
    async (body) => {
      expect(await answerQuery(home, body)).toMatchObject({ status: 400, body: { error: { retry: 'never' } } });
    },
  );

  it('answers 400 to a query that stays wrong and 503 to one that may pass', async () => {
    expect(await answerQuery(home, { sql: 'SELECT 1 AS n' })).toEqual({ status: 200, body: { rows: [{ n: 1 }] } });
    expect((await answerQuery(home, { sql: 'SELEC' })).status).toBe(400);
    await home.run('CREATE TABLE t AS SELECT 1 AS n', {});
    await home.withConnection(async ({ run }) => {
      await run('BEGIN', {});
      await run('UPDATE t SET n = 3', {});
      expect(await answerQuery(home, { sql: 'UPDATE t SET n = 2' })).toMatchObject({
        status: 503,
        body: { error: { retry: 'later' } },
      });
    });
  });
});
