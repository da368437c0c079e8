/**
 * The demonstration: a generated season in the state in which operators find a pipeline that was filled by hand over
 * weeks. Nothing is pretended: what is absent was not run, and what was built on a hole was computed from it.
 */
import { addDays, daysBetween } from '../../src/core/dates.ts';
import type { Run } from '../../src/warehouse/duckdb-connection.ts';
import { loadSeason } from './load-season.ts';
import { type Duckdb, dateParams, insertSql, type Processor, processors } from './processors.ts';
import { generateSeason, type Season } from './season.ts';

const seasonStart = '2021-10-19';
const seasonEnd = '2022-04-10';
const firstProcessable = addDays(seasonStart, 14);
/** What the scrapers missed: the gamebook of one date, whose players are in bdl, and bdl on three others. */
const unscraped = { gb: ['2021-12-15'], bdl: ['2021-11-04', '2022-02-05', '2022-02-06'] };
/** Phases 4 to 6 have been run up to here, and not further. */
const lastRun = '2022-01-07';

const noSummary = ['2021-11-16', '2021-11-18', '2021-11-21', '2021-11-23', '2021-11-28', '2021-11-30'];
const noDefense = { dates: ['2021-11-29', '2021-11-30'], team: 'SAS' };
const twice = '2021-12-08';
const noTeams = { from: '2022-03-01', to: '2022-03-27' };
const lastContext = '2021-12-27';
const pcfNeverRun = ['2021-11-16', '2021-11-23', '2021-11-28', '2021-11-29', '2021-11-30'];
const pdcNeverRun = ['2021-11-09', '2021-11-11'];
const mlfsNeverRun = [...pcfNeverRun, ...pdcNeverRun, '2021-11-13', '2021-11-26'];
const neverGraded = '2021-12-22';

/** Whether somebody ran a processor of phases 4 to 6 for a date. Predictions and grades follow mlfs, day by day. */
function wasRun(alias: string, date: string): boolean {
  if (alias === 'pcf') return !pcfNeverRun.includes(date) && date <= '2022-01-02';
  if (alias === 'pdc') return !pdcNeverRun.includes(date) && date <= '2022-01-03';
  if (alias === 'mlfs' || alias === 'ppp') return !mlfsNeverRun.includes(date) && date < '2022-01-01';
  if (alias === 'pa') return wasRun('ppp', date) && date !== neverGraded;
  return true;
}

/**
 * When a table was written, in minutes after midnight UTC of its date: context before the games, the rest on the next
 * morning, each table after those that it reads.
 */
const writtenMinute: Readonly<Record<string, number>> = {
  utgc: 900,
  upgc: 905,
  togs: 1800,
  tdgs: 1805,
  pgs: 1820,
  tdza: 1860,
  psza: 1870,
  pcf: 1890,
  pdc: 1900,
  mlfs: 1920,
  ppp: 1930,
  pa: 1940,
};

function insertOnTime(processor: Processor, late = 0): string {
  const minutes = (writtenMinute[processor.alias] ?? 0) + late;
  return insertSql(processor, 'all', `${processor.dateColumn}::TIMESTAMP + INTERVAL ${minutes} MINUTE`);
}

function processorOf(alias: string): Processor {
  const found = processors.find((processor) => processor.alias === alias);
  if (found === undefined) throw new Error(`There is no processor of ${alias}`);
  return found;
}

function listDates(dates: readonly string[]): string {
  return dates.map((date) => `DATE '${date}'`).join(', ');
}

async function loadRaw(run: Run, season: Season): Promise<void> {
  await loadSeason(run, season);
  await run(`DELETE FROM nba_raw.nbac_gamebook_player_stats WHERE game_date IN (${listDates(unscraped.gb)})`, {});
  await run(`DELETE FROM nba_raw.bdl_player_boxscores WHERE game_date IN (${listDates(unscraped.bdl)})`, {});
}

/** Phase 3: whole ranges in one statement each, up to the end of the season. */
async function runPhase3(run: Run): Promise<void> {
  for (const alias of ['togs', 'tdgs']) {
    const sql = insertOnTime(processorOf(alias));
    await run(sql, { from: seasonStart, to: addDays(noTeams.from, -1) });
    await run(sql, { from: addDays(noTeams.to, 1), to: seasonEnd });
  }
  await run(insertOnTime(processorOf('pgs')), { from: seasonStart, to: seasonEnd });
  await run(`DELETE FROM ${processorOf('pgs').table} WHERE game_date IN (${listDates(noSummary)})`, {});
  await run(insertOnTime(processorOf('upgc')), { from: seasonStart, to: lastContext });
  await run(insertOnTime(processorOf('utgc')), { from: seasonStart, to: seasonEnd });
  await run(insertOnTime(processorOf('utgc'), 30), { from: twice, to: twice });
}

/** Phases 4 to 6: date by date, since each date looks back over all before it. */
async function runPhase4(run: Run): Promise<void> {
  const steps = processors
    .filter(({ path }) => path === '/process-date')
    .map((processor) => ({ processor, sql: insertOnTime(processor) }));
  for (const date of daysBetween(firstProcessable, lastRun)) {
    for (const { processor, sql } of steps) {
      if (wasRun(processor.alias, date)) await run(sql, dateParams(processor, date));
    }
    if (noDefense.dates.includes(date)) {
      await run(`DELETE FROM ${processorOf('tdza').table} WHERE analysis_date = $date::DATE AND team_abbr = $team`, {
        date,
        team: noDefense.team,
      });
    }
  }
}

/**
 * Makes the demonstration in an empty warehouse, in one transaction. The same seed makes the same rows.
 */
export async function makeDemo(duckdb: Duckdb, options: { readonly seed?: number } = {}): Promise<void> {
  const season = generateSeason(options.seed);
  await duckdb.withConnection(async ({ run }) => {
    await run('BEGIN', {});
    try {
      await loadRaw(run, season);
      await runPhase3(run);
      await runPhase4(run);
      await run('COMMIT', {});
    } catch (error) {
      await run('ROLLBACK', {}).catch(() => undefined);
      throw error;
    }
  });
}
