import { Resvg } from '@resvg/resvg-js';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Coverage } from '../../src/core/coverage/coverage-report.ts';
import { drawHeatMap } from '../../src/pictures/heat-map.ts';
import { describePicture, sayPoint } from '../../src/pictures/point.ts';
import { clipText, escapeXml, measureText } from '../../src/pictures/svg.ts';
import { drawTrend } from '../../src/pictures/trend.ts';
import { coverages, hostile } from '../messages/hostile-values.ts';
import { cellOf, countCells, coverageOfTables, sizeOf, tableOf, textsOf } from './samples.ts';

/** Throws where the text is no XML; resvg reads strictly. */
function expectDrawn(svg: string): void {
  const [width, height] = sizeOf(svg);
  const read = new Resvg(svg, { font: { loadSystemFonts: false } });
  expect([read.width, read.height]).toEqual([width, height]);
  expect(svg).not.toMatch(/\b(NaN|undefined|Infinity|null)\b/);
}

/** Every table of a coverage gets a name of somebody's. */
function rename(coverage: Coverage, names: readonly string[]): Coverage {
  const tables = coverage.tables.map((table, n) => ({ ...table, table: names[n % names.length] ?? '' }));
  return { ...coverage, asOf: names[0] ?? '', tables };
}

describe('a picture of any coverage', () => {
  const runs = { numRuns: 25 };

  test('is XML, whatever is in it and however tables are called', { timeout: 120_000 }, () => {
    fc.assert(
      fc.property(coverages, fc.array(hostile, { minLength: 1, maxLength: 3 }), (coverage, names) => {
        const odd = rename(coverage, names);
        for (const titles of [true, false]) {
          expectDrawn(drawHeatMap(odd, { titles }));
          expectDrawn(drawTrend(odd, { titles }));
        }
      }),
      runs,
    );
  });

  test('fits a chat column and has a sentence for who does not see it', { timeout: 120_000 }, () => {
    fc.assert(
      fc.property(coverages, (coverage) => {
        expect(sizeOf(drawHeatMap(coverage))[0]).toBeLessThanOrEqual(1_000);
        expect(describePicture(coverage)).toMatch(/^Heat map of .+: .+\.$/);
        expect(sayPoint(coverage)).not.toBe('');
      }),
      runs,
    );
  });
});

describe('a hostile name', () => {
  const name = `<script>alert("1")</script> & ]]> \u0000\u202e'${'x'.repeat(500)}`;
  const svg = drawHeatMap(coverageOfTables([tableOf(name, [cellOf('2021-11-16', 'thin')])]), { titles: true });

  test('is shown and not obeyed, and does not push the cells away', () => {
    expectDrawn(svg);
    expect(svg).not.toContain('<script');
    expect(textsOf(svg).some((text) => text.startsWith('<script>alert("1")'))).toBe(true);
    expect(countCells(svg)).toEqual({ thin: 1 });
    expect(sizeOf(svg)[0]).toBeLessThanOrEqual(1_000);
  });

  test('is cut to the room that it has', () => {
    fc.assert(
      fc.property(hostile, fc.integer({ min: 20, max: 400 }), (text, width) => {
        // Widths are sums of fractions: a hair over the room is the arithmetic, not the text.
        expect(measureText(clipText(text, width), 12)).toBeLessThanOrEqual(width + 1e-6);
      }),
    );
    expect(clipText('orders', 200)).toBe('orders');
    expect(clipText('orders_of_the_year', 60)).toMatch(/^orders.*…$/);
  });

  test('keeps nothing that XML does not allow', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(escapeXml(text)).not.toMatch(/[\p{Cc}\p{Cs}<>"'\ufffe\uffff]/u);
      }),
    );
  });
});
