import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { addDays, daysBetween, groupRuns } from '../../../src/core/dates.ts';
import { type Cause, type Status, statuses, type Verdict } from '../../../src/core/verdict.ts';
import { closeIn, type Digest, sumChanges } from '../../../src/core/watch/digest.ts';
import { type KeptTable, readKept, writeKept } from '../../../src/core/watch/kept-state.ts';
import { compareTable, digestInstant, firstWatched, holesOf, lastDigestDue } from '../../../src/core/watch/watch.ts';
import { smallCatalogue, smallTable } from '../../support/small-catalogue.ts';

const start = '2022-01-01';

function verdict(date: string, status: Status, over: Partial<Verdict> = {}): Verdict {
  const reason = status === 'complete' ? null : 'never_run';
  const figures = { rows: 0, entities: 0, expected: null, rule: '', writtenAt: null };
  return { date, status, reason, also: [], failing: [], causes: [], notes: [], ...figures, ...over };
}
const days = (...of: readonly Status[]) => of.map((status, n) => verdict(addDays(start, n), status));
const look = (before: KeptTable | undefined, cells: readonly Verdict[], day: string) =>
  compareTable('t', before, cells, day);

const statusOf = fc.constantFrom(...statuses);
const looks = fc.array(fc.array(statusOf, { maxLength: 12 }), { minLength: 1, maxLength: 6 });

describe('what is kept of a table', () => {
  it('is the same after it was written and read', () => {
    const cell = fc.option(
      fc.record({ status: statusOf, since: fc.option(fc.constantFrom('2022-01-08', '2021-11-03')) }),
    );
    fc.assert(
      fc.property(fc.array(cell, { maxLength: 40 }), (cells) => {
        const kept = { from: start, cells };
        expect(readKept(writeKept(kept))).toEqual(kept);
      }),
    );
  });

  it('is short where neighbours are alike', () => {
    const cells = [...Array(500)].map(() => ({ status: 'complete', since: null }) as const);
    expect(writeKept({ from: start, cells })).toBe('2022-01-01 c500');
  });

  test.each(['', 'x', '2022-02-30 c1', '2022-01-01 q3', '2022-01-01 m1@2022-13-01', '2022-01-01 c'])(
    'is nothing where the text is none of ours: %j',
    (text) => expect(readKept(text)).toBeUndefined(),
  );
});

describe('the difference between two looks', () => {
  it('turns the holes of the first into those of the second, whatever happened in between', () => {
    fc.assert(
      fc.property(looks, (all) => {
        let before: KeptTable | undefined;
        all.forEach((of, n) => {
          const day = addDays('2022-02-01', n);
          const change = look(before, days(...of), day);
          const holes = new Map(holesOf(before).map(({ date, since }) => [date, since]));
          for (const { date } of [...change.mended, ...change.dropped]) expect(holes.delete(date)).toBe(true);
          for (const date of change.opened) holes.set(date, day);
          expect([...holes].sort()).toEqual(holesOf(change.after).map(({ date, since }) => [date, since]));
          expect(change.stillOpen.length + change.opened.length).toBe(holes.size);
          before = change.after;
        });
      }),
    );
  });

  it('tells nothing twice', () => {
    fc.assert(
      fc.property(fc.array(statusOf, { maxLength: 12 }), (of) => {
        const { after } = look(undefined, days(...of), '2022-02-01');
        const again = look(after, days(...of), '2022-02-02');
        expect([again.opened, again.mended, again.dropped]).toEqual([[], [], []]);
      }),
    );
  });

  it('finds a hole at any depth, and says when it is mended since when it was told of', () => {
    const { after } = look(undefined, days('complete', 'complete', 'missing'), '2022-02-01');
    const broken = look(after, days('tainted', 'complete', 'missing'), '2022-02-02');
    expect(broken).toMatchObject({ opened: ['2022-01-01'], stillOpen: [{ date: '2022-01-03', since: '2022-02-01' }] });
    const mended = look(broken.after, days('complete', 'complete', 'not_expected'), '2022-02-03');
    expect(mended).toMatchObject({
      opened: [],
      stillOpen: [],
      mended: [{ date: '2022-01-01', since: '2022-02-02' }],
      dropped: [{ date: '2022-01-03', since: '2022-02-01' }],
    });
  });

  it('is news where the rows of a hole are gone, and none where a hole is of another kind', () => {
    const { after } = look(undefined, days('tainted', 'missing'), '2022-02-01');
    const next = look(after, days('missing', 'thin'), '2022-02-02');
    expect([next.opened, next.stillOpen.map(({ date }) => date)]).toEqual([['2022-01-01'], ['2022-01-02']]);
  });

  it('leaves a table that could not be read as it was', () => {
    const { after } = look(undefined, days('complete', 'missing'), '2022-02-01');
    const unread = look(after, days('unknown', 'unknown'), '2022-02-02');
    expect(unread).toMatchObject({ isUnread: true, opened: [], mended: [], dropped: [], after });
    expect(unread.stillOpen).toHaveLength(1);
  });

  it('takes nothing for a hole that hangs on a failed read', () => {
    const { after } = look(undefined, days('complete', 'complete'), '2022-02-01');
    const unreadable: Cause = { table: 'up', date: start, reason: 'unreadable', have: null, need: null };
    const cells = [
      verdict(start, 'blocked', { reason: 'upstream_unknown' }),
      verdict(addDays(start, 1), 'blocked', { reason: 'upstream_missing', causes: [unreadable] }),
    ];
    expect(look(after, cells, '2022-02-02')).toMatchObject({ isUnread: false, opened: [], after });
  });
});

