/** Answers on a terminal of a given width: a line that wraps by itself tears its columns apart. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Output } from '../../src/cli/output.ts';
import { wrap } from '../../src/cli/output.ts';
import { printCoverage, printWhy } from '../../src/cli/print-coverage.ts';
import type { Coverage } from '../../src/core/coverage/coverage-report.ts';
import { emptyCoverage, runningCoverage, seasonCoverage } from '../messages/coverage-samples.ts';
import { coverages, hostile } from '../messages/hostile-values.ts';
import { coverageOf, whyOf } from '../messages/samples.ts';

function printed<T>(value: T, print: (value: T, output: Output) => void, columns: number): string[] {
  const lines: string[] = [];
  print(value, { data: (line) => lines.push(line), say: (line) => lines.push(line), columns });
  return lines;
}

const tooWide = (lines: readonly string[], columns: number) => lines.filter((line) => line.length > columns);

const answers: Readonly<Record<string, () => Coverage>> = {
  'one table on one date': () => coverageOf(['mlfs'], '2021-11-16', '2021-11-16'),
  'one table over a month': () => coverageOf(['mlfs']),
  'three tables over a month': () => coverageOf(['pgs', 'pcf', 'mlfs']),
  'all tables over eleven weeks': seasonCoverage,
  'nothing but a schedule': emptyCoverage,
  'what runs now': runningCoverage,
  'what could not be read': () => ({
    ...coverageOf(['mlfs']),
    unread: [
      { table: 'pdc', problem: `Catalog Error: ${'Table with name player_daily_cache does not exist! '.repeat(4)}` },
    ],
  }),
};

describe('coverage on a terminal', () => {
  it.each(Object.entries(answers))('has no line over 80 columns for %s', (_, make) => {
    const lines = printed(make(), printCoverage, 80);
    expect(tooWide(lines, 80)).toEqual([]);
    expect(lines.length).toBeGreaterThan(4);
  });

  it('has no line over the width of any terminal, whatever the names and texts', { timeout: 120_000 }, () => {
    fc.assert(
      fc.property(coverages, fc.integer({ min: 80, max: 200 }), (coverage, columns) => {
        expect(tooWide(printed(coverage, printCoverage, columns), columns)).toEqual([]);
      }),
      { numRuns: 20 },
    );
  });

  it('says the point first, and then how far the targets are', () => {
    const lines = printed(seasonCoverage(), printCoverage, 80);
    expect(lines[0]).toBe('213 of 424 expected cells complete (50.2 %) in 6 tables; 211 need work: pgs is');
    const text = lines.join('\n');
    const places = ['need work', '\n  phase 4', '\n  Oct 2021', 'Causes', 'The chain of one'].map((at) =>
      text.indexOf(at),
    );
    expect(places).toEqual([...places].sort((a, b) => a - b));
    const wide = printed(seasonCoverage(), printCoverage, Number.POSITIVE_INFINITY).join('\n');
    expect(wide).toContain('phase 4   21.2 % of 198 expected complete (42); 17.3 % of all 243, target 88.1 %');
  });

  it('leaves out no problem without saying so', () => {
    const coverage = seasonCoverage();
    const open = coverage.tables.reduce((sum, table) => sum + table.expected - table.complete, 0);
    const text = printed(coverage, printCoverage, 200).join('\n');
    const shown = [...text.matchAll(/^ {2}.*\((\d+) dates\): /gm)].reduce((sum, match) => sum + Number(match[1]), 0);
    const single = text.match(/\d{4}-\d\d-\d\d: /g)?.length ?? 0;
    const left = Number(/and (\d+) more cells/.exec(text)?.[1] ?? 0);
    expect(shown + single + left).toBe(open);
  });

  it('names who fills a date now, and how to look', () => {
    const lines = printed(runningCoverage(), printCoverage, 200);
    expect(lines).toContain(
      'Running now: mlfs 21 Nov 2021, in backfill a8d2 by mira on the command line: backcourt backfill status a8d2',
    );
  });
});

describe('a chain of causes on a terminal', () => {
  it('has no line over 80 columns, however deep it is', () => {
    const why = whyOf('mlfs', '2021-12-02');
    const deep = why.chain.map((step, n) => ({ ...step, depth: n, notes: ['enough for a backfill '.repeat(9)] }));
    expect(tooWide(printed({ ...why, chain: deep }, printWhy, 80), 80)).toEqual([]);
  });
});

describe('text that is wrapped', () => {
  it('keeps all its letters', () => {
    fc.assert(
      fc.property(fc.oneof(hostile, fc.lorem({ maxCount: 60 })), fc.integer({ min: 10, max: 90 }), (text, columns) => {
        const letters = (all: string) => all.replaceAll(/\s/g, '');
        expect(letters(wrap(text, columns, 4).join(''))).toBe(letters(text));
      }),
    );
  });
});
