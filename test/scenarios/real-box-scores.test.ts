/**
 * The gate on real data: a month of shot zones, filled with six dates of their input absent, mended, and filled again.
 * The box scores and the operators' table are no part of the project; where they are absent this says so and stops.
 */
import { execFile } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { missingFiles } from '../../pipelines/nba/load-real-tables.ts';
import type { BackfillReport } from '../../src/core/backfill/backfill-report.ts';
import type { Coverage } from '../../src/core/coverage/coverage-report.ts';
import { daysBetween } from '../../src/core/dates.ts';
import { withWarehouse } from '../support/make-warehouse.ts';
import { emptyHome, type Folder, runJson } from '../support/run-backcourt.ts';

const data = resolve('../shared/data');
const matrixFile = join(data, 'nov-2021-matrix.csv');
const present = missingFiles(join(data, 'real')).length === 0 && existsSync(matrixFile);
if (!present) process.stdout.write(`Did not run: there are no real box scores in ${data}.\n`);

const holes = ['2021-11-16', '2021-11-18', '2021-11-21', '2021-11-23', '2021-11-28', '2021-11-30'];
const early = daysBetween('2021-11-05', '2021-11-15');
const late = daysBetween('2021-11-16', '2021-11-30');
const mended = [273, 281, 287, 296, 302, 307, 314, 315, 324, 324, 326, 328, 331, 336, 339];
const psza = ['psza', '2021-11-05', '2021-11-30'];

describe.skipIf(!present)('a month of psza on real box scores', { timeout: 60_000 }, () => {
  let home: Folder;

  beforeAll(async () => {
    home = await emptyHome();
    await load('--home', home.path, '--run', 'tdgs');
  }, 120_000);
  afterAll(() => home.remove());

  it('fills the first table by dates that are a range', async () => {
    const { code, json } = await runJson<BackfillReport>(at('backfill', 'togs', '2021-10-19', '2021-11-30'));
    expect(code).toBe(0);
    expect(json.counts).toMatchObject({ succeeded: 42, skipped: 1 });
    expect(json.cells.find((cell) => cell.state === 'skipped')).toMatchObject({
      date: '2021-11-25',
      reason: 'no_games',
    });
  });

  it('fills the next one by a list of dates, which leaves six of them out', async () => {
    const dates = daysBetween('2021-10-19', '2021-11-30').filter((date) => !holes.includes(date));
    const { code, json } = await runJson<BackfillReport>(at('backfill', 'pgs', '--dates', dates.join(',')));
    expect(code).toBe(0);
    expect(json.counts).toMatchObject({ succeeded: 36, skipped: 1 });
    const rows = new Map(json.cells.map((cell) => [cell.date, cell.rowsAfter]));
    const asked = ['2021-11-15', '2021-11-17', '2021-11-19', '2021-11-20', '2021-11-22', '2021-11-24'];
    expect(asked.map((date) => rows.get(date))).toEqual([241, 232, 190, 203, 225, 276]);
  });

  it('writes the rows that the operators counted, and ends with gaps since six dates of pgs are absent', async () => {
    const { code, json } = await runJson<BackfillReport>(at('backfill', ...psza));
    expect(code).toBe(1);
    expect(json.result).toBe('succeeded_with_gaps');
    expect(json.preflight.blocked).toEqual([]);
    expect(json.preflight.warnings.map((warning) => warning.date)).toEqual(late);
    const expected = operatorsCount('psza');
    for (const cell of json.cells) {
      const reason = late.includes(cell.date) ? 'built_on_bad_input' : null;
      expect(cell).toMatchObject({ state: 'succeeded', reason, rowsAfter: expected.get(cell.date) });
    }
    expect(json.cells).toHaveLength(26);
    expect([...(await rowsPerDate())]).toEqual([...early, ...late].map((date) => [date, expected.get(date)]));
  });

  it('has 11 dates complete and 15 tainted, by exactly the six dates', async () => {
    const coverage = await cover();
    expect(datesOf(coverage, 'complete')).toEqual(early);
    expect(datesOf(coverage, 'tainted')).toEqual(late);
    expect(coverage.causes).toEqual([{ table: 'pgs', reason: 'never_run', dates: holes, explains: 15 }]);
    for (const cell of coverage.tables[0]?.cells ?? []) {
      const causes = cell.causes.map((cause) => `${cause.table} ${cause.date}`);
      expect(causes).toEqual(holes.filter((date) => date <= cell.date).map((date) => `pgs ${date}`));
    }
  });

  it('has those 15 stale once the six dates are filled', async () => {
    const { code, json } = await runJson<BackfillReport>(at('backfill', 'pgs', '--dates', holes.join(',')));
    expect(code).toBe(0);
    expect(json).toMatchObject({ result: 'succeeded', counts: { succeeded: 6, failed: 0, skipped: 0 } });
    const coverage = await cover();
    expect(datesOf(coverage, 'complete')).toEqual(early);
    expect(datesOf(coverage, 'stale')).toEqual(late);
  });

  it('writes exactly the stale dates again, and is complete with the players that were missing', async () => {
    const { code, json } = await runJson<BackfillReport>(at('backfill', ...psza));
    expect(code).toBe(0);
    expect(json).toMatchObject({ result: 'succeeded', counts: { succeeded: 15, skipped: 11 } });
    const written = json.cells.filter((cell) => cell.state === 'succeeded');
    expect(written.map((cell) => cell.date)).toEqual(late);
    expect(written.map((cell) => cell.rowsAfter)).toEqual(mended);
    const coverage = await cover();
    expect(coverage.tables[0]).toMatchObject({ complete: 26, expected: 26, byStatus: { complete: 26 } });
    expect(coverage.causes).toEqual([]);
    const rows = await rowsPerDate();
    expect(['2021-11-15', ...late].map((date) => rows.get(date))).toEqual([272, ...mended]);
  });

  function at(...words: string[]): string[] {
    return [...words, '--home', home.path];
  }

  async function cover(): Promise<Coverage> {
    const { code, json } = await runJson<Coverage>(at('coverage', ...psza));
    expect(code).toBe(0);
    return json;
  }

  /** What the warehouse itself holds. */
  async function rowsPerDate(): Promise<Map<string, number>> {
    const rows = await withWarehouse(join(home.path, 'warehouse.duckdb'), (run) =>
      run(
        `SELECT analysis_date::VARCHAR AS date, count(*)::INTEGER AS n, count(DISTINCT player_lookup)::INTEGER AS players
         FROM nba_precompute.player_shot_zone_analysis GROUP BY ALL ORDER BY ALL`,
        {},
      ),
    );
    for (const row of rows) expect(row.players).toBe(row.n);
    return new Map(rows.map((row) => [String(row.date), Number(row.n)]));
  }
});

function load(...args: string[]) {
  const source = ['--season', '2021-22', '--from', join(data, 'real')];
  return promisify(execFile)(process.execPath, ['dist/pipelines/nba/load-real.js', ...source, ...args]);
}

function datesOf(coverage: Coverage, status: string): string[] {
  const cells = coverage.tables[0]?.cells ?? [];
  return cells.filter((cell) => cell.status === status).map((cell) => cell.date);
}

/** A column of the operators' table, by date. */
function operatorsCount(column: string): Map<string, number> {
  const lines = readFileSync(matrixFile, 'utf8').trim().split('\n');
  const [head = '', ...rows] = lines.filter((line) => !line.startsWith('#'));
  const n = head.split(',').indexOf(column);
  return new Map(rows.map((row) => row.split(',')).map((cells) => [cells[0] ?? '', Number(cells[n])]));
}