describe('a digest that was posted', () => {
  it('says of its own holes which have closed, and nothing of others', () => {
    const change = look({ from: start, cells: [] }, days('missing', 'missing', 'complete'), '2022-02-01');
    const digest: Digest = {
      ...{
        day: '2022-02-01',
        tables: ['t'],
        from: start,
        asOf: '',
        first: [],
        groups: [],
        unread: [],
        closed: [],
        offers: {},
      },
      ...sumChanges([change]),
    };
    const runs = groupRuns(daysBetween('2022-01-02', '2022-01-03'));
    const closed = closeIn(digest, [{ table: 't', runs }], '2022-02-02').closed;
    expect(closed).toEqual([{ table: 't', runs: [{ from: '2022-01-02', to: '2022-01-02' }], day: '2022-02-02' }]);
    expect(closeIn(digest, [{ table: 'other', runs }], '2022-02-02')).toBe(digest);
  });
});

describe('a digest is due', () => {
  const catalogue = { ...smallCatalogue, watchAt: '07:30' };
  test.each([
    ['2022-01-08T12:29:59Z', '2022-01-07'],
    ['2022-01-08T12:30:00Z', '2022-01-08'],
    ['2022-07-08T11:30:00Z', '2022-07-08'],
  ])('by the clock of the pipeline: at %s that of %s', (now, day) => {
    expect(lastDigestDue(catalogue, Date.parse(now)).day).toBe(day);
  });

  it('once on days that are an hour shorter or longer, and at eight where nothing is said', () => {
    const skipped = { ...smallCatalogue, watchAt: '02:30' };
    expect(new Date(digestInstant(skipped, '2022-03-13')).toISOString()).toBe('2022-03-13T07:30:00.000Z');
    expect(new Date(digestInstant(smallCatalogue, '2022-01-08')).toISOString()).toBe('2022-01-08T13:00:00.000Z');
  });
});

describe('the first date that is watched', () => {
  it("is that of the first season, of a table's own start, or a year ago", () => {
    const daily = smallTable('daily', { dates: 'daily', starts: '2020-05-01' });
    const { starts: _, ...other } = daily;
    const tables = new Map([...smallCatalogue.tables, ['daily', daily], ['other', { ...other, alias: 'other' }]]);
    const first = (names: string[], seasons = smallCatalogue.seasons) =>
      firstWatched({ ...smallCatalogue, tables, seasons }, names, '2022-05-01');
    expect(first(['mlfs'])).toBe('2021-10-19');
    expect(first(['mlfs', 'daily'])).toBe('2020-05-01');
    expect(first(['other'], [])).toBe('2021-04-30');
  });
});
