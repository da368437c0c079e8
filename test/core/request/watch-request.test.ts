import { describe, expect, it } from 'vitest';
import { readCoverageRequest } from '../../../src/core/request/request.ts';
import { writeRequest } from '../../../src/core/request/write-request.ts';
import { isRefusal } from '../../../src/fault.ts';
import { brief, context, readCommand, refused } from '../../support/read-requests.ts';

const read = (text: string) => readCoverageRequest(text, context);

describe('a request to watch', () => {
  it.each([
    ['watch mlfs', { what: 'mlfs', tables: ['mlfs'], off: false }, '/coverage watch mlfs'],
    ['WATCH MLFS OFF', { what: 'mlfs', tables: ['mlfs'], off: true }, '/coverage watch mlfs off'],
    ['watch pcf, pdc', { what: 'pcf,pdc', tables: ['pcf', 'pdc'], off: false }, '/coverage watch pcf,pdc'],
    ['watch phase 4 off', { what: 'phase4', tables: ['psza', 'pcf', 'pdc'], off: true }, '/coverage watch phase4 off'],
  ])('names tables: %s', (text, expected, written) => {
    const request = read(text);
    expect(request).toEqual({ verb: 'watch', ...expected });
    if (isRefusal(request)) throw new Error(request.message);
    expect(writeRequest(request, '/coverage')).toBe(written);
    expect(readCommand(written)).toEqual(request);
  });

  it.each(['watch', 'watches', 'backcourt coverage watch'])('lists what is watched here: %s', (text) => {
    expect(read(text)).toEqual({ verb: 'watches' });
    expect(writeRequest({ verb: 'watches' }, '/coverage')).toBe('/coverage watch');
  });

  it.each([
    ['watch off', /Which table/, '/coverage watch'],
    ['watch mlsf off', /Did you mean mlfs/, '/coverage watch mlfs off'],
    ['watch mlfs on', /`off` to end it/, '/coverage watch mlfs'],
    ['watch mlfs 2021-11-16', /no dates/, '/coverage watch mlfs'],
    ['watch mlfs last 7 days', /no dates/, '/coverage watch mlfs'],
    ['watch yesterday', /no dates/, '/coverage watch'],
    ['watch mlfs --rules-as-of 2021-11-01', /`watch` takes no options/, '/coverage watch mlfs'],
    ['wach mlfs', /the verb watch/, '/coverage watch mlfs'],
  ])('is refused with a command that works: %s', (text, message, instead) => {
    const refusal = refused(read(text));
    expect(refusal.message).toMatch(message);
    expect(refusal.try).toBe(instead);
    expect(isRefusal(readCommand(instead))).toBe(false);
  });
});

describe('--rules-as-of', () => {
  it.each([
    ['mlfs 2021-11-16 --rules-as-of 2021-12-01', '/coverage mlfs 2021-11-16 --rules-as-of 2021-12-01'],
    ['--rules-as-of=2021-12-01 why mlfs 2021-11-16', '/coverage why mlfs 2021-11-16 --rules-as-of 2021-12-01'],
    [
      'plan mlfs nov 2021 --rules-as-of 2022-11-20',
      '/coverage plan mlfs 2021-11-01..2021-11-30 --rules-as-of 2022-11-20',
    ],
  ])('is kept: %s', (text, written) => {
    const request = read(text);
    if (isRefusal(request)) throw new Error(request.message);
    expect(request).toHaveProperty('rulesAsOf', written.slice(-10));
    expect(writeRequest(request, '/coverage')).toBe(written);
    expect(readCommand(written)).toEqual(request);
  });

  it('is absent where it is not given', () => {
    for (const text of ['mlfs 2021-11-16', 'why mlfs 2021-11-16', 'plan mlfs 2021-11-16'])
      expect(read(text)).not.toHaveProperty('rulesAsOf');
  });

  it.each([
    ['why mlfs 2021-11-16 --rules-as-of 2022-11-21', /2022-11-21 is after today/, '/coverage why mlfs 2021-11-16'],
    [
      'mlfs 2021-11-16 --rules-as-of yesterday',
      /takes one date, as YYYY-MM-DD, not "yesterday"/,
      '/coverage mlfs 2021-11-16 --rules-as-of 2022-11-19',
    ],
    [
      'mlfs 2021-11-16 --rules-as-of 12/31/2021',
      /takes one date/,
      '/coverage mlfs 2021-11-16 --rules-as-of 2021-12-31',
    ],
    [
      'plan mlfs 2021-11-16 --rules-as-of 2022-02-30',
      /takes one date/,
      '/coverage plan mlfs 2021-11-16 --rules-as-of 2022-02-28',
    ],
    ['mlfs 2021-11-16 --rules-as-of', /needs a value/, '/coverage mlfs 2021-11-16'],
    [
      'quality mlfs 2021-11-16 --rules-as-of 2021-11-01',
      /belongs to \/coverage, why and plan/,
      '/coverage quality mlfs 2021-11-16',
    ],
  ])('is refused with a command that works: %s', (text, message, instead) => {
    const refusal = refused(read(text));
    expect(refusal.message).toMatch(message);
    expect(refusal.try).toBe(instead);
    expect(isRefusal(readCommand(instead))).toBe(false);
  });

  it('is no option of a backfill, and takes its date along when it goes', () => {
    const refusal = refused(readCommand('/backfill mlfs 2021-11-16 --rules-as-of 2021-11-01'));
    expect(refusal.try).toBe('/backfill mlfs 2021-11-16');
  });
});

describe('a verb with a slip in it', () => {
  it.each([
    ['plna mlfs 2021-11-16', '/coverage plan mlfs 2021-11-16'],
    ['qualty mlfs nov 2021', '/coverage quality mlfs nov 2021'],
    ['acepted', '/coverage accepted'],
    ['mlsf 2021-11-16', '/coverage mlfs 2021-11-16'],
    ['phase 4 2022-02-30', '/coverage phase4 2022-02-28'],
  ])('is not taken for a table: %s', (text, instead) => {
    expect(refused(read(text)).try).toBe(instead);
  });

  it.each(['--help', '-h', 'mlfs --help', 'plan --HELP'])('is none in %s, which is a question for help', (text) => {
    expect(brief(read(text))).toBe('help');
  });
});
