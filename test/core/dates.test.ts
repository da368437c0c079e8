import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  addDays,
  dateIn,
  daysBetween,
  endOfDay,
  fromDay,
  groupRuns,
  isDate,
  isZone,
  sayDates,
  toDay,
  weekday,
} from '../../src/core/dates.ts';

const someDay = fc.integer({ min: toDay('0001-01-01'), max: toDay('9999-12-31') });

describe('a calendar date', () => {
  it('is a text of four, two and two digits that exists', () => {
    const real = ['2021-11-16', '2024-02-29', '2000-02-29', '0001-01-01', '9999-12-31'];
    const not = ['2021-02-29', '1900-02-29', '2021-11-31', '2021-13-01', '2021-00-10', '2021-1-01', '0000-01-01', ''];
    expect(real.filter(isDate)).toEqual(real);
    expect([...not, '2021-11-16 ', '2021-11-16T00:00:00Z', '２０２１-11-16', '2021-11-00'].filter(isDate)).toEqual([]);
  });

  it('is counted in days from 1970-01-01 on', () => {
    expect([toDay('1970-01-01'), toDay('1969-12-31'), toDay('2000-03-01')]).toEqual([0, -1, 11017]);
  });

  it('comes back from its day, and agrees with the Date object in UTC', () => {
    fc.assert(
      fc.property(someDay, (day) => {
        const date = fromDay(day);
        expect(isDate(date)).toBe(true);
        expect(toDay(date)).toBe(day);
        expect(date).toBe(new Date(day * 86_400_000).toISOString().slice(0, 10));
        expect(weekday(date)).toBe(new Date(day * 86_400_000).getUTCDay() || 7);
      }),
    );
  });

  it('can be moved over leap days and years', () => {
    expect(addDays('2024-02-28', 1)).toBe('2024-02-29');
    expect(addDays('2021-02-28', 1)).toBe('2021-03-01');
    expect(addDays('2022-01-01', -1)).toBe('2021-12-31');
    expect(daysBetween('2021-12-30', '2022-01-02')).toEqual(['2021-12-30', '2021-12-31', '2022-01-01', '2022-01-02']);
    expect(daysBetween('2022-01-02', '2022-01-01')).toEqual([]);
  });
});

describe('a zone', () => {
  it('is an IANA name and not an offset', () => {
    expect(['America/New_York', 'Pacific/Kiritimati', 'UTC'].every(isZone)).toBe(true);
    expect(['+02:00', 'America/Nowhere', '', 'x', '2021-11-16T00:00Z[UTC]'].some(isZone)).toBe(false);
  });

  it('has its own date at an instant', () => {
    const instant = Date.UTC(2021, 10, 30, 4, 30);
    expect(dateIn('America/New_York', instant)).toBe('2021-11-29');
    expect(dateIn('UTC', instant)).toBe('2021-11-30');
    expect(dateIn('Pacific/Kiritimati', Date.UTC(2021, 10, 30, 10))).toBe('2021-12-01');
  });

  it('ends its dates at its own midnight, on days of 23 and 25 hours too', () => {
    expect(endOfDay('America/New_York', '2021-11-06')).toBe(Date.UTC(2021, 10, 7, 4));
    expect(endOfDay('America/New_York', '2021-11-07')).toBe(Date.UTC(2021, 10, 8, 5));
    expect(endOfDay('America/New_York', '2022-03-13')).toBe(Date.UTC(2022, 2, 14, 4));
    expect(endOfDay('Pacific/Kiritimati', '2021-12-31')).toBe(Date.UTC(2021, 11, 31, 10));
  });

  it('goes on with the next date at the instant when a date ends, where midnight is skipped too', () => {
    // In Beirut the clocks go from 23:59:59 to 01:00.
    for (const [zone, date] of [
      ['Asia/Beirut', '2021-03-27'],
      ['America/New_York', '2021-11-07'],
      ['Pacific/Apia', '2011-12-28'],
    ] as const) {
      const end = endOfDay(zone, date);
      expect([dateIn(zone, end - 1), dateIn(zone, end)]).toEqual([date, addDays(date, 1)]);
    }
  });
});

describe('dates in words', () => {
  const said = (...parts: readonly string[]) =>
    sayDates(
      parts.flatMap((part) => {
        const [from = part, to = from] = part.split('..');
        return daysBetween(from, to);
      }),
    );

  it('are grouped in runs, in any order and without repetition', () => {
    expect(groupRuns(['2021-11-03', '2021-11-01', '2021-11-02', '2021-11-02', '2021-11-05'])).toEqual([
      { from: '2021-11-01', to: '2021-11-03' },
      { from: '2021-11-05', to: '2021-11-05' },
    ]);
  });

  it('say month and year once', () => {
    expect(said()).toBe('no dates');
    expect(said('2021-11-16')).toBe('16 Nov 2021');
    expect(said('2021-11-01..2021-11-30')).toBe('1-30 Nov 2021');
    expect(said('2021-11-02..2021-11-09', '2021-11-11', '2021-11-16')).toBe('2-9, 11, 16 Nov 2021');
    expect(said('2021-11-30..2021-12-02')).toBe('30 Nov - 2 Dec 2021');
    expect(said('2021-12-30..2022-01-02')).toBe('30 Dec 2021 - 2 Jan 2022');
  });

  it('never leave a month open', () => {
    expect(said('2021-11-16', '2021-12-01')).toBe('16 Nov, 1 Dec 2021');
    expect(said('2021-11-16', '2022-11-16')).toBe('16 Nov 2021, 16 Nov 2022');
    expect(said('2021-11-02', '2021-11-30..2021-12-01')).toBe('2 Nov, 30 Nov - 1 Dec 2021');
    expect(said('2021-11-30..2021-12-02', '2021-12-05')).toBe('30 Nov - 2 Dec, 5 Dec 2021');
    expect(said('2021-12-30..2022-01-02', '2022-01-05')).toBe('30 Dec 2021 - 2 Jan 2022, 5 Jan 2022');
    expect(said('2021-11-05', '2021-12-30..2022-01-02')).toBe('5 Nov 2021, 30 Dec 2021 - 2 Jan 2022');
  });

  it('count what is more than six runs, and do not count a single run that could be said', () => {
    const odd = (n: number) => Array.from({ length: n }, (_, i) => `2021-11-${String(2 * i + 1).padStart(2, '0')}`);
    expect(said(...odd(7))).toBe('1, 3, 5, 7, 9, 11, 13 Nov 2021');
    expect(said(...odd(12))).toBe('1, 3, 5, 7, 9, 11 Nov 2021 and 6 more');
  });
});
