/** Every status and every reason for which nothing is expected, each made by rows that are really so. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { BackfillReport } from '../../src/core/backfill/backfill-report.ts';
import type { Coverage } from '../../src/core/coverage/coverage-report.ts';
import type { Verdict } from '../../src/core/verdict.ts';
import { emptyHome, type Folder, type RunningServer, runJson, startServer } from '../support/run-backcourt.ts';
import { type SmallPipeline, startSmallPipeline } from '../support/small-pipeline.ts';

const rows = (n: number, ...days: readonly number[]): Record<string, number> =>
  Object.fromEntries(days.map((day) => [`2024-10-${String(day).padStart(2, '0')}`, n]));

/** Two games a day, so four teams; 10 October is free, and the schedule does not know of the 16th. */
const counts = {
  games: rows(2, 1, 2, 3, 4, 5, 6, 7, 8, 9, 11, 12, 13, 14, 15),
  box: { ...rows(4, 1, 2, 3, 4, 5, 6, 7, 8, 9, 11, 12, 13, 15), ...rows(3, 14) },
  sums: { ...rows(4, 1, 2, 3, 4, 5, 6, 7, 8), ...rows(3, 9), ...rows(4, 10), ...rows(5, 11), ...rows(4, 12) },
  model: rows(4, 6, 7, 8, 9, 10, 11, 12, 13),
  top: rows(4, 2, 6, 9),
};

let home: Folder;
let small: SmallPipeline;
let server: RunningServer;

beforeAll(async () => {
  home = await emptyHome();
  small = await startSmallPipeline(counts, 4);
  writeFileSync(join(home.path, 'small.yml'), small.yaml);
  server = await startServer(at(), { env: small.env });
}, 120_000);
afterAll(async () => {
  await server?.end('SIGKILL');
  await small?.close();
  home?.remove();
});

function at(...words: string[]): string[] {
  return [...words, '--home', home.path, '--pipeline', join(home.path, 'small.yml')];
}

async function cover(what: string, ...when: string[]): Promise<Coverage> {
  const { code, json } = await runJson<Coverage>(at('coverage', what, ...when), { env: small.env });
  expect(code, JSON.stringify(json)).toBe(0);
  return json;
}

/** "status reason" of the cells of the first table, by day. */
function said(coverage: Coverage): Record<string, string> {
  const cells = coverage.tables[0]?.cells ?? [];
  return Object.fromEntries(cells.map((c) => [c.date.slice(8), [c.status, c.reason].filter(Boolean).join(' ')]));
}

function cellOf(coverage: Coverage): Verdict {
  const cell = coverage.tables[0]?.cells[0];
  if (cell === undefined) throw new Error('There is no cell');
  return cell;
}

describe('the command line', { timeout: 60_000 }, () => {
  it('tells thin, over, missing, blocked and holes of the schedule from each other', async () => {
    const sums = await cover('sums', '2024-10-08', '2024-10-16');
    expect(said(sums)).toEqual({
      '08': 'complete',
      '09': 'thin rows_short',
      '10': 'over unexpected_rows',
      '11': 'over unexpected_rows',
      '12': 'complete',
      '13': 'missing never_run',
      '14': 'blocked upstream_thin',
      '15': 'missing never_run',
      '16': 'blocked upstream_missing',
    });
    const roots = sums.causes.map((cause) => `${cause.table} ${cause.reason} ${cause.dates.join()}`);
    expect(roots).toContain('box rows_short 2024-10-14');
    expect(roots).toContain('games never_run 2024-10-16');
  });

  it('says why nothing is expected: bootstrap, ramp-up, no games, off season, not due', async () => {
    const model = await cover('model', '2024-10-01', '2024-10-13');
    expect(said(model)).toMatchObject({
      '01': 'not_expected bootstrap',
      '03': 'not_expected bootstrap',
      '04': 'not_expected ramp_up',
      '05': 'not_expected ramp_up',
      '06': 'complete',
      '08': 'complete',
      '09': 'tainted built_on_bad_input',
      '13': 'tainted built_on_bad_input',
    });
    expect(said(await cover('top', '2024-10-02,2024-10-10'))).toEqual({
      '02': 'not_expected bootstrap',
      '10': 'not_expected no_games',
    });
    expect(cellOf(await cover('top', '2024-03-01'))).toMatchObject({ status: 'not_expected', reason: 'off_season' });
    expect(cellOf(await cover('model', 'today'))).toMatchObject({ status: 'not_expected', reason: 'not_due' });
  });

  it('says that a cell runs while it runs, and what is stale afterwards', async () => {
    const held = small.hold();
    const running = runJson<BackfillReport>(at('backfill', 'sums', '2024-10-01', '--no-resume'), { env: small.env });
    await held.came;
    const during = await cover('sums', '2024-10-01');
    expect(cellOf(during)).toMatchObject({ status: 'running', reason: null, also: ['complete'] });
    expect(cellOf(during).heldBy).toMatchObject({ channel: null, ts: null });
    expect(during.tables[0]?.byStatus).toEqual({ running: 1 });
    const other = await runJson<BackfillReport>(at('backfill', 'sums', '2024-10-01'), { env: small.env });
    expect(other.json).toMatchObject({ counts: { succeeded: 0, skipped: 1 } });
    expect(other.json.preflight.skipped).toMatchObject([{ date: '2024-10-01', status: 'running' }]);
    held.release();
    const { code, json } = await running;
    expect(code).toBe(0);
    expect(json).toMatchObject({ result: 'succeeded', counts: { succeeded: 1 } });
    expect(said(await cover('model', '2024-10-06', '2024-10-09'))).toEqual({
      '06': 'stale upstream_rewritten',
      '07': 'stale upstream_rewritten',
      '08': 'stale upstream_rewritten',
      '09': 'tainted built_on_bad_input',
    });
  });

  it('calls a table unknown that cannot be read, and what is built on it too', async () => {
    await small.duckdb.run('ALTER TABLE raw.box RENAME TO gone', {});
    const coverage = await cover('box,sums', '2024-10-12', '2024-10-13');
    const cells = coverage.tables.flatMap(({ cells: all }) => all.map((cell) => `${cell.status} ${cell.reason}`));
    expect(cells).toEqual([
      'unknown unreadable',
      'unknown unreadable',
      'unknown upstream_unknown',
      'blocked upstream_unknown',
    ]);
    await small.duckdb.run('ALTER TABLE raw.gone RENAME TO box', {});
    expect(said(await cover('sums', '2024-10-12', '2024-10-13'))).toEqual({
      '12': 'complete',
      '13': 'missing never_run',
    });
  });
});
