import { describe, expect, it } from 'vitest';
import { exampleCommand, helpText } from '../../../src/core/request/help.ts';
import { allOptionNames } from '../../../src/core/request/options.ts';
import { readBackfillRequest, readCoverageRequest } from '../../../src/core/request/request.ts';
import { isRefusal } from '../../../src/fault.ts';
import { helpMessage } from '../../../src/messages/plain-messages.ts';
import { context, readCommand } from '../../support/read-requests.ts';
import { smallCatalogue, smallTable } from '../../support/small-catalogue.ts';

describe('help', () => {
  it('has an example that works, of a table that can be filled', () => {
    expect(exampleCommand('/backfill', context)).toBe('/backfill mlfs 2021-11-02 2021-11-08');
    for (const command of ['/coverage', '/backfill'] as const) {
      const example = helpText(command, context).find((line) => line.startsWith('Example: '));
      expect(isRefusal(readCommand(example?.slice('Example: '.length) ?? ''))).toBe(false);
    }
  });

  it('fits a message, and names nothing but options and verbs that are read', () => {
    for (const command of ['/coverage', '/backfill'] as const) {
      const text = helpText(command, context);
      expect(text.filter((line) => line.length > 250)).toEqual([]);
      expect(helpMessage(text).text).not.toContain('more lines');
      const options = text.flatMap((line) => [...line.matchAll(/--([a-z-]+)/g)].map((found) => found[1] ?? ''));
      expect(options.filter((name) => !Object.hasOwn(allOptionNames, name))).toEqual([]);
      const verbs = text.flatMap((line) => [...line.matchAll(/([a-z]+) <id>/g)].map((found) => found[1] ?? ''));
      expect(verbs.length).toBeGreaterThan(0);
      for (const verb of verbs) expect([verb, isRefusal(readCommand(`${command} ${verb} b1`))]).toEqual([verb, false]);
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
