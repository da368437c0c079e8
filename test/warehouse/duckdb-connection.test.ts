import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Fault } from '../../src/fault.ts';
import { openDuckdb } from '../../src/warehouse/duckdb-connection.ts';

const holder = `
import { DuckDBInstance } from '@duckdb/node-api';
const instance = await DuckDBInstance.create(process.argv[1]);
const connection = await instance.connect();
await connection.run('CREATE TABLE t (n INTEGER)');
process.stdout.write('holding');
process.stdin.resume();
process.stdin.on('end', () => process.exit(0));
`;

const elsewhere = `
import { openDuckdb } from './src/warehouse/duckdb-connection.ts';
const home = await openDuckdb(undefined);
const sql = "SELECT CAST(TIMESTAMPTZ '2021-11-01 20:00:00-05' AS DATE) AS day, current_setting('TimeZone') AS zone";
process.stdout.write(JSON.stringify(await home.run(sql, {})));
await home.close();
`;

describe('a DuckDB of this process', () => {
  let folder: string;
  let file: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'duckdb-'));
    file = join(folder, 'a.duckdb');
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it('is one for all who open its file, under whichever name', async () => {
    const first = await openDuckdb(file);
    await first.run('CREATE TABLE t AS SELECT 1 AS n', {});
    symlinkSync(folder, join(folder, 'also'));
    const second = await openDuckdb(join(folder, 'also', 'a.duckdb'));
    expect(await second.run('SELECT n FROM t', {})).toEqual([{ n: 1 }]);
    await first.run('INSERT INTO t VALUES (2)', {});
    expect(await second.run('SELECT MAX(n) AS n FROM t', {})).toEqual([{ n: 2 }]);
    await first.close();
    await second.run('INSERT INTO t VALUES (3)', {});
    await second.close();
    const third = await openDuckdb(file);
    expect(await third.run('SELECT COUNT(*) AS n FROM t', {})).toEqual([{ n: 3 }]);
    await third.close();
  });

  it('opens once for many at the same time, and again while it is being closed', async () => {
    const homes = await Promise.all([openDuckdb(file), openDuckdb(file), openDuckdb(file)]);
    await homes[0].run('CREATE TABLE t AS SELECT 7 AS n', {});
    const closing = homes.map((home) => home.close());
    const again = await openDuckdb(file);
    expect(await again.run('SELECT n FROM t', {})).toEqual([{ n: 7 }]);
    await Promise.all([...closing, again.close()]);
  });

  it('keeps two databases in memory apart', async () => {
    const [one, two] = await Promise.all([openDuckdb(undefined), openDuckdb(undefined)]);
    await one.run('CREATE TABLE t (n INTEGER)', {});
    await expect(two.run('SELECT * FROM t', {})).rejects.toThrow(/t does not exist/);
    await Promise.all([one.close(), two.close()]);
  });

  it('gives each unit of work its own transaction', async () => {
    const home = await openDuckdb(file);
    await home.run('CREATE TABLE t (n INTEGER)', {});
    await home.withConnection(async ({ run }) => {
      await run('BEGIN', {});
      await run('INSERT INTO t VALUES (1)', {});
      expect(await home.run('SELECT * FROM t', {})).toEqual([]);
      await run('ROLLBACK', {});
    });
    await home.withConnection(async ({ run }) => {
      await run('BEGIN', {});
      await run('INSERT INTO t VALUES (2)', {});
    });
    expect(await home.run('SELECT * FROM t', {})).toEqual([]);
    await home.close();
  });

  it('ends the work under way before it closes, and takes no more', async () => {
    const home = await openDuckdb(file);
    let ended = false;
    const work = home.withConnection(async ({ run }) => {
      await run('SELECT COUNT(*) AS n FROM range(3000000) a WHERE a.range % 7 = 0', {});
      ended = true;
    });
    const endedFirst = home.close().then(() => ended);
    await expect(home.run('SELECT 1', {})).rejects.toThrow('The warehouse is closed');
    expect(await endedFirst).toBe(true);
    await work;
    await home.close();
  });

  it('is in UTC on a machine that is elsewhere', async () => {
    const child = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', elsewhere], {
      env: { ...process.env, TZ: 'America/New_York' },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const parts = await child.stdout.toArray();
    expect(JSON.parse(parts.join(''))).toEqual([{ day: '2021-11-02', zone: 'UTC' }]);
  });

  it('puts NULL first', async () => {
    const home = await openDuckdb(undefined);
    const ordered = await home.run('SELECT n FROM (VALUES (1), (NULL), (0)) AS t(n) ORDER BY n', {});
    expect(ordered.map(({ n }) => n)).toEqual([null, 0, 1]);
    await home.close();
  });

  it('gives plain values', async () => {
    const home = await openDuckdb(undefined);
    const sql = `SELECT 9007199254740991 AS whole, 9007199254740993 AS huge, SUM(2) AS total, 1.25 AS fixed,
      DATE '2021-11-01' AS day, TIMESTAMP '2021-11-01 10:00:00' AS instant, ['a', NULL] AS list, {'n': 1} AS record,
      NULL AS nothing, typeof($whole) AS t1, typeof($part) AS t2, typeof($text) AS t3, typeof($yes) AS t4, $none IS NULL AS t5`;
    const params = { whole: 3, part: 0.5, text: '2021-11-01', yes: true, none: null };
    expect(await home.run(sql, params)).toEqual([
      {
        whole: 9007199254740991,
        huge: '9007199254740993',
        total: 2,
        fixed: 1.25,
        day: '2021-11-01',
        instant: '2021-11-01 10:00:00',
        list: ['a', null],
        record: { n: 1 },
        nothing: null,
        t1: 'BIGINT',
        t2: 'DOUBLE',
        t3: 'VARCHAR',
        t4: 'BOOLEAN',
        t5: true,
      },
    ]);
    await home.close();
  });

  it('does not open a file that another process holds, names it, and says what to do', async () => {
    const child = spawn(process.execPath, ['--input-type=module', '-e', holder, file], {
      cwd: process.cwd(),
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    await once(child.stdout, 'data');
    for (const readOnly of [false, true]) {
      const failed = await openDuckdb(file, { readOnly }).catch((error: unknown) => error);
      expect(failed).toBeInstanceOf(Fault);
      expect(failed).toMatchObject({
        retry: 'never',
        message: `The warehouse file ${file} is held by another process (${child.pid})`,
        remedy: expect.stringContaining('duckdb:http://127.0.0.1:PORT'),
      });
    }
    child.stdin.end();
    await once(child, 'exit');
    const home = await openDuckdb(file);
    expect(await home.run('SELECT * FROM t', {})).toEqual([]);
    await home.close();
  });

  it('says of a file that is no database, or that is not there, what is wrong with it', async () => {
    writeFileSync(file, 'x'.repeat(20_000));
    await expect(openDuckdb(file)).rejects.toMatchObject({ retry: 'never', message: expect.stringContaining(file) });
    const absent = join(folder, 'no', 'such.duckdb');
    await expect(openDuckdb(absent)).rejects.toMatchObject({
      retry: 'never',
      message: expect.stringContaining(absent),
    });
  });

  it('opened for reading writes nothing', async () => {
    const writer = await openDuckdb(file);
    await writer.run('CREATE TABLE t (n INTEGER)', {});
    await writer.close();
    const reader = await openDuckdb(file, { readOnly: true });
    expect(await reader.run('SELECT * FROM t', {})).toEqual([]);
    await expect(reader.run('INSERT INTO t VALUES (1)', {})).rejects.toThrow(/read-only/);
    await expect(openDuckdb(file)).rejects.toThrow(/open for reading only/);
    await reader.close();
  });

  it('tells what stays wrong from what may pass', async () => {
    const home = await openDuckdb(undefined);
    await home.run('CREATE TABLE t AS SELECT 1 AS n', {});
    for (const sql of [
      'SELEC',
      'SELECT * FROM gone',
      'SELECT gone FROM t',
      "SELECT CAST('a' AS DATE)",
      'SELECT $other',
    ]) {
      await expect(home.run(sql, { n: 1 }), sql).rejects.toMatchObject({ name: 'Fault', retry: 'never' });
    }
    const conflict = home.withConnection(async ({ run }) => {
      await run('BEGIN', {});
      await run('SELECT * FROM t', {});
      await home.run('UPDATE t SET n = 2', {});
      await run('UPDATE t SET n = 3', {});
    });
    await expect(conflict).rejects.toMatchObject({ name: 'Fault', retry: 'later' });
    await home.close();
  });
});

describe('a file that is called like a schema in it', () => {
  it('is read all the same', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'backcourt-'));
    const home = await openDuckdb(join(folder, 'shop.duckdb'));
    try {
      await home.run('CREATE SCHEMA shop', {});
      await home.run('CREATE TABLE "shop"."orders" AS SELECT 1 AS id', {});
      expect(await home.run('SELECT id FROM "shop"."orders"', {})).toEqual([{ id: 1 }]);
    } finally {
      await home.close();
      rmSync(folder, { recursive: true });
    }
  });
});
