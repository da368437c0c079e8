/** What programs rely on: the shapes of `--json`, one document on stdout, and the exit codes. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { daysBetween } from '../../src/core/dates.ts';
import {
  backfillSchema,
  coverageSchema,
  errorSchema,
  helpSchema,
  planSchema,
  qualitySchema,
  statusSchema,
  whySchema,
} from '../support/contract-schemas.ts';
import { readDocument as read } from '../support/read-document.ts';
import { demoHome, type Folder, type RunningServer, runBackcourt, startServer } from '../support/run-backcourt.ts';

let home: Folder;
let server: RunningServer;
const at = (words: string) => [...words.split(' '), '--home', home.path];

// The server makes the commands short: they ask it, and print what it answers.
beforeAll(async () => {
  home = await demoHome();
  server = await startServer(['--home', home.path]);
}, 120_000);
afterAll(async () => {
  await server?.end('SIGKILL');
  home?.remove();
});

describe('a question', { timeout: 60_000 }, () => {
  it('of coverage is answered by cells that add up', async () => {
    const coverage = await read(coverageSchema, 0, at('coverage all 2021-11-01 2021-11-30'));
    expect(coverage).toMatchObject({ pipeline: 'nba', from: '2021-11-01', to: '2021-11-30' });
    expect(coverage.tables).toHaveLength(16);
    for (const table of coverage.tables) {
      expect(table.cells.map((cell) => cell.date)).toEqual(daysBetween('2021-11-01', '2021-11-30'));
      expect(Object.values(table.byStatus).reduce((sum, n) => sum + (n ?? 0), 0)).toBe(table.calendar);
      expect(table.expected).toBe(table.calendar - (table.byStatus.not_expected ?? 0));
      expect(table.complete).toBeLessThanOrEqual(table.reachable);
      expect(table.reachable).toBeLessThanOrEqual(table.expected);
      for (const cell of table.cells) expect(cell.reason === null).toBe(cell.status === 'complete');
    }
  });

  it('ends with 1 for gaps only where that is asked for', async () => {
    expect((await runBackcourt(at('coverage mlfs 2021-11-16'))).code).toBe(0);
    await read(coverageSchema, 1, at('coverage mlfs 2021-11-16 --fail-on-gap'));
    await read(coverageSchema, 0, at('coverage mlfs 2021-11-10 --fail-on-gap'));
    await read(coverageSchema, 0, at('coverage mlfs 2021-11-25 --fail-on-gap'));
  });

  it('is answered as CSV, a line per cell', async () => {
    const ran = await runBackcourt(at('coverage mlfs,pcf 2021-11-15 2021-11-16 --csv'));
    const lines = ran.out.trim().split('\n');
    expect(lines[0]).toBe('table,date,status,reason,rows,entities,expected,causes,rule');
    expect(lines.slice(1).map((line) => line.split(',').slice(0, 4).join(','))).toEqual([
      'mlfs,2021-11-15,complete,',
      'mlfs,2021-11-16,blocked,upstream_missing',
      'pcf,2021-11-15,complete,',
      'pcf,2021-11-16,blocked,upstream_missing',
    ]);
  });

  it('of why leads from the cell to its root', async () => {
    const why = await read(whySchema, 0, at('why mlfs 2021-11-16'));
    expect(why).toMatchObject({ table: 'mlfs', date: '2021-11-16', status: 'blocked', reason: 'upstream_missing' });
    expect(why.chain.map((step) => `${step.table} ${step.status}`)).toEqual([
      'mlfs blocked',
      'pgs missing',
      'pcf blocked',
    ]);
  });

  it('of coverage says who is missing, what stands twice, and what that holds up', async () => {
    const said = async (words: string) => {
      const { tables } = await read(coverageSchema, 0, at(`coverage ${words}`));
      return tables[0]?.cells.map(({ status, reason, missing }) => ({ status, reason, missing }));
    };
    expect(await said('tdza 2021-11-29')).toEqual([{ status: 'thin', reason: 'entity_missing', missing: ['SAS'] }]);
    expect(await said('pcf 2021-11-29')).toMatchObject([{ status: 'blocked', reason: 'upstream_entity_missing' }]);
    expect(await said('utgc 2021-12-08')).toMatchObject([{ status: 'over', reason: 'duplicates' }]);
  });

  it('of a plan names the cells in the order in which they would run', async () => {
    const plan = await read(planSchema, 0, at('plan mlfs 2021-11-16'));
    expect(plan.steps.map((step) => step.table)).toEqual(['pgs', 'psza', 'pcf', 'pdc', 'mlfs']);
    expect(plan.cells).toBe(5);
    const dry = await read(planSchema, 0, at('backfill mlfs 2021-11-16 --with-upstream --dry-run'));
    expect(dry.steps).toEqual(plan.steps);
  });

  it('of quality counts flags, NULLs, duplicates and who is missing', async () => {
    const quality = await read(qualitySchema, 0, at('quality tdza 2021-11-28 2021-11-29'));
    expect(quality.dates.map(({ date, rows, missing }) => [date, rows, missing])).toEqual([
      ['2021-11-28', 30, []],
      ['2021-11-29', 29, ['SAS']],
    ]);
    expect(quality.total).toMatchObject({ rows: 59, duplicates: 0, missing: ['SAS'] });
    const twice = await read(qualitySchema, 0, at('quality utgc 2021-12-08'));
    expect(twice.dates[0]?.duplicates).toBe((twice.dates[0]?.rows ?? 0) / 2);
    const flags = await read(qualitySchema, 0, at('quality pcf 2021-11-15'));
    expect(Object.keys(flags.dates[0]?.flags ?? {})).toContain('is_production_ready');
  });

  it('of help is answered on stdout', async () => {
    expect((await read(helpSchema, 0, at('coverage help'))).help.join('\n')).toContain('backcourt coverage pa');
    expect((await read(helpSchema, 0, at('backfill help'))).help.join('\n')).toContain('--with-upstream');
    expect((await read(helpSchema, 0, ['help'])).help.join('\n')).toContain('--home DIR');
  });

  it('that is not understood ends with 2 and a command that works', async () => {
    const bad = ['coverage mlfs 11/01/2021', 'backfill sched 2021-11-16', 'backfill mlfs 2021-11-16 --onyl all'];
    for (const words of [...bad, 'status nosuch']) {
      const { error } = await read(errorSchema('refusal'), 2, at(words));
      expect(error.try, words).toMatch(/^backcourt /);
    }
    const { error } = await read(errorSchema('refusal'), 2, at('coverage mlfs 2021-11-30 2021-11-01'));
    expect(error.try).toBe('backcourt coverage mlfs 2021-11-01..2021-11-30');
    await read(coverageSchema, 0, at(error.try.replace('backcourt ', '')));
    expect(await runBackcourt(at('frobnicate'))).toMatchObject({ code: 2, out: '' });
  });
});

describe('a backfill', { timeout: 60_000 }, () => {
  it('is refused with 1 and its causes when an asked date is blocked', async () => {
    const report = await read(backfillSchema, 1, at('backfill pcf 2021-11-15 2021-11-16'));
    expect(report).toMatchObject({ state: 'done', result: 'refused', quality: null });
    expect(report.counts).toEqual({ succeeded: 0, failed: 0, blocked: 1, skipped: 1, canceled: 0 });
    expect(report.preflight.blocked).toMatchObject([
      {
        table: 'pcf',
        date: '2021-11-16',
        causes: [{ table: 'pgs', date: '2021-11-16', reason: 'never_run', have: 0 }],
      },
    ]);
  });

  it('runs the rest with --ready-only, and says what it left', async () => {
    const words = at('backfill mlfs 2021-11-13 2021-11-16 --ready-only --concurrency 1 --newest-first');
    const report = await read(backfillSchema, 1, [...words, '--reason', 'two dates "first"']);
    expect(report.result).toBe('succeeded_with_gaps');
    expect(report.cells.map((cell) => `${cell.date} ${cell.state}`).sort()).toEqual([
      '2021-11-13 succeeded',
      '2021-11-14 skipped',
      '2021-11-15 skipped',
      '2021-11-16 blocked',
    ]);
  });

  it('takes the upstream with it when asked to, and ends with 0', async () => {
    const report = await read(backfillSchema, 0, at('backfill mlfs 2021-11-16 --with-upstream'));
    expect(report).toMatchObject({ state: 'done', result: 'succeeded' });
    expect(report.counts).toEqual({ succeeded: 5, failed: 0, blocked: 0, skipped: 0, canceled: 0 });
    expect(report.quality?.dates[0]?.rows).toBe(report.cells.find((cell) => cell.table === 'mlfs')?.rowsAfter);
    const coverage = await read(coverageSchema, 0, at('coverage mlfs 2021-11-16 --fail-on-gap'));
    expect(coverage.tables[0]?.byStatus).toEqual({ complete: 1 });
  });

  it('skips what is complete, unless it is told not to, and is shown again by its id', async () => {
    const again = await read(backfillSchema, 0, at('backfill tdza 2021-11-15'));
    expect(again).toMatchObject({ result: 'succeeded', counts: { succeeded: 0, skipped: 1 } });
    const anew = await read(backfillSchema, 0, at('backfill tdza 2021-11-15 --no-resume'));
    expect(anew).toMatchObject({ result: 'succeeded', counts: { succeeded: 1, skipped: 0 } });
    const thin = await read(backfillSchema, 0, at('backfill tdza 2021-11-28 2021-11-29 --only thin'));
    expect(thin).toMatchObject({ result: 'succeeded', counts: { succeeded: 1, skipped: 1 } });
    const { id } = thin;
    expect(await read(backfillSchema, 0, at(`status ${id}`))).toEqual(thin);
    const listed = await read(statusSchema, 0, at('status'));
    expect(listed.backfills[0]).toEqual(thin);
    expect(listed.backfills.length).toBeGreaterThanOrEqual(4);
  });

  it('of nothing but dates that are to come is a refusal', async () => {
    const { error } = await read(errorSchema('refusal'), 2, at('backfill mlfs 2099-01-01'));
    expect(error.message).toContain('cannot be filled yet');
  });
});
