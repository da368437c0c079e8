import { describe, expect, it } from 'vitest';
import { exampleCommand, helpText } from '../../src/core/request/help.ts';
import { readBackfillRequest, readCoverageRequest } from '../../src/core/request/request.ts';
import { isRefusal } from '../../src/fault.ts';
import { context, readCommand } from '../support/read-requests.ts';
import { smallCatalogue, smallTable } from '../support/small-catalogue.ts';

describe('help', () => {
  it('has an example that works, of a table that can be filled', () => {
    expect(exampleCommand('/backfill', context)).toBe('/backfill mlfs 2021-11-02 2021-11-08');
    for (const command of ['/coverage', '/backfill'] as const) {
      const example = helpText(command, context).find((line) => line.startsWith('Example: '));
      expect(isRefusal(readCommand(example?.slice('Example: '.length) ?? ''))).toBe(false);
    }
  });

  it('has one before, on and after the first day of the first season, and without seasons', () => {
    const daily = new Map([['t', smallTable('t', { dates: 'daily', starts: '2022-01-01' })]]);
    const bare = { ...smallCatalogue, seasons: [], tables: daily };
    for (const catalogue of [smallCatalogue, bare, { ...bare, tables: new Map() }]) {
      for (const today of ['2000-01-01', '2021-10-19', '2021-10-20', '2022-01-03', '2040-01-01']) {
        const here = { catalogue, today };
        const [coverage, backfill] = [exampleCommand('/coverage', here), exampleCommand('/backfill', here)];
        expect([coverage, isRefusal(readCoverageRequest(coverage, here))]).toEqual([coverage, false]);
        expect([backfill, isRefusal(readBackfillRequest(backfill, here))]).toEqual([backfill, false]);
      }
    }
  });
});
