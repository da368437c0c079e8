import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addDays } from '../../../src/core/dates.ts';
import type { Remark } from '../../../src/core/quality/quality-report.ts';
import { daysAround, remarkDates } from '../../../src/core/quality/remarks.ts';
import { comparedDates, type Had } from '../../support/compared-dates.ts';

const monday = '2021-11-01';
const good: Had = {};
const times = (n: number, had: Had | null): (Had | null)[] => Array(n).fill(had);

/** The remarks of all dates. */
function remark(had: readonly (Had | null)[]): Remark[] {
  const all = comparedDates(monday, had);
  const remarks = remarkDates(new Set(all.map(({ figures }) => figures.date)), all);
  return [...remarks.values()].flat();
}

const brief = ({ date, what, have, usual, against }: Remark) => [date.slice(5), what, have, usual, against];

describe('a remark', () => {
  it('is made of a column that is NULL, 0, or the same everywhere on one date, once per column', () => {
    const said = (had: Had) => remark([...times(8, good), had, ...times(8, good)]);
    expect(said({ nulls: 199, distinct: 1 })).toEqual([
      {
        date: '2021-11-09',
        column: 'minutes',
        what: 'nulls',
        have: 199,
        usual: 0,
        rows: 200,
        against: 'both',
        lasts: false,
      },
    ]);
    expect(said({ zeros: 200, distinct: 1 }).map(brief)).toEqual([['11-09', 'zeros', 200, 0, 'both']]);
    expect(said({ distinct: 2 }).map(brief)).toEqual([['11-09', 'few_values', 2, 40, 'both']]);
  });

  it('says what is usual on a date of this size', () => {
    const had = times(17, { rows: 100, zeros: 3 }).with(8, { rows: 150, zeros: 150, distinct: 1 });
    expect(remark(had).map(brief)).toEqual([['11-09', 'zeros', 150, 4.5, 'both']]);
  });

  it('is made of a flag share that falls or rises on some dates', () => {
    const flags = [...times(9, good), { ready: 20 }, ...times(9, good), { ready: 100 }, ...times(9, good)];
    expect(remark(flags).map(brief)).toEqual([
      ['11-10', 'flag', 20, 160, 'both'],
      ['11-20', 'flag', 100, 160, 'both'],
    ]);
    const rare = times(17, { ready: 2 }).with(8, { ready: 200 });
    expect(remark(rare).map(brief)).toEqual([['11-09', 'flag', 200, 2, 'both']]);
  });

  it('is made of rows by game, so that neither a short slate nor a long one is odd and four times too many are', () => {
    const slates = [4, 11, 3, 12, 7, 1, 9, 8, 11, 5, 2, 13, 6].map((games): Had => ({ games, rows: 2 * games }));
    expect(remark(slates)).toEqual([]);
    expect(remark(slates.with(8, { games: 11, rows: 88 })).map(brief)).toEqual([['11-09', 'rows', 88, 22, 'both']]);
    expect(remark(slates.with(8, { games: 11, rows: 6 })).map(brief)).toEqual([['11-09', 'rows', 6, 22, 'both']]);
  });

  it('is made of every date of a stretch, and at the end of what there is', () => {
    const days = (remarks: readonly Remark[]) => remarks.map(({ date }) => date.slice(8)).join(' ');
    expect(days(remark([...times(8, good), ...times(6, { nulls: 200 }), ...times(8, good)]))).toBe('09 10 11 12 13 14');
    expect(remark([...times(8, good), ...times(2, { nulls: 200 })]).map(brief)).toEqual([
      ['11-09', 'nulls', 200, 0, 'before'],
      ['11-10', 'nulls', 200, 0, 'before'],
    ]);
  });

  it('is made of the date of the change where a column changed for good', () => {
    const old = { nulls: 199, distinct: 1 };
    const mended = { rows: 312, nulls: 2 };
    const [said, ...others] = remark([...times(12, old), ...times(12, mended)]);
    expect(others).toEqual([]);
    expect(said).toMatchObject({ date: '2021-11-12', what: 'nulls', have: 199, against: 'after', lasts: true });
    expect(remark([...times(12, good), ...times(12, old)])).toMatchObject([
      { date: '2021-11-13', what: 'nulls', have: 199, usual: 0, against: 'before', lasts: true },
    ]);
    // A table may grow, and its flags be raised, without the time before being wrong.
    expect(remark([...times(12, { ready: 20 }), ...times(12, { ready: 180 })])).toEqual([]);
    expect(remark([...times(12, { rows: 50 }), ...times(12, { rows: 200 })])).toEqual([]);
  });

  it('is not made of what is low and normal', () => {
    // 898 of 4,782 rows were ready in November 2021, by date between a tenth and a third.
    const shares = [0.18, 0.12, 0.24, 0.19, 0.33, 0.1, 0.17, 0.22, 0.15, 0.2, 0.28, 0.13, 0.19, 0.16];
    expect(remark(shares.map((share) => ({ rows: 171, ready: Math.round(171 * share) })))).toEqual([]);
  });

  it('is not made where there are fewer than three neighbours, or few rows', () => {
    expect(remark([good, { nulls: 200 }, good])).toEqual([]);
    expect(remark([good, { nulls: 200 }, good, good])).toHaveLength(1);
    const few: Had = { rows: 4 };
    expect(remark([...times(5, few), { rows: 4, nulls: 4, zeros: 0, ready: 0 }, ...times(5, few)])).toEqual([]);
    expect(remark([good, good, ...times(25, null), { nulls: 200 }, good])).toEqual([]);
  });

  it('is not made of dates without rows, nor does it count them as neighbours', () => {
    const none: Had = { rows: 0 };
    expect(remark([...times(4, good), none, none, ...times(4, good)])).toEqual([]);
    expect(remark([good, none, { nulls: 200 }, none, good])).toEqual([]);
  });

  it('is not made of a rhythm of the week', () => {
    const week = [...times(5, { rows: 1000 }), { rows: 90 }, { rows: 110 }];
    const weeks = [...week, ...week, ...week, ...week];
    expect(remark(weeks)).toEqual([]);
    const closed = [...times(6, { rows: 1000 }), { rows: 12 }];
    expect(remark([...closed, ...closed, ...closed])).toEqual([]);
    expect(remark(weeks.with(9, { rows: 10 })).map(({ date }) => date)).toEqual(['2021-11-10']);
  });

  it('is not made of how a season begins: few of everything, and more by the day', () => {
    const ramp = [0, 0, 5, 32, 46, 48, 49, 47, 48, 50, 49, 48].map((ready) => ({
      rows: 100,
      ready,
      nulls: 100 - ready,
    }));
    expect(remark(ramp)).toEqual([]);
  });
});

