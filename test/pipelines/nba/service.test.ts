import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Faults } from '../../../pipelines/nba/faults.ts';
import { loadSeason } from '../../../pipelines/nba/load-season.ts';
import { processors } from '../../../pipelines/nba/processors.ts';
import { generateSeason, type Season } from '../../../pipelines/nba/season.ts';
import { startNbaService } from '../../../pipelines/nba/service.ts';
import { type DuckdbHome, openDuckdb } from '../../../src/warehouse/duckdb-connection.ts';
import { manualClock } from '../../support/manual-clock.ts';

const whole = generateSeason(2021);
const from = <T>(rows: readonly T[], date: (row: T) => string) => rows.filter((row) => date(row) <= '2021-11-12');
/** The first weeks are enough, and load fast. */
const weeks: Season = {
  ...whole,
  games: from(whole.games, (game) => game.date),
  gamebook: from(whole.gamebook, (row) => row.game_date),
  teamBoxes: from(whole.teamBoxes, (row) => row.game_date),
};
const date = '2021-11-10';
const start = Date.parse('2026-01-01T00:00:00Z');

let duckdb: DuckdbHome;
let clock: ReturnType<typeof manualClock>;
let folder: string;
let service: { url: string; close(): Promise<void> };

async function startWith(faults: Faults = {}): Promise<void> {
  service = await startNbaService({ duckdb, clock, faults, journal: join(folder, 'journal') });
}

beforeEach(async () => {
  clock = manualClock(start);
  folder = await mkdtemp(join(tmpdir(), 'nba-service-'));
  duckdb = await openDuckdb(undefined);
  await duckdb.withConnection(({ run }) => loadSeason(run, weeks));
});
afterEach(async () => {
  await service.close();
  await duckdb.close();
  await rm(folder, { recursive: true });
});

type Answer = { status: number; body: { error?: string; results?: { processor: string; status: string }[] } };

