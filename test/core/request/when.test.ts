import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addDays, dateIn, daysBetween, isDate } from '../../../src/core/dates.ts';
import { isProblem } from '../../../src/core/request/split-words.ts';
import { readWhen, type When, writeDates } from '../../../src/core/request/when.ts';
import { smallCatalogue } from '../../support/small-catalogue.ts';

const catalogue = smallCatalogue;
/** A Wednesday, in the second season. */
const today = '2023-03-15';

function read(text: string, on = today): When {
  const when = readWhen(text, { catalogue, today: on });
  if (isProblem<string>(when)) throw new Error(when.problem);
  return when;
}

function range(text: string, on = today): string {
  return writeDates(read(text, on).dates);
}

describe('the dates of a request', () => {
  it.each([
    ['2021-11-16', '2021-11-16'],
    ['2021-11-01 2021-11-30', '2021-11-01..2021-11-30'],
    ['2021-11-01..2021-11-30', '2021-11-01..2021-11-30'],
    ['2021-11-01 .. 2021-11-30', '2021-11-01..2021-11-30'],
    ['2021-11-01 to 2021-11-30', '2021-11-01..2021-11-30'],
    ['2021-11-01 until 2021-11-30', '2021-11-01..2021-11-30'],
    ['from 2021-11-01 to 2021-11-30', '2021-11-01..2021-11-30'],
    ['2021-11-01-2021-11-30', '2021-11-01..2021-11-30'],
    ['2021-11-01 - 2021-11-30', '2021-11-01..2021-11-30'],
    ['2021-11-16,2021-11-18', '2021-11-16,2021-11-18'],
    ['2021-11-18 , 2021-11-16, 2021-11-16,', '2021-11-16,2021-11-18'],
    ['2021-11-01..2021-11-03,2021-11-05', '2021-11-01..2021-11-03,2021-11-05'],
    ['nov 2021', '2021-11-01..2021-11-30'],
    ['November 2021', '2021-11-01..2021-11-30'],
    ['sept 2022', '2022-09-01..2022-09-30'],
    ['2021-11', '2021-11-01..2021-11-30'],
    ['2021-11..2022-01', '2021-11-01..2022-01-31'],
    ['nov 2021, 2022-02', '2021-11-01..2021-11-30,2022-02-01..2022-02-28'],
    ['season 2021-22', '2021-10-19..2022-06-16'],
    ['today', '2023-03-15'],
    ['yesterday', '2023-03-14'],
    ['2023-03-01..yesterday', '2023-03-01..2023-03-14'],
    ['last 1 day', '2023-03-14'],
    ['last 7 days', '2023-03-08..2023-03-14'],
    ['last week', '2023-03-06..2023-03-12'],
    ['last month', '2023-02-01..2023-02-28'],
    ['week of 2022-01-03', '2022-01-03..2022-01-09'],
    ['week of 2022-01-09', '2022-01-03..2022-01-09'],
  ])('are read: %s', (text, expected) => {
    expect(range(text)).toBe(expected);
  });

  it('end yesterday for a season that is not over', () => {
    expect(range('season 2022-23')).toBe('2022-10-18..2023-03-14');
    expect(range('season 2022-23', '2023-06-13')).toBe('2022-10-18..2023-06-12');
    expect(range('season 2022-23', '2022-10-19')).toBe('2022-10-18');
    expect(readWhen('season 2022-23', { catalogue, today: '2022-10-18' })).toMatchObject({
      instead: ['season 2021-22'],
    });
  });

  it('take leap days', () => {
    expect(range('last month', '2024-03-31')).toBe('2024-02-01..2024-02-29');
    expect(range('feb 2024')).toBe('2024-02-01..2024-02-29');
    expect(range('2024-02-29')).toBe('2024-02-29');
    expect(range('last month', '2023-01-31')).toBe('2022-12-01..2022-12-31');
  });

  it('mean "yesterday" in the zone that they are read for', () => {
    const instant = Date.UTC(2023, 2, 15, 2);
    expect(range('yesterday', dateIn('America/New_York', instant))).toBe('2023-03-13');
    expect(range('yesterday', dateIn('UTC', instant))).toBe('2023-03-14');
    expect(range('yesterday', dateIn('Pacific/Kiritimati', Date.UTC(2023, 2, 15, 10)))).toBe('2023-03-15');
  });

  it('are repeated in words, with their number', () => {
    expect(read('nov 2021').said).toBe('1-30 Nov 2021 (30 dates)');
    expect(read('2021-11-16').said).toBe('16 Nov 2021');
    expect(read('nov 2021')).toMatchObject({ from: '2021-11-01', to: '2021-11-30' });
  });

  it.each([
    ['11/01/2021', /2021-11-01 or 2021-01-11/, '2021-11-01'],
    ['25/12/2021', /written 2021-12-25/, '2021-12-25'],
    ['1.11.21', /2021-01-11 or 2021-11-01/, '2021-01-11'],
    ['2021-02-30', /2021-02 has 28 days/, '2021-02-28'],
    ['2024-02-30', /2024-02 has 29 days/, '2024-02-29'],
    ['2021-13-01', /no month 13/, '2021-01-13'],
    ['2021-11-30..2021-11-01', /reversed/, '2021-11-01..2021-11-30'],
    ['2021-11-30 2021-11-01', /reversed/, '2021-11-01..2021-11-30'],
    ['2021/11/16', /written 2021-11-16/, '2021-11-16'],
    ['20211116', /written 2021-11-16/, '2021-11-16'],
    ['2021-11-1', /written 2021-11-01/, '2021-11-01'],
    ['2021-11-16T10:00:00Z', /written 2021-11-16/, '2021-11-16'],
    ['16 nov 2021', /did you mean 2021-11-16/, '2021-11-16'],
    ['nov 16, 2021', /did you mean 2021-11-16/, '2021-11-16'],
    ['dec 25th,2021', /did you mean 2021-12-25/, '2021-12-25'],
    ['nov 16th 2021', /did you mean 2021-11-16/, '2021-11-16'],
    ['1-30 Nov 2021', /did you mean 2021-11-01..2021-11-30/, '2021-11-01..2021-11-30'],
    ['novmber 2021', /did you mean 2021-11/, '2021-11'],
    ['nov', /needs a year/, '2022-11'],
    ['2021-22', /season 2021-22/, 'season 2021-22'],
    ['2022', /a year is written as a range/, '2022-01-01..2022-12-31'],
    ['season 2030-31', /no season "2030-31"; the seasons are 2021-22, 2022-23/, 'season 2022-23'],
    ['last season', /did you mean season 2022-23/, 'season 2022-23'],
    ['last 2 weeks', /last 14 days/, 'last 14 days'],
    ['last 0 days', /last 7 days/, 'last 7 days'],
    ['this month', /did you mean/, '2023-03-01..2023-03-15'],
    ['yesteday', /did you mean yesterday/, 'yesterday'],
    ['2021-11-01..', /last date too/, '2021-11-01..2023-03-14'],
    ['..2021-11-01', /first date too/, '2021-10-19..2021-11-01'],
    ['2021-11-01 2021-11-02 2021-11-03', /commas/, '2021-11-01,2021-11-02,2021-11-03'],
    ['2021-11-16,2021-02-30', /2021-02 has 28/, '2021-11-16,2021-02-28'],
    ['2019-11-01', /before the first season \(2021-22\), which starts on 2021-10-19/, '2021-10-19'],
    ['2021-10-01..2021-10-31', /before the first season/, '2021-10-19..2021-10-31'],
    ['last 4000 days', /4000 dates; one request may have 3660/, '2013-03-07..2023-03-14'],
    ['last 999999999999 days', /one request may have 3660/, '2013-03-07..2023-03-14'],
    ['9999-12-30..9999-12-31,week of 9999-12-31', /9999-12-31/, 'yesterday'],
    [' , ,', /empty/, 'yesterday'],
    ['soon', /not a date that can be read/, undefined],
  ])('are not guessed: %s', (text, problem, instead) => {
    const when = readWhen(text, { catalogue, today });
    if (!isProblem<string>(when)) throw new Error(`read as ${when.said}`);
    expect(when.problem).toMatch(problem);
    if (instead !== undefined) expect(when.instead[0]).toBe(instead);
  });

  it('have no first date where the catalogue names none', () => {
    const bare = { ...catalogue, seasons: [] };
    expect(readWhen('1999-01-01', { catalogue: bare, today })).toMatchObject({ from: '1999-01-01' });
  });

  it('survive being written and read again', () => {
    const date = fc.integer({ min: 0, max: 900 }).map((n) => addDays('2021-10-19', n));
    fc.assert(
      fc.property(fc.array(date, { minLength: 1, maxLength: 60 }), (dates) => {
        const sorted = [...new Set(dates)].sort();
        expect(read(writeDates(dates)).dates).toEqual(sorted);
      }),
    );
  });

  it('are every date of a range and all real', () => {
    const day = fc.integer({ min: 0, max: 3000 });
    fc.assert(
      fc.property(day, fc.integer({ min: 0, max: 600 }), (start, length) => {
        const from = addDays('2021-10-19', start);
        const to = addDays(from, length);
        const { dates } = read(`${from} ${to}`);
        expect(dates).toEqual(daysBetween(from, to));
        expect(dates.every(isDate)).toBe(true);
      }),
    );
  });
});