const anyHad = fc
  .record({ games: fc.integer({ min: 1, max: 15 }), perGame: fc.integer({ min: 1, max: 40 }), share: fc.nat(100) })
  .map(({ games, perGame, share }): Had => {
    const rows = games * perGame;
    const part = Math.floor((rows * share) / 100);
    return { games, rows, ready: part, nulls: rows - part, zeros: part, distinct: part };
  });

describe('any date', () => {
  it('that equals its neighbours gets no remark', () => {
    fc.assert(
      fc.property(anyHad, fc.integer({ min: 1, max: 60 }), fc.array(fc.nat(60)), (had, days, holes) => {
        expect(remark(times(days, had).map((each, i) => (holes.includes(i) ? null : each)))).toEqual([]);
      }),
    );
  });

  it('that equals all dates within three weeks gets none, whatever is beyond', () => {
    fc.assert(
      fc.property(anyHad, fc.array(anyHad, { maxLength: 12 }), fc.array(anyHad, { maxLength: 12 }), (had, a, b) => {
        const all = comparedDates(monday, [...a, ...times(2 * daysAround + 1, had), ...b]);
        const middle = addDays(monday, a.length + daysAround);
        expect(remarkDates(new Set([middle]), all).size).toBe(0);
      }),
    );
  });

  it('has the same remarks however many are asked together', () => {
    fc.assert(
      fc.property(fc.array(anyHad, { minLength: 5, maxLength: 60 }), fc.nat(), (had, at) => {
        const all = comparedDates(monday, had);
        const date = addDays(monday, at % had.length);
        const [first, last] = [addDays(date, -daysAround), addDays(date, daysAround)];
        const around = all.filter(({ figures }) => first <= figures.date && figures.date <= last);
        const together = remarkDates(new Set(all.map(({ figures }) => figures.date)), all);
        expect(remarkDates(new Set([date]), around).get(date)).toEqual(together.get(date));
      }),
    );
  });
});
