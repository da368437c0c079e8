/** Against real box scores, which are no part of the project: where they are absent this says so and does nothing. */
import { execFile } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadReal, missingFiles } from '../../../pipelines/nba/load-real-tables.ts';
import { pipelineFolder, processors, readSql, runProcessor } from '../../../pipelines/nba/processors.ts';
import { generateSeason } from '../../../pipelines/nba/season.ts';
import type { Catalogue } from '../../../src/core/catalogue/catalogue.ts';
import { readCatalogue } from '../../../src/core/catalogue/read-catalogue.ts';
import { daysBetween, toDay } from '../../../src/core/dates.ts';
import { judge } from '../../../src/core/judge/judge.ts';
import { type Judging, statusAt } from '../../../src/core/judge/judgement.ts';
import { duckdbWarehouse } from '../../../src/warehouse/duckdb.ts';
import { type DuckdbHome, openDuckdb } from '../../../src/warehouse/duckdb-connection.ts';

const data = resolve('../shared/data');
const folder = join(data, 'real');
const matrixFile = join(data, 'nov-2021-matrix.csv');
const present = missingFiles(folder).length === 0 && existsSync(matrixFile);
if (!present) process.stdout.write(`Skipped: no real box scores in ${folder}.\n`);

const holes = ['2021-11-16', '2021-11-18', '2021-11-21', '2021-11-23', '2021-11-28', '2021-11-30'];
let duckdb: DuckdbHome;

/** A column of the hand-over table, by date. */
function matrix(column: string): Map<string, number> {
  const [head = '', ...lines] = readFileSync(matrixFile, 'utf8')
    .trim()
    .split('\n')
    .filter((line) => !line.startsWith('#'));
  const at = head.split(',').indexOf(column);
  return new Map(lines.map((line) => line.split(',')).map((cells) => [cells[0] ?? '', Number(cells[at])]));
}

async function selected(alias: string, date: string): Promise<number> {
  const rows = await duckdb.run(`SELECT count(*) AS n FROM (${readSql(alias)})`, { date });
  return Number(rows[0]?.n);
}

async function fill(alias: string, dates: readonly string[]): Promise<void> {
  const processor = processors.find((one) => one.alias === alias);
  if (processor === undefined) throw new Error(alias);
  for (const date of dates) await runProcessor(duckdb, processor, date, Date.parse('2026-01-01'));
}

function loadCatalogue(): Catalogue {
  const read = readCatalogue(readFileSync(join(pipelineFolder(), 'pipeline.yml'), 'utf8'));
  if (!read.ok) throw new Error(JSON.stringify(read.problems));
  return read.catalogue;
}

async function judgeAll(home: DuckdbHome, range: { from: string; to: string }): Promise<Judging> {
  const catalogue = loadCatalogue();
  const warehouse = duckdbWarehouse(home, catalogue.schedule ? { schedule: catalogue.schedule } : {});
  const facts = await warehouse.readFacts([...catalogue.tables.values()], range);
  return judge(catalogue, facts, { now: Date.parse('2026-01-01') });
}

const untilDecember = daysBetween('2021-10-19', '2021-11-30');

