/** November 2021 as the operators judged it, from a pipeline file and a warehouse file, through the command. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Coverage, TableCoverage, Why } from '../../src/core/coverage/coverage-report.ts';
import type { Verdict } from '../../src/core/verdict.ts';
import { makeWarehouse } from '../support/make-warehouse.ts';
import { withOwnMinima, withoutProcessors, withRulesPerGame } from '../support/minima-variants.ts';
import { november2021 } from '../support/november-2021.ts';
import { catalogueOf, november2021Counts, oldMinimaYaml } from '../support/old-minima.ts';
import { emptyHome, type Folder, runJson } from '../support/run-backcourt.ts';

const blockedMlfs = ['02', '03', '04', '05', '06', '07', '08', '09', '11', '16', '21', '23', '29', '30'];
const threeOrFourGames = ['2021-11-09', '2021-11-11', '2021-11-16', '2021-11-23'];
let home: Folder;

beforeAll(async () => {
  home = await emptyHome();
  await makeWarehouse(join(home.path, 'november.duckdb'), catalogueOf(oldMinimaYaml), november2021Counts());
}, 120_000);
afterAll(() => home.remove());

/** Asks with a pipeline file that has this text. */
async function ask<T>(yaml: string, ...words: string[]): Promise<T> {
  const file = join(home.path, 'pipeline.yml');
  writeFileSync(file, yaml);
  const env = { BACKCOURT_WAREHOUSE: `duckdb:${join(home.path, 'november.duckdb')}` };
  const { code, json } = await runJson<T>([...words, '--home', home.path, '--pipeline', file], { env });
  expect(code, JSON.stringify(json)).toBe(0);
  return json;
}

const november = (yaml: string) => ask<Coverage>(yaml, 'coverage', 'mlfs,pcf', '2021-11-01', '2021-11-30');

function tableOf(coverage: Coverage, alias: string): TableCoverage {
  const table = coverage.tables.find((one) => one.table === alias);
  if (table === undefined) throw new Error(`There is no ${alias}`);
  return table;
}

function cellOf(coverage: Coverage, alias: string, date: string): Verdict {
  const cell = tableOf(coverage, alias).cells.find((one) => one.date === date);
  if (cell === undefined) throw new Error(`There is no ${alias} ${date}`);
  return cell;
}

function daysWith(table: TableCoverage, status: string): string[] {
  return table.cells.filter((cell) => cell.status === status).map((cell) => cell.date.slice(8));
}

/** What must be said of the month whoever states the minima. */
function expectOperatorsMonth(coverage: Coverage): void {
  const mlfs = tableOf(coverage, 'mlfs');
  expect(mlfs).toMatchObject({ calendar: 30, expected: 28, complete: 14 });
  expect(mlfs.byStatus).toEqual({ complete: 14, blocked: 14, not_expected: 2 });
  expect(daysWith(mlfs, 'blocked')).toEqual(blockedMlfs);
  expect(cellOf(coverage, 'mlfs', '2021-11-01')).toMatchObject({ status: 'not_expected', reason: 'bootstrap' });
  expect(cellOf(coverage, 'mlfs', '2021-11-25')).toMatchObject({ status: 'not_expected', reason: 'no_games' });
  expect(tableOf(coverage, 'pcf').byStatus).toEqual({ complete: 17, blocked: 11, not_expected: 2 });
  for (const row of november2021) {
    const failing = (alias: string) =>
      cellOf(coverage, alias, row.date).failing.map((edge) => `${edge.table} ${edge.have}<${edge.need}`);
    expect([row.date, failing('mlfs').sort()]).toEqual([row.date, [...row.mlfsBlockedBy].sort()]);
    expect([row.date, failing('pcf').sort()]).toEqual([row.date, [...row.pcfBlockedBy].sort()]);
  }
}

