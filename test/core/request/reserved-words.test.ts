import { describe, expect, it } from 'vitest';
import { readCatalogue } from '../../../src/core/catalogue/read-catalogue.ts';
import { reservedWords } from '../../../src/core/request/open-command.ts';
import { readBackfillRequest, readCoverageRequest } from '../../../src/core/request/request.ts';
import { isRefusal } from '../../../src/fault.ts';
import { smallCatalogue, smallTable } from '../../support/small-catalogue.ts';

const fileOf = (alias: string) => `
pipeline: p
title: P
time_zone: UTC
tables:
  ${alias}: { title: T, table: a.t, date_column: d, key: [k], dates: daily, starts: 2022-01-01 }
`;

describe('a word of requests', () => {
  it('is refused as the name of a table, which nobody could ask for', () => {
    expect(readCatalogue(fileOf('scores')).ok).toBe(true);
    for (const word of reservedWords) {
      const read = readCatalogue(fileOf(word));
      expect(read.ok ? [] : read.problems).toEqual([
        { path: `tables.${word}`, problem: expect.stringContaining('is a word of requests') },
      ]);
      const tables = new Map([[word, smallTable(word)]]);
      const context = { catalogue: { ...smallCatalogue, tables }, today: '2022-11-20' };
      const asked = `${word} 2021-11-16`;
      const readings = [readCoverageRequest(asked, context), readBackfillRequest(asked, context)];
      const ofTable = readings.filter((reading) => !isRefusal(reading) && 'table' in reading && reading.table === word);
      expect([word, ofTable]).toEqual([word, []]);
    }
  });
});
