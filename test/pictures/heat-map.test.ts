import { describe, expect, test } from 'vitest';
import { statuses } from '../../src/core/verdict.ts';
import { drawHeatMap } from '../../src/pictures/heat-map.ts';
import { coverageOf } from '../messages/samples.ts';
import { cellOf, countCells, coverageOfTables, mixedCoverage, sizeOf, tableOf, textsOf } from './samples.ts';

const total = (counts: Partial<Record<string, number>>) =>
  Object.values(counts).reduce<number>((sum, each) => sum + (each ?? 0), 0);

describe('a heat map of a month', () => {
  const coverage = coverageOf(['pgs', 'pcf', 'mlfs']);
  const svg = drawHeatMap(coverage);

  test('has a cell for every table and date, of the status that was judged', () => {
    const wanted: Record<string, number> = {};
    for (const { status } of coverage.tables.flatMap(({ cells }) => cells)) wanted[status] = (wanted[status] ?? 0) + 1;
    expect(countCells(svg)).toEqual(wanted);
  });

  test('names tables, days, month and figures, and says its point and its dates', () => {
    const texts = textsOf(svg);
    const days = Array.from({ length: 30 }, (_, n) => String(n + 1));
    const figures = coverage.tables.map(({ complete, expected }) => `${complete}/${expected}`);
    expect(texts).toEqual(expect.arrayContaining(['pgs', 'pcf', 'mlfs', ...days, 'Nov 2021', ...figures]));
    expect(texts[0]).toMatch(/^\d+ of \d+ expected cells of 3 tables complete; pgs holds up \d+$/);
    expect(texts[1]).toBe('1-30 Nov 2021 · 30 dates · read 2022-01-08 02:14 UTC');
  });

  test('explains each status that occurs, with how many there are, and no other', () => {
    const texts = textsOf(svg);
    const legend = texts.slice(texts.lastIndexOf('complete'));
    const counts = countCells(svg);
    const words = Object.entries(counts).map(([status, many]) => [status.replace('_', ' '), String(many)]);
    expect(legend.sort()).toEqual(words.flat().sort());
  });

  test('says who holds up the dates of one table, as the answer does', () => {
    const [title] = textsOf(drawHeatMap(coverageOf(['mlfs'])));
    expect(title).toMatch(/^mlfs: \d+ of \d+ dates complete, \d+ need work; \w+ holds up \d+ of them$/);
  });
});

describe('a cell', () => {
  test('has a colour and a mark of its own for every status', () => {
    const svg = drawHeatMap(mixedCoverage(1, 30));
    const cells = statuses.map((status) => new RegExp(`<g id="cell-${status}">(.*?)</g></g>`).exec(svg)?.[1] ?? '');
    const marks = cells.map((cell) => cell.slice(cell.indexOf('<g ')).replace(/color="[^"]*"/, ''));
    expect(new Set(cells.map((cell) => /fill="([^"]+)"/.exec(cell)?.[1])).size).toBe(statuses.length);
    expect(new Set(marks).size).toBe(statuses.length);
    expect(marks.every((mark) => /<(path|circle)/.test(mark))).toBe(true);
  });

  test('tells about itself in a file that a browser opens, and only there', () => {
    const coverage = coverageOfTables([tableOf('orders', [cellOf('2021-11-16', 'thin', { rows: 1_234 })])]);
    expect(drawHeatMap(coverage, { titles: true })).toContain(
      '<title>orders, 16 Nov 2021: thin (rows short), 1,234 rows</title>',
    );
    expect(drawHeatMap(coverage).match(/<title>/g)).toHaveLength(1);
  });
});

describe('a heat map of any size', () => {
  test.each([
    ['one date of one table', 1, 1],
    ['62 dates of 16 tables', 16, 62],
    ['63 dates of 16 tables', 16, 63],
    ['a season of 16 tables', 16, 241],
    ['a season of one table', 1, 241],
    ['10 years of one table', 1, 3_653],
  ])('shows every cell of %s and fits a chat column', (_, tables, days) => {
    const svg = drawHeatMap(mixedCoverage(tables, days));
    const [width, height] = sizeOf(svg);
    expect(total(countCells(svg))).toBe(tables * days);
    expect(width).toBeLessThanOrEqual(1_000);
    expect(height).toBeLessThan(2_800);
    for (let n = 1; n <= tables && tables > 1; n += 1) expect(textsOf(svg)).toContain(`table_${n}`);
  });

  test('shows months with figures where 10 years of 16 tables have no room for dates', () => {
    const svg = drawHeatMap(mixedCoverage(16, 3_653));
    expect(countCells(svg)).toEqual({});
    expect(textsOf(svg)).toEqual(expect.arrayContaining(['2021', '2031', 'table_16', 'all expected dates complete']));
    expect(textsOf(svg).filter((text) => /^(\d+\/\d+|-)$/.test(text))).toHaveLength(121 * 16);
    expect(sizeOf(svg)[1]).toBeLessThan(2_800);
  });

  test('draws dates that are far apart', () => {
    const dates = ['2015-02-28', '2016-02-29', '2017-05-01', '2018-05-01', '2019-05-01', '2021-12-31'];
    const cells = dates.map((date) => cellOf(date, 'complete'));
    for (const tables of [1, 2]) {
      const all = Array.from({ length: tables }, (_, n) => tableOf(`t${n}`, cells));
      expect(countCells(drawHeatMap(coverageOfTables(all)))).toEqual({ complete: tables * 6 });
    }
  });

  test('says in words that there is nothing to draw', () => {
    expect(textsOf(drawHeatMap(coverageOfTables([])))[0]).toBe('No tables');
    expect(textsOf(drawHeatMap(coverageOfTables([tableOf('orders', [])])))[0]).toBe(
      'orders: no rows are expected on these dates',
    );
  });

  test('of a season is drawn in less time than a person notices', () => {
    const coverage = mixedCoverage(13, 241);
    const times = Array.from({ length: 5 }, () => {
      const begun = process.cpuUsage();
      drawHeatMap(coverage);
      return process.cpuUsage(begun).user / 1_000;
    });
    expect(Math.min(...times)).toBeLessThan(150);
  });
});
