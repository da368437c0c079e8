/** Rules that follow the data: shares, multiples, figures that never fall, lower ones for backfills, and those of a day. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { BackfillReport } from '../../src/core/backfill/backfill-report.ts';
import type { Coverage, Why } from '../../src/core/coverage/coverage-report.ts';
import type { PlanReport } from '../../src/core/plan/plan-report.ts';
import type { Verdict } from '../../src/core/verdict.ts';
import { coverageSchema, whySchema } from '../support/contract-schemas.ts';
import { makeWarehouse } from '../support/make-warehouse.ts';
import { catalogueOf, november2021Counts, oldMinimaYaml } from '../support/old-minima.ts';
import { emptyHome, type Folder, runBackcourt, runJson } from '../support/run-backcourt.ts';
import { type SmallPipeline, startSmallPipeline } from '../support/small-pipeline.ts';

const changedYaml = `${oldMinimaYaml
  .replace(
    '      - { table: pdc, at_least: 100 }',
    (need) => `${need}\n      - { table: pdc, at_least: 90, since: 2025-12-02 }`,
  )
  .replace(/^ {2}psza:$/m, (head) => `${head}\n    expect: { never_falls: true }`)}  guesses:
    table: nba_predictions.guesses
    date_column: game_date
    key: [player_lookup, system_id]
    dates: games
    bootstrap: true
    expect: { share_of: mlfs, times: 5, at_least_share: 0.9 }
    needs: [{ table: pcf, share_of: mlfs, at_least_share: 0.97 }]
`;

function changedCounts() {
  const counts = november2021Counts();
  return {
    ...counts,
    psza: { ...counts.psza, '2021-11-20': 280 },
    guesses: { '2021-11-17': 1719, '2021-11-28': 760 },
  };
}

let home: Folder;
beforeAll(async () => {
  home = await emptyHome();
  await makeWarehouse(join(home.path, 'old.duckdb'), catalogueOf(oldMinimaYaml), november2021Counts());
  await makeWarehouse(join(home.path, 'changed.duckdb'), catalogueOf(changedYaml), changedCounts());
  writeFileSync(join(home.path, 'old.yml'), oldMinimaYaml);
  writeFileSync(join(home.path, 'changed.yml'), changedYaml);
}, 120_000);
afterAll(() => home.remove());

function at(name: 'old' | 'changed', ...words: string[]) {
  const env = { BACKCOURT_WAREHOUSE: `duckdb:${join(home.path, `${name}.duckdb`)}` };
  return [[...words, '--home', home.path, '--pipeline', join(home.path, `${name}.yml`)], { env }] as const;
}

async function ask<T>(name: 'old' | 'changed', ...words: string[]): Promise<T> {
  const { code, json } = await runJson<T>(...at(name, ...words));
  expect(code, JSON.stringify(json)).toBe(0);
  return json;
}

function cellOf(coverage: Coverage, date: string): Verdict {
  const cell = coverage.tables[0]?.cells.find((one) => one.date === date);
  if (cell === undefined) throw new Error(`There is no ${date}`);
  return cell;
}

const said = (cell: Verdict) => cell.failing.map((edge) => `${edge.table} ${edge.have}<${edge.need}`);

describe('minima that some dates cannot meet', { timeout: 60_000 }, () => {
  const faults = ['2021-11-09', '2021-11-11', '2021-11-16', '2021-11-23'];

  it('are answered with the figures per game that fit, and with what these would have changed', async () => {
    const coverage = await ask<Coverage>('old', 'coverage', 'mlfs,pcf', '2021-11-01', '2021-11-30');
    coverageSchema.parse(coverage);
    expect(
      coverage.proposals?.map(({ path, yaml, dates, meets, seen }) => ({ path, yaml, dates, meets, seen })),
    ).toEqual([
      {
        path: 'tables.pcf.needs.1',
        yaml: '{ table: utgc, at_least_per_game: 2 }',
        dates: faults,
        meets: 4,
        seen: { dates: 25, least: 2, usual: 2 },
      },
      {
        path: 'tables.mlfs.needs.0',
        yaml: '{ table: pdc, at_least_per_game: 14 }',
        dates: faults,
        meets: 3,
        seen: { dates: 16, least: 14.3, usual: 20.1 },
      },
    ]);
    expect(coverage.proposals?.map(({ changes }) => changes)).toEqual([
      [{ table: 'pcf', from: 'blocked', to: 'missing', dates: 4 }],
      [{ table: 'mlfs', from: 'blocked', to: 'missing', dates: 1 }],
    ]);
    expect(coverage.proposalsTogether).toEqual([
      { table: 'pcf', from: 'blocked', to: 'missing', dates: 4 },
      { table: 'mlfs', from: 'blocked', to: 'missing', dates: 1 },
    ]);
  });

  it('have the same proposals when one such date is asked, and why has them too', async () => {
    const one = await ask<Coverage>('old', 'coverage', 'pcf', '2021-11-16');
    expect(one.proposals).toMatchObject([{ path: 'tables.pcf.needs.1', perGame: 2, dates: ['2021-11-16'] }]);
    expect(one.proposals?.[0]?.changes).toEqual([{ table: 'pcf', from: 'blocked', to: 'missing', dates: 4 }]);
    const why = await ask<Why>('old', 'why', 'pcf', '2021-11-16');
    whySchema.parse(why);
    expect(why.proposals).toEqual(one.proposals);
    expect((await ask<Coverage>('old', 'coverage', 'pcf', '2021-11-17')).proposals).toBeUndefined();
  });

  it('are said to a terminal with the rule to paste, and pasting it does what was said', async () => {
    const { code, out } = await runBackcourt(...at('old', 'coverage', 'pcf', '2021-11-01', '2021-11-30'));
    expect(code).toBe(0);
    expect(out).toContain('    tables.pcf.needs.1: { table: utgc, at_least_per_game: 2 }\n');
    expect(out.replace(/\n\s+/g, ' ')).toContain(
      'pcf needs utgc at least 10 rows; on 9, 11, 16, 23 Nov 2021 that cannot be.',
    );
    const pasted = oldMinimaYaml.replace('{ table: utgc, at_least: 10 }', '{ table: utgc, at_least_per_game: 2 }');
    writeFileSync(join(home.path, 'old.yml'), pasted);
    const coverage = await ask<Coverage>('old', 'coverage', 'pcf', '2021-11-01', '2021-11-30');
    writeFileSync(join(home.path, 'old.yml'), oldMinimaYaml);
    const missing = coverage.tables[0]?.cells.filter((cell) => cell.status === 'missing').map((cell) => cell.date);
    expect(missing).toEqual(expect.arrayContaining(faults));
    expect(coverage.proposals).toBeUndefined();
  });
});

describe('the rules of another day', { timeout: 60_000 }, () => {
  it('judge coverage, why and plan by what was asked for then, and the answers say so', async () => {
    const today = await ask<Coverage>('changed', 'coverage', 'mlfs', '2021-11-21');
    expect(today).not.toHaveProperty('rulesAsOf');
    expect(cellOf(today, '2021-11-21').status).toBe('missing');
    const then = ['--rules-as-of', '2025-12-01'];
    const before = await ask<Coverage>('changed', 'coverage', 'mlfs', '2021-11-21', ...then);
    expect(before.rulesAsOf).toBe('2025-12-01');
    expect(said(cellOf(before, '2021-11-21'))).toEqual(['pdc 95<100']);
    const why = await ask<Why>('changed', 'why', 'mlfs', '2021-11-21', ...then);
    expect(why).toMatchObject({ rulesAsOf: '2025-12-01', status: 'blocked' });
    const plan = await ask<PlanReport>('changed', 'plan', 'mlfs', '2021-11-21', ...then);
    expect(plan).toMatchObject({ rulesAsOf: '2025-12-01', blocked: [{ cause: { table: 'pdc', need: 100 } }] });
  });
});

describe('figures that follow other figures', { timeout: 60_000 }, () => {
  it('block a date whose needed table is less than its share, and name both figures', async () => {
    const coverage = await ask<Coverage>('changed', 'coverage', 'guesses', '2021-11-10', '2021-11-28');
    const short = cellOf(coverage, '2021-11-10');
    expect([short.status, ...said(short)]).toEqual(['blocked', 'pcf 436<437']);
    expect(short.rule).toBe('R3: needs pcf, at least 97 % of mlfs');
    expect(cellOf(coverage, '2021-11-18')).toMatchObject({ status: 'missing', expected: 900 });
    expect(said(cellOf(coverage, '2021-11-21'))).toEqual(['mlfs 0<1']);
  });

  it('count pairs of a key of two columns against so many rows for each entity', async () => {
    const coverage = await ask<Coverage>('changed', 'coverage', 'guesses', '2021-11-28');
    expect(cellOf(coverage, '2021-11-28')).toMatchObject({ status: 'thin', entities: 760, expected: 761 });
  });

  it('call a date thin that fell below an earlier one, also when it is asked alone', async () => {
    const cell = cellOf(await ask<Coverage>('changed', 'coverage', 'psza', '2021-11-20'), '2021-11-20');
    expect(cell).toMatchObject({ status: 'thin', reason: 'rows_short', rows: 280, expected: 289 });
    expect(cell.rule).toContain('(289 rows on 2021-11-19)');
    const month = await ask<Coverage>('changed', 'coverage', 'psza', '2021-11-02', '2021-11-30');
    expect(month.tables[0]?.byStatus.thin).toBe(1);
  });
});

describe('a lower figure for backfills', { timeout: 60_000 }, () => {
  let small: SmallPipeline;
  let folder: Folder;
  const rows = (n: number) => ({ '2024-10-05': n });

  beforeAll(async () => {
    folder = await emptyHome();
    small = await startSmallPipeline({ games: rows(2), box: rows(3) }, 3);
    const yaml = small.yaml
      .replace('needs: [box]', 'needs: [{ table: box, at_least: 4, in_backfill: 3 }]')
      .replace(/(sums:[\s\S]*?)expect: { exactly_per_game: 2 }/, '$1expect: { exactly_per_game: 2, in_backfill: 1.5 }');
    writeFileSync(join(folder.path, 'small.yml'), yaml);
  }, 120_000);
  afterAll(async () => {
    await small?.close();
    folder?.remove();
  });

  const run = <T>(...words: string[]) =>
    runJson<T>([...words, '--home', folder.path, '--pipeline', join(folder.path, 'small.yml')], { env: small.env });

  it('runs what coverage calls blocked, as the plan says, and calls what it wrote good', async () => {
    const before = (await run<Coverage>('coverage', 'sums', '2024-10-05')).json;
    expect(cellOf(before, '2024-10-05')).toMatchObject({
      status: 'blocked',
      failing: [{ table: 'box', have: 3, need: 4 }],
      notes: ['box is enough for a backfill (in_backfill: at least 3 rows)'],
    });
    const plan = (await run<PlanReport>('plan', 'sums', '2024-10-05')).json;
    expect(plan.steps).toEqual([{ table: 'sums', dates: ['2024-10-05'] }]);
    const { code, json } = await run<BackfillReport>('backfill', 'sums', '2024-10-05');
    expect([code, json.result]).toEqual([0, 'succeeded']);
    expect(json.cells).toMatchObject([{ state: 'succeeded', rowsAfter: 3, reason: null }]);
    expect(small.calls).toEqual(['sums 2024-10-05']);
    const after = cellOf((await run<Coverage>('coverage', 'sums', '2024-10-05')).json, '2024-10-05');
    expect(after).toMatchObject({ status: 'tainted', also: ['thin'] });
    expect(after.notes).toContain('enough for a backfill (in_backfill: at least 1.5 rows per game)');
  });
});