describe.skipIf(!present)('the processors on real box scores', () => {
  beforeAll(async () => {
    duckdb = await openDuckdb(undefined);
    await loadReal(duckdb, folder, '2021-22');
    await fill('togs', untilDecember);
    await fill(
      'pgs',
      untilDecember.filter((date) => !holes.includes(date)),
    );
  });
  afterAll(() => duckdb.close());

  it('give the psza of the hand-over table while pgs has its six holes', async () => {
    const expected = matrix('psza');
    for (const date of daysBetween('2021-11-05', '2021-11-30')) {
      expect(await selected('psza', date), date).toBe(expected.get(date));
    }
  });

  it('give its pdc on 21 dates at least, and are at most one off on the others', async () => {
    const expected = matrix('pdc');
    const off: number[] = [];
    for (const date of daysBetween('2021-11-05', '2021-11-30')) {
      off.push(Math.abs((await selected('pdc', date)) - (expected.get(date) ?? Number.NaN)));
    }
    expect(off.filter((n) => n === 0).length).toBeGreaterThanOrEqual(21);
    expect(Math.max(...off)).toBeLessThanOrEqual(1);
  });

  it('give more players once the six dates of pgs are there', async () => {
    await fill('pgs', holes);
    const sizes: number[] = [];
    for (const date of daysBetween('2021-11-15', '2021-11-30')) sizes.push(await selected('psza', date));
    expect(sizes).toEqual([272, 273, 281, 287, 296, 302, 307, 314, 315, 324, 324, 326, 328, 331, 336, 339]);
  });

  it('give predictions for whom mlfs knows and grades for who played, as many as the catalogue expects', async () => {
    await fill('tdgs', untilDecember);
    const november = daysBetween('2021-11-02', '2021-11-30');
    for (const alias of ['upgc', 'utgc', 'tdza', 'psza', 'pcf', 'pdc', 'mlfs', 'ppp', 'pa'])
      await fill(alias, november);
    const judging = await judgeAll(duckdb, { from: '2021-10-19', to: '2021-11-30' });
    for (const alias of ['mlfs', 'ppp', 'pa']) {
      const judgement = judging.tables.get(alias);
      if (judgement === undefined) throw new Error(alias);
      const at = (date: string) => statusAt(judgement, toDay(date) - toDay('2021-10-19'));
      expect(
        november.filter((date) => at(date) !== 'complete'),
        alias,
      ).toEqual(['2021-11-25']);
    }
  }, 60_000);

  it('leaves no real player among the invented ones', async () => {
    const rows = await duckdb.run(
      `SELECT DISTINCT player_lookup AS name FROM read_csv('${join(folder, 'player_box.csv.gz')}', all_varchar = true)`,
      {},
    );
    const real = new Set(rows.map((row) => row.name));
    expect(real.size).toBeGreaterThan(500);
    for (const { player } of generateSeason(2021).stints) expect(real.has(player.lookup), player.name).toBe(false);
  });
});

describe.skipIf(!present)('the expectations of the catalogue', () => {
  it('hold on every real game date of four seasons, raw and computed', { timeout: 120_000 }, async () => {
    const catalogue = loadCatalogue();
    const home = await openDuckdb(undefined);
    duckdb = home;
    for (const season of catalogue.seasons.slice(0, 4)) {
      await loadReal(home, folder, season.name);
      // Ranges at once, since these go over ranges; what phase 4 makes of them is another matter.
      for (const processor of processors.filter(({ path }) => path === '/process-date-range')) {
        await home.run(
          `INSERT INTO ${processor.table} BY NAME SELECT *, TIMESTAMP '2026-01-01' AS processed_at FROM (${readSql(processor.alias)})`,
          { from: season.starts, to: season.ends ?? season.starts },
        );
      }
    }
    const range = { from: '2021-10-19', to: '2025-06-22' };
    const judging = await judgeAll(home, range);
    const bad: string[] = [];
    for (const alias of ['sched', 'gb', 'bdl', 'ntb', 'togs', 'tdgs', 'pgs', 'upgc', 'utgc']) {
      const judgement = judging.tables.get(alias);
      if (judgement === undefined) throw new Error(alias);
      for (const date of daysBetween(range.from, range.to)) {
        const status = statusAt(judgement, toDay(date) - toDay(range.from));
        if (status !== 'complete' && status !== 'not_expected') bad.push(`${alias} ${date} ${status}`);
      }
    }
    await home.close();
    expect(bad).toEqual([]);
  });
});

describe('the loader of real box scores', () => {
  const load = (...args: string[]) =>
    promisify(execFile)(process.execPath, ['dist/pipelines/nba/load-real.js', ...args]);

  it('says that a folder has no such files, and ends with 2', async () => {
    const home = await mkdtemp(join(tmpdir(), 'nba-real-'));
    await expect(load('--home', home, '--from', join(home, 'nowhere'))).rejects.toMatchObject({
      code: 2,
      stderr: expect.stringContaining('has no games.csv and no player_box.csv.gz'),
    });
    await rm(home, { recursive: true });
  });

  it.skipIf(!present)('fills a home, and computes what it is asked to but for the exceptions', async () => {
    const home = await mkdtemp(join(tmpdir(), 'nba-real-'));
    const { stdout } = await load('--home', home, '--from', folder, '--run', 'utgc', '--except', 'utgc:2021-11-16');
    expect(stdout).toContain('2021-22: 1317 games, 27931 player rows, 2634 team rows loaded');
    expect(stdout).toContain('bdl: 27931 player rows of the same games, without shot zones');
    const opened = await openDuckdb(join(home, 'warehouse.duckdb'));
    const rows = await opened.run('SELECT count(*) AS n FROM nba_analytics.upcoming_team_game_context', {});
    expect(rows).toEqual([{ n: 2 * (1317 - 3) }]);
    await opened.close();
    await rm(home, { recursive: true });
  });
});
