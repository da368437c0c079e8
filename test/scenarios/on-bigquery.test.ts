/** A pipeline whose warehouse is BigQuery, through the real command and Google's own client, against a stand-in. */
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { BackfillReport } from '../../src/core/backfill/backfill-report.ts';
import type { Coverage } from '../../src/core/coverage/coverage-report.ts';
import { daysBetween } from '../../src/core/dates.ts';
import { type BigqueryStandIn, startBigquery } from '../support/bigquery/stand-in.ts';
import { addEvents, createTables, runJob } from '../support/daily-events/jobs.ts';
import { type DailyEvents, serveDailyEvents } from '../support/daily-events/serve.ts';
import { emptyHome, type Folder, runBackcourt, runJson } from '../support/run-backcourt.ts';

const days = daysBetween('2024-02-01', '2024-02-16');
const noSessions = daysBetween('2024-02-09', '2024-02-11');
let home: Folder;
let web: DailyEvents;
let bigquery: BigqueryStandIn;

beforeAll(async () => {
  home = await emptyHome();
  web = await serveDailyEvents(join(home.path, 'rows.duckdb'), async (run) => {
    await createTables(run);
    for (const day of days) {
      await addEvents(run, day);
      if (!noSessions.includes(day)) await runJob(run, 'build-sessions', day);
    }
  });
  bigquery = await startBigquery(web.duckdb);
  for (const [table, partitionedBy] of [
    ['web.events', 'day'],
    ['web.sessions', 'day'],
    ['web.daily_report', 'report_date'],
  ] as const)
    bigquery.tables.set(table, { partitionedBy, requireFilter: partitionedBy });
});
afterAll(async () => {
  await bigquery?.close();
  await web?.end();
  home.remove();
});

const words = (text: string) => [...text.split(' '), '--home', home.path, '--pipeline', web.pipeline];
const env = () => ({ ...web.env, BACKCOURT_WAREHOUSE: `bigquery:acme-data?location=EU&endpoint=${bigquery.url}` });
const ask = <T>(text: string) => runJson<T>(words(text), { env: env() });
const say = (text: string) => runBackcourt(words(text), { env: env() });

// Each word is a process of its own, and the machine may have other things to do.
describe('a pipeline on BigQuery', { timeout: 120_000 }, () => {
  it('is checked, with the partitions of its tables', async () => {
    expect(await say('check')).toMatchObject({ code: 0 });
    bigquery.tables.set('web.events', { partitionedBy: 'loaded_at' });
    const checked = await say('check');
    bigquery.tables.set('web.events', { partitionedBy: 'day', requireFilter: 'day' });
    expect(checked.code).not.toBe(0);
    expect(checked.out + checked.err).toContain('web.events is partitioned by loaded_at, not by day');
  });

  it('shows its holes in one question, which is labelled and bound', async () => {
    bigquery.jobs.length = 0;
    const { code, json } = await ask<Coverage>('coverage sessions 2024-02-01 2024-02-16');
    expect(code).toBe(0);
    expect(json.causes).toEqual([{ table: 'sessions', reason: 'never_run', dates: noSessions, explains: 3 }]);
    expect(bigquery.jobs).toMatchObject([
      { dryRun: false, maxBytes: 10 * 2 ** 30, labels: { app: 'backcourt', pipeline: 'web' } },
    ]);
  });

  it('refuses to fill dates whose partitions are dropped at once', async () => {
    bigquery.tables.set('web.sessions', { partitionedBy: 'day', expireDays: 60 });
    const refused = await ask<{ error: { kind: string; message: string } }>('backfill sessions 2024-02-09 2024-02-11');
    bigquery.tables.set('web.sessions', { partitionedBy: 'day', requireFilter: 'day' });
    expect(refused).toMatchObject({ code: 2, json: { error: { kind: 'refusal' } } });
    expect(refused.json.error.message).toContain('sessions keeps its partitions for 60 days');
    expect(web.calls).toEqual([]);
  });

  it('fills them, and believes the rows', async () => {
    const { code, json } = await ask<BackfillReport>('backfill sessions 2024-02-09 2024-02-11');
    expect(code).toBe(0);
    expect(json).toMatchObject({ result: 'succeeded', counts: { succeeded: 3 } });
    const { json: after } = await ask<Coverage>('coverage sessions 2024-02-01 2024-02-16');
    expect(after.tables[0]).toMatchObject({ expected: 16, complete: 16 });
  });
});
