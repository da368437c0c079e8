/** The quality of a table of a DuckDB file as the command tells it: one date's column has collapsed. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { printQuality } from '../../src/cli/print-quality.ts';
import type { Quality } from '../../src/core/quality/quality-report.ts';
import { qualitySchema } from '../support/contract-schemas.ts';
import { withWarehouse } from '../support/make-warehouse.ts';
import { emptyHome, type Folder, runBackcourt, runJson } from '../support/run-backcourt.ts';

const yaml = `
pipeline: scores
time_zone: UTC
tables:
  scores:
    table: made.scores
    date_column: day
    key: [player]
    dates: daily
    starts: 2021-10-01
    quality: { flags: [is_ready], ready: is_ready, critical: [Matchup_Score, tags, is_home, priced] }
`;

/** 150 to 200 rows a day; 0 is a real score, seldom. */
const fill = `INSERT INTO made.scores
SELECT DATE '2021-10-15' + day::INT, 'p' || n,
  CASE WHEN day = 21 THEN 0 WHEN n % 30 = 0 THEN 0 ELSE (n * 7 + day) % 41 + 1 END,
  CASE WHEN day IN (30, 31) THEN ['same'] ELSE ['tag', 'n' || n % 50] END,
  n % 2 = 0,
  CASE WHEN n % 100 = 0 THEN NULL ELSE n * 0.25 END,
  (n + day) % 5 = 0
FROM range(60) a(day), range(200) b(n) WHERE n < 150 + (day * 17) % 50`;

let home: Folder;
let args: string[];
let env: Record<string, string>;

beforeAll(async () => {
  home = await emptyHome();
  const [pipeline, rows] = [join(home.path, 'scores.yml'), join(home.path, 'rows.duckdb')];
  writeFileSync(pipeline, yaml);
  await withWarehouse(rows, async (run) => {
    await run('CREATE SCHEMA made', {});
    await run(
      `CREATE TABLE made.scores (day DATE, player VARCHAR, "matchup_score" DECIMAL(9, 3), tags VARCHAR[], is_home BOOLEAN,
         priced DOUBLE, is_ready BOOLEAN)`,
      {},
    );
    await run(fill, {});
  });
  args = ['--home', home.path, '--pipeline', pipeline];
  env = { BACKCOURT_WAREHOUSE: `duckdb:${rows}` };
}, 120_000);
afterAll(() => home.remove());

const words = ['quality', 'scores', '2021-11-01', '2021-11-30'];

describe('the quality of a table in which a column collapsed', { timeout: 60_000 }, () => {
  it('names the dates and the columns as JSON, beside what is usual', async () => {
    const { code, json } = await runJson<Quality>([...words, ...args], { env });
    expect(code).toBe(0);
    expect(() => qualitySchema.parse(json)).not.toThrow();
    const { dates, total } = json;
    expect(dates).toHaveLength(30);
    const fifth = dates.find(({ date }) => date === '2021-11-05');
    const rows = fifth?.rows ?? 0;
    expect(fifth?.distribution).toMatchObject({ Matchup_Score: { distinct: 1, zeros: rows }, is_home: { zeros: 0 } });
    expect(total.remarks?.map(({ date, column, what, have }) => [date, column, what, have])).toEqual([
      ['2021-11-05', 'Matchup_Score', 'zeros', rows],
      ['2021-11-14', 'tags', 'few_values', 1],
      ['2021-11-15', 'tags', 'few_values', 1],
    ]);
    expect(total.remarks?.[0]?.usual).toBeCloseTo(rows / 28, 0);
  });

  it('is the same date by date as of the month', async () => {
    const { json } = await runJson<Quality>(['quality', 'scores', '2021-11-05', ...args], { env });
    expect(json.total.remarks).toMatchObject([{ date: '2021-11-05', column: 'Matchup_Score', against: 'both' }]);
  });

  it('is said with the point first', async () => {
    const { code, out } = await runBackcourt([...words, ...args], { env });
    expect(code).toBe(0);
    const [first, second, third] = out.split('\n');
    expect(first).toMatch(
      /^scores, 1-30 Nov 2021: 3 dates look wrong: tags has 1 distinct value in \d+ rows of 1\d Nov 2021/,
    );
    expect(second).toMatch(/^5,\d+ rows on 30 of 30 dates; no duplicates.$/);
    expect(third).toMatch(/^ {2}Looks wrong: Matchup_Score is 0 on all \d+ rows of 5 Nov 2021 \(usually 3\.\d %\)$/);
  });

  it('fits a terminal of 80 columns, with a line per date', async () => {
    const { json } = await runJson<Quality>([...words, ...args], { env });
    const lines: string[] = [];
    printQuality(json, { data: (line) => lines.push(line), say: (line) => lines.push(line), columns: 80 });
    expect(lines.filter((line) => line.length > 80)).toEqual([]);
    expect(lines.filter((line) => /^2021-11-\d\d /.test(line))).toHaveLength(30);
    expect(lines.find((line) => line.startsWith('2021-11-05'))).toMatch(/Matchup_Score$/);
  });
});
