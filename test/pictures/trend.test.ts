import { describe, expect, test } from 'vitest';
import { drawTrend } from '../../src/pictures/trend.ts';
import { cellOf, coverageOfTables, mixedCoverage, sizeOf, tableOf, textsOf } from './samples.ts';

const week = coverageOfTables([
  tableOf('orders', [
    cellOf('2021-11-01', 'complete', { rows: 100, expected: 100 }),
    cellOf('2021-11-02', 'over', { rows: 400, expected: 100 }),
    cellOf('2021-11-03', 'not_expected', { rows: 0, expected: null }),
    cellOf('2021-11-04', 'missing', { rows: 0, expected: 80 }),
    cellOf('2021-11-05', 'thin', { rows: 1, expected: 80 }),
    cellOf('2021-11-06', 'unknown', { rows: null, expected: null }),
  ]),
]);

/** Height of every bar that can be pointed at. */
function barsOf(svg: string): number[] {
  return [...svg.matchAll(/<g><title>[^<]*<\/title><rect [^>]*height="([\d.]+)"/g)].map((found) => Number(found[1]));
}

describe('a trend', () => {
  const svg = drawTrend(week, { titles: true });

  test('has a bar for each date with rows, as high as its rows', () => {
    const [full = 0, over = 0, thin = 0, ...more] = barsOf(svg);
    expect(more).toEqual([]);
    expect(over / full).toBeCloseTo(4, 1);
    expect(thin).toBeGreaterThan(1);
    expect(thin).toBeLessThan(full / 10);
  });

  test('steps over what was expected, and not where nothing was or nobody knows', () => {
    const steps = /<path d="(M[^"]*)" fill="none" stroke="#1f2937"/.exec(svg)?.[1] ?? '';
    expect(steps.match(/M/g)).toHaveLength(2);
    expect(steps.match(/H/g)).toHaveLength(4);
    // 100 and then 80 on a scale that begins at 0: the second level is lower.
    const [first = 0, second = 0] = [...steps.matchAll(/M[\d.]+ ([\d.]+)/g)].map((found) => Number(found[1]));
    expect(second).toBeGreaterThan(first);
  });

  test('says the point, the days and the month, and has few round figures at the side', () => {
    const texts = textsOf(svg);
    expect(texts[0]).toBe('orders: 1 of 5 dates complete, 4 need work');
    expect(texts[1]).toMatch(/^Rows per date · 1-6 Nov 2021 · 6 dates, 5 expected · read /);
    expect(texts).toEqual(expect.arrayContaining(['0', '100', '400', '1', '6', 'Nov 2021', 'rows expected', 'thin']));
  });

  test('of a season has a word for each month and fits a chat column', () => {
    const season = drawTrend(mixedCoverage(1, 241));
    expect(textsOf(season)).toEqual(expect.arrayContaining(['Nov 2021', 'Dec', 'Jan 2022', 'Jun']));
    expect(sizeOf(season)[0]).toBeLessThanOrEqual(1_000);
  });

  test('of more than a year has a line per year, and says how many it leaves out', () => {
    const ten = drawTrend(mixedCoverage(1, 3_653));
    for (let year = 2021; year <= 2031; year += 1) expect(textsOf(ten)).toContain(`Jan ${year}`);
    const many = drawTrend(mixedCoverage(1, 40 * 366));
    expect(textsOf(many)[1]).toContain('the last 24 of 41 years');
    expect(sizeOf(many)[1]).toBeLessThan(5_000);
  });

  test('of nothing at all is a picture that says so', () => {
    expect(textsOf(drawTrend(coverageOfTables([])))[0]).toBe('No tables');
    expect(textsOf(drawTrend(coverageOfTables([tableOf('orders', [])])))[0]).toContain('no rows are expected');
  });
});