async function post(path: string, body: unknown): Promise<Answer> {
  const response = await fetch(service.url + path, {
    method: 'POST',
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
  return { status: response.status, body: (await response.json()) as Answer['body'] };
}

function runDate(processor: string, day = date): Promise<Answer> {
  return post('/process-date', { analysis_date: day, backfill_mode: true, processors: [processor] });
}

function runRange(names: string[], first = date, last = first): Promise<Answer> {
  return post('/process-date-range', { start_date: first, end_date: last, processors: names, backfill_mode: true });
}

async function count(table: string, column: string, day = date): Promise<number> {
  const rows = await duckdb.run(`SELECT count(*) AS n FROM ${table} WHERE ${column} = $day::DATE`, { day });
  return Number(rows[0]?.n);
}
const utgcRows = (day = date) => count('nba_analytics.upcoming_team_game_context', 'game_date', day);
const tdzaRows = (day = date) => count('nba_precompute.team_defense_zone_analysis', 'analysis_date', day);

async function journal(): Promise<Record<string, unknown>[]> {
  const text = await readFile(join(folder, 'journal'), 'utf8');
  return text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
}

const context = 'UpcomingTeamGameContextProcessor';
const defense = 'TeamDefenseGameSummaryProcessor';
const zones = 'TeamDefenseZoneAnalysisProcessor';

describe('the processor service', () => {
  it('fills exactly its date and says so', async () => {
    await startWith();
    const answer = await runRange([context]);
    expect(answer).toMatchObject({
      status: 200,
      body: {
        status: 'completed',
        results: [{ processor: context, status: 'success', stats: { rows_processed: 26 } }],
      },
    });
    expect([await utgcRows(), await utgcRows('2021-11-09'), await utgcRows('2021-11-11')]).toEqual([26, 0, 0]);
  });

  it('replaces a date: running twice leaves the rows once, written later', async () => {
    await startWith();
    await runRange([context]);
    await clock.advance(60_000);
    await runRange([context]);
    const [row] = await duckdb.run(
      'SELECT count(*) AS n, epoch_ms(min(processed_at)) AS written FROM nba_analytics.upcoming_team_game_context',
      {},
    );
    expect(row).toEqual({ n: 26, written: start + 60_000 });
  });

  it('asks for a date, and refuses what is none', async () => {
    await startWith();
    const refused = { status: 400, body: { error: 'analysis_date required' } };
    expect(await post('/process-date', {})).toEqual(refused);
    expect(await post('/process-date', { analysis_date: '2021-02-30' })).toEqual(refused);
    expect((await post('/process-date-range', { start_date: date })).status).toBe(400);
    expect((await post('/process-date', 'no json')).status).toBe(400);
    expect((await post('/process', {})).status).toBe(404);
  });

  it('answers 200 without results for a processor that it does not know', async () => {
    await startWith();
    expect(await runDate('NobodyProcessor')).toMatchObject({ status: 200, body: { results: [] } });
  });

  it('runs all of a path when none is named', async () => {
    await startWith();
    await runRange([], '2021-10-19', '2021-11-10');
    const answer = await post('/process-date', { analysis_date: date, processors: [] });
    expect(answer.body.results?.map((result) => `${result.processor} ${result.status}`)).toEqual(
      processors.filter(({ path }) => path === '/process-date').map(({ name }) => `${name} success`),
    );
    for (const { table, dateColumn } of processors) expect(await count(table, dateColumn), table).toBeGreaterThan(0);
  });

  it('answers 200 and writes nothing in the first fourteen days', async () => {
    await startWith();
    await runRange([defense], '2021-10-19', '2021-11-02');
    expect(await runDate(zones, '2021-11-01')).toMatchObject({
      status: 200,
      body: { results: [{ status: 'success' }] },
    });
    expect(await tdzaRows('2021-11-01')).toBe(0);
    await runDate(zones, '2021-11-02');
    expect(await tdzaRows('2021-11-02')).toBe(30);
  });

  it('leaves rows that are there when it finds nothing to write', async () => {
    await startWith();
    await runRange([context]);
    await duckdb.run('DELETE FROM nba_raw.nbac_schedule', {});
    await runRange([context]);
    expect(await utgcRows()).toBe(26);
  });

  it('answers 200 with a status of error when a processor fails, and keeps the rows of before', async () => {
    await startWith();
    await runRange([context]);
    await duckdb.run('ALTER TABLE nba_raw.nbac_schedule RENAME COLUMN home_team_abbr TO host', {});
    expect(await runRange([context])).toMatchObject({ status: 200, body: { results: [{ status: 'error' }] } });
    expect(await utgcRows()).toBe(26);
  });

  it('keeps a journal of starts and ends with the correlation id', async () => {
    await startWith();
    await post('/process-date', { analysis_date: date, processors: [zones], correlation_id: 'attempt-7' });
    const run = { processor: zones, date, correlation_id: 'attempt-7', pid: process.pid };
    expect(await journal()).toMatchObject([
      { event: 'start', ...run, at: '2026-01-01T00:00:00.000Z' },
      { event: 'end', ...run, rows: 0 },
    ]);
  });

  it('does one run after another for the same processor and date', async () => {
    await startWith({ [context]: 'hang:1000' });
    const both = Promise.all([runRange([context]), runRange([context])]);
    await expect.poll(() => clock.waits()).toEqual([1000]);
    await clock.advance(1000);
    await expect.poll(() => clock.waits()).toEqual([1000]);
    await clock.advance(1000);
    await both;
    expect((await journal()).map((line) => line.event)).toEqual(['start', 'end', 'start', 'end']);
    expect(await utgcRows()).toBe(26);
  });

  it('is healthy', async () => {
    await startWith();
    expect((await fetch(`${service.url}/health`)).status).toBe(200);
  });
});

describe('a fault on request', () => {
  it('`empty` answers 200 and writes nothing, as often as asked', async () => {
    await startWith({ [context]: { fault: 'empty', times: 1 } });
    expect(await runRange([context])).toMatchObject({ status: 200, body: { results: [{ status: 'success' }] } });
    expect(await utgcRows()).toBe(0);
    await runRange([context]);
    expect(await utgcRows()).toBe(26);
  });

  it('`error` answers 500', async () => {
    await startWith({ [`${context}@${date}`]: 'error' });
    expect((await runRange([context])).status).toBe(500);
    expect(await utgcRows()).toBe(0);
    expect((await runRange([context], '2021-11-09')).status).toBe(200);
  });

  it('`half` writes half of the rows, `double` each of them twice', async () => {
    await startWith({ [context]: { fault: 'half', times: 1 }, [`${context}@2021-11-09`]: 'double' });
    await runRange([context]);
    expect(await utgcRows()).toBe(13);
    await runRange([context], '2021-11-09');
    expect(await utgcRows('2021-11-09')).toBe(12);
  });

  it('`hang` writes after its time although the caller has gone', async () => {
    await startWith({ [context]: 'hang:5000' });
    const caller = new AbortController();
    const call = fetch(`${service.url}/process-date-range`, {
      method: 'POST',
      signal: caller.signal,
      body: JSON.stringify({ start_date: date, end_date: date, processors: [context] }),
    });
    const gone = expect(call).rejects.toThrow();
    await expect.poll(() => clock.waits()).toEqual([5000]);
    caller.abort();
    await gone;
    expect(await utgcRows()).toBe(0);
    await clock.advance(5000);
    await expect.poll(() => utgcRows()).toBe(26);
  });

  it('does not write any more once the service is closing', async () => {
    await startWith({ [context]: 'hang:5000' });
    const call = runRange([context]).catch(() => undefined);
    await expect.poll(() => clock.waits()).toEqual([5000]);
    await service.close();
    await call;
    expect(await utgcRows()).toBe(0);
  });
});
