/** What goes wrong with BigQuery, and what it costs, through its own client. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { bigqueryWarehouse } from '../../src/warehouse/bigquery.ts';
import { openBigquery } from '../../src/warehouse/bigquery-connection.ts';
import { type DuckdbHome, openDuckdb } from '../../src/warehouse/duckdb-connection.ts';
import type { Warehouse } from '../../src/warehouse/warehouse.ts';
import { labTable } from '../contracts/warehouse-under-test.ts';
import { type BigqueryStandIn, startBigquery } from '../support/bigquery/stand-in.ts';
import { makeTable } from '../support/duckdb.ts';

const range = { from: '2021-11-01', to: '2021-11-03' };
const gibibyte = 2 ** 30;
let duckdb: DuckdbHome;
let standIn: BigqueryStandIn;
let warehouse: Warehouse;
const waits: number[] = [];

beforeEach(async () => {
  duckdb = await openDuckdb(undefined);
  standIn = await startBigquery(duckdb);
  waits.length = 0;
  const place = {
    project: 'project',
    location: 'US',
    maxBytes: gibibyte,
    endpoint: standIn.url,
    pipeline: 'NBA daily',
  };
  const connection = await openBigquery(place, async (ms) => void waits.push(ms));
  warehouse = bigqueryWarehouse(connection, place);
  await makeTable(duckdb.run, 'lab.a', 'd DATE, k VARCHAR', [
    ['2021-11-01', 'x'],
    ['2021-11-01', 'y'],
    ['2021-11-03', 'x'],
  ]);
});
afterEach(async () => {
  await standIn.close();
  await duckdb.close();
});

const rows = async () => [...((await warehouse.readFacts([labTable('a')], range)).tables.get('a')?.rows ?? [])];

describe('a question to BigQuery', () => {
  it('is one job with labels and a bound on what it may read', async () => {
    expect(await rows()).toEqual([2, 0, 1]);
    expect(standIn.jobs).toMatchObject([
      { dryRun: false, maxBytes: gibibyte, labels: { app: 'backcourt', pipeline: 'nba-daily' } },
    ]);
  });

  it('is put together from pages, and waited for while it runs', async () => {
    standIn.pageSize = 1;
    standIn.stillRunning = 2;
    expect(await rows()).toEqual([2, 0, 1]);
    expect(standIn.jobs).toHaveLength(1);
  });

  it('whose answer is lost is asked for by its name, and not billed twice', async () => {
    standIn.faults.push({ on: 'insert', how: 'lost', times: 1 });
    expect(await rows()).toEqual([2, 0, 1]);
    expect(standIn.jobs).toHaveLength(1);
  });

  it('whose job was begun is never begun again while that one may run, whatever breaks on the way', {
    timeout: 60_000,
  }, async () => {
    standIn.faults.push({ on: 'results', how: 503, reason: 'backendError', times: 5 });
    expect(await rows()).toEqual([2, 0, 1]);
    expect(standIn.jobs).toHaveLength(1);
  });

  it.each([
    ['an answer of 503', { on: 'insert', how: 503, times: 2 }],
    ['a job that failed inside', { on: 'insert', how: 400, reason: 'jobBackendError', inJob: true, times: 2 }],
    ['a limit on the rate', { on: 'insert', how: 403, reason: 'rateLimitExceeded', times: 2 }],
  ] as const)('is asked again after %s', { timeout: 30_000 }, async (_what, fault) => {
    standIn.faults.push({ ...fault });
    expect(await rows()).toEqual([2, 0, 1]);
  });

  it('that never gets an answer is a fault for now, and no empty answer', { timeout: 60_000 }, async () => {
    standIn.faults.push({ on: 'insert', how: 400, reason: 'jobBackendError', inJob: true, times: 99 });
    await expect(rows()).rejects.toMatchObject({ name: 'Fault', retry: 'later' });
    expect(waits).toEqual([500, 1000]);
  });

  it('for which there is no quota comes again later, without being asked again at once', async () => {
    standIn.faults.push({ on: 'insert', how: 403, reason: 'quotaExceeded', times: 99 });
    await expect(rows()).rejects.toMatchObject({ retry: 'later' });
    expect(waits).toEqual([]);
  });

  it('that is not let in says which roles are wanted', async () => {
    standIn.faults.push({ on: 'insert', how: 403, reason: 'accessDenied', times: 99 });
    const fault = await rows().catch((error: unknown) => error);
    expect(fault).toMatchObject({ retry: 'never' });
    expect(
      String((fault as { cause?: { remedy?: string } }).cause?.remedy ?? (fault as { remedy?: string }).remedy),
    ).toContain('BigQuery Job User');
  });

  it('that would read too much says how much and what that costs, and reads nothing', async () => {
    standIn.bytes = 1.5 * 2 ** 40;
    await expect(rows()).rejects.toThrow(/would read 1\.5 TiB \(about \$9\.38 on demand\); one may read 1\.0 GiB/);
    expect(standIn.jobs.slice(0, 2).map(({ dryRun }) => dryRun)).toEqual([false, true]);
  });

  it('passes tables that want a condition on their partitions', async () => {
    standIn.tables.set('lab.a', { requireFilter: 'd' });
    expect(await rows()).toEqual([2, 0, 1]);
  });
});

describe('the check of a table on BigQuery', () => {
  const check = (setting: Parameters<BigqueryStandIn['tables']['set']>[1]) => {
    standIn.tables.set('lab.a', setting);
    return warehouse.check([labTable('a')]);
  };

  it('finds nothing where it is partitioned by the days of its date column, or is a view', async () => {
    expect(await check({ partitionedBy: 'd' })).toEqual([]);
    expect(await check({})).toEqual([]);
  });

  it.each([
    [{ plain: true }, 'lab.a has no partitions: every question reads all of it'],
    [{ partitionedBy: 'loaded' }, 'lab.a is partitioned by loaded, not by d'],
    [{ partitionedBy: null }, 'lab.a is partitioned by the time at which rows arrive, not by d'],
    [{ partitionedBy: 'd', unit: 'MONTH' }, 'a partition of lab.a is a MONTH, not a DAY'],
  ])('tells of %j', async (setting, problem) => {
    expect(await check(setting)).toEqual([{ table: 'a', problem }]);
  });
});

describe('the partitions of a table', () => {
  it('expire after so many days, or stay', async () => {
    await makeTable(duckdb.run, 'lab.b', 'd DATE, k VARCHAR');
    standIn.tables.set('lab.a', { partitionedBy: 'd', expireDays: 60 });
    const kept = await warehouse.readRetention([labTable('a'), labTable('b'), labTable('gone')]);
    expect([...kept]).toEqual([['a', 60]]);
  });
});
