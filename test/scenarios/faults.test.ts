/** When the world is broken: exit 3 and what to mend, `unknown` for what could not be read, never an empty answer. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { backfillSchema, checkSchema, coverageSchema, errorSchema } from '../support/contract-schemas.ts';
import { withWarehouse } from '../support/make-warehouse.ts';
import { oldMinimaYaml } from '../support/old-minima.ts';
import { readDocument as read } from '../support/read-document.ts';
import { demoHome, type Folder, temporaryFolder } from '../support/run-backcourt.ts';

describe('a fault', { timeout: 60_000 }, () => {
  let folder: Folder;
  beforeAll(async () => {
    folder = await demoHome();
    writeFileSync(join(folder.path, 'garbage.duckdb'), 'this is no database'.repeat(500));
    writeFileSync(join(folder.path, 'wrong.yml'), 'pipeline: x\ntime_zone: Mars/Olympus\ntables: {}\n');
  }, 120_000);
  afterAll(() => folder.remove());

  it.each([
    ['a warehouse file that is absent', { BACKCOURT_WAREHOUSE: 'duckdb:/nowhere/w.duckdb' }, [], '/nowhere/w.duckdb'],
    ['a warehouse file that is none', { BACKCOURT_WAREHOUSE: 'duckdb:HOME/garbage.duckdb' }, [], 'garbage.duckdb'],
    ['a pipeline file that is absent', {}, ['--pipeline', 'HOME/absent.yml'], 'absent.yml'],
    ['a pipeline file that is wrong', {}, ['--pipeline', 'HOME/wrong.yml'], 'Mars/Olympus'],
    ['a home that cannot be made', { BACKCOURT_HOME: 'HOME/garbage.duckdb/home' }, [], 'garbage.duckdb/home'],
  ])('of %s ends with 3 and names it', async (_, variables, more, named) => {
    const fill = (text: string) => text.replace('HOME', folder.path);
    const env = Object.fromEntries(Object.entries(variables).map(([name, value]) => [name, fill(value)]));
    const place = 'BACKCOURT_HOME' in env ? [] : ['--home', folder.path];
    const words = ['coverage', 'mlfs', '2021-11-16', ...place, ...more.map(fill)];
    const { error } = await read(errorSchema('fault'), 3, words, { env });
    expect(error.message).toContain(named);
  });

  it('of some tables leaves their cells unknown, and never makes an answer empty', async () => {
    const file = join(folder.path, 'warehouse.duckdb');
    await withWarehouse(file, async (run) => {
      await run('DROP TABLE nba_analytics.player_game_summary', {});
    });
    const words = ['coverage', 'pgs,pcf,mlfs,tdza', '2021-11-15,2021-11-16', '--home', folder.path];
    const { tables, causes } = await read(coverageSchema, 0, words);
    const cells = tables.flatMap(({ table, cells: all }) =>
      all.map((c) => [table, c.date, c.status, c.reason, c.rows]),
    );
    expect(cells).toEqual([
      ['pgs', '2021-11-15', 'unknown', 'unreadable', null],
      ['pgs', '2021-11-16', 'unknown', 'unreadable', null],
      ['pcf', '2021-11-15', 'unknown', 'upstream_unknown', expect.any(Number)],
      ['pcf', '2021-11-16', 'blocked', 'upstream_unknown', 0],
      ['mlfs', '2021-11-15', 'unknown', 'upstream_unknown', expect.any(Number)],
      ['mlfs', '2021-11-16', 'blocked', 'upstream_unknown', 0],
      ['tdza', '2021-11-15', 'complete', null, 30],
      ['tdza', '2021-11-16', 'complete', null, 30],
    ]);
    expect(causes[0]).toMatchObject({ table: 'pgs', reason: 'unreadable', explains: 6 });
    const refused = await read(backfillSchema, 1, ['backfill', 'pcf', '2021-11-16', '--home', folder.path]);
    expect(refused.result).toBe('refused');
  });

  it('of all tables ends with 3', async () => {
    await withWarehouse(join(folder.path, 'warehouse.duckdb'), async (run) => {
      const tables = await run('SELECT schema_name AS s, table_name AS t FROM duckdb_tables()', {});
      for (const { s, t } of tables) await run(`DROP TABLE "${s}"."${t}"`, {});
    });
    const words = ['coverage', 'mlfs', '2021-11-16', '--home', folder.path];
    const { error } = await read(errorSchema('fault'), 3, words);
    expect(error.message).toContain('Nothing could be read');
  });
});

describe('a check', { timeout: 60_000 }, () => {
  it('of a pipeline file says yes, or everything that is wrong, and makes no warehouse for it', async () => {
    const folder = temporaryFolder();
    const home = ['--home', join(folder.path, 'home')];
    writeFileSync(join(folder.path, 'good.yml'), oldMinimaYaml);
    writeFileSync(
      join(folder.path, 'bad.yml'),
      oldMinimaYaml.replace('table: pdc', 'table: pdx').replace('dates: season', 'dates: tides'),
    );
    const good = await read(checkSchema, 0, ['check', '--pipeline', join(folder.path, 'good.yml'), ...home]);
    expect(good.ok).toBe(true);
    const bad = await read(checkSchema, 3, ['check', '--pipeline', join(folder.path, 'bad.yml'), ...home]);
    expect(bad.checks.filter((check) => !check.ok)).toMatchObject([{ what: 'pipeline' }]);
    expect(bad.checks.at(-1)?.detail).toContain('dates');
    mkdirSync(join(folder.path, 'other'));
    const empty = await read(checkSchema, 0, ['check', '--empty', '--home', join(folder.path, 'other')]);
    expect(empty.checks.map((check) => check.what)).toContain('service phase4');
    folder.remove();
  });
});