function expectUnreachable(coverage: Coverage, date: string): void {
  const pcf = cellOf(coverage, 'pcf', date);
  expect(pcf).toMatchObject({ status: 'blocked', reason: 'threshold_unreachable' });
  expect(pcf.causes).toMatchObject([{ table: 'utgc', date, reason: 'threshold_unreachable', need: 10 }]);
  const mlfs = cellOf(coverage, 'mlfs', date);
  expect(mlfs).toMatchObject({ status: 'blocked', reason: 'threshold_unreachable' });
  expect(mlfs.causes.map((cause) => [cause.table, cause.reason])).toEqual([
    ['utgc', 'threshold_unreachable'],
    ['pdc', 'threshold_unreachable'],
  ]);
}

describe('the old minima as a pipeline file', () => {
  let coverage: Coverage;
  beforeAll(async () => {
    coverage = await november(oldMinimaYaml);
  });

  it('give 14 complete and 14 blocked dates of mlfs, and name edges, values and minima', () => {
    expectOperatorsMonth(coverage);
    expect(tableOf(coverage, 'mlfs').reachable).toBe(24);
    expect(coverage.causes[0]).toMatchObject({
      table: 'utgc',
      reason: 'threshold_unreachable',
      dates: threeOrFourGames,
    });
  });

  it('are found at fault on dates that cannot meet them', () => {
    for (const date of threeOrFourGames) expectUnreachable(coverage, date);
    expect(cellOf(coverage, 'mlfs', '2021-11-21')).toMatchObject({
      reason: 'upstream_thin',
      causes: [{ table: 'pdc', reason: 'rows_short', have: 95, need: 100 }],
    });
  });

  it.each(['2021-11-16', '2021-11-23'])('are found at fault when only %s is asked', async (date) => {
    const one = await ask<Coverage>(oldMinimaYaml, 'coverage', 'mlfs,pcf', date);
    expectUnreachable(one, date);
    expect(cellOf(one, 'mlfs', date)).toEqual(cellOf(coverage, 'mlfs', date));
    expect(tableOf(one, 'mlfs')).toMatchObject({ calendar: 1, expected: 1, reachable: 0, complete: 0 });
  });

  it('lead from the last dates to the table that lacks a team', async () => {
    const why = await ask<Why>(oldMinimaYaml, 'why', 'mlfs', '2021-11-29');
    const chain = why.chain.map((step) => `${step.table} ${step.status} ${step.have}/${step.need}`);
    expect(chain).toEqual(['mlfs blocked 0/null', 'pcf blocked 0/100', 'tdza complete 29/30']);
    expect(why.chain[1]?.rule).toContain('at least 30 rows');
  });
});

describe('the old minima stated by the tables as well', () => {
  it.each([20, 30] as const)('give the same month with %i teams', async (teams) => {
    const coverage = await november(withOwnMinima(teams));
    expectOperatorsMonth(coverage);
    for (const date of threeOrFourGames) expectUnreachable(coverage, date);
    const root = cellOf(coverage, 'pcf', '2021-11-29').causes;
    expect(root).toEqual([{ table: 'tdza', date: '2021-11-29', reason: 'rows_short', have: 29, need: 30 }]);
  });
});

describe('the old minima without processors', () => {
  it('give the same month, of which nothing that is broken can be reached', async () => {
    const coverage = await november(withoutProcessors());
    expectOperatorsMonth(coverage);
    expect(tableOf(coverage, 'mlfs').reachable).toBe(14);
  });
});

describe('rules per game in place of the old minima', () => {
  it('let every date be reached, three of which were never blocked', async () => {
    const coverage = await november(withRulesPerGame());
    const mlfs = tableOf(coverage, 'mlfs');
    expect(mlfs).toMatchObject({ expected: 28, reachable: 28, complete: 14 });
    expect(daysWith(mlfs, 'missing')).toEqual(['07', '08', '21']);
    expect(daysWith(mlfs, 'blocked')).toEqual(blockedMlfs.filter((day) => !['07', '08', '21'].includes(day)));
    const reasons = coverage.causes.map((cause) => [cause.table, cause.reason, cause.dates.length]);
    expect(reasons).toEqual([
      ['pcf', 'never_run', 9],
      ['tdza', 'rows_short', 2],
      ['mlfs', 'never_run', 3],
    ]);
    expect(cellOf(coverage, 'pcf', '2021-11-09')).toMatchObject({ status: 'missing', rows: 0, expected: 95 });
  });
});
