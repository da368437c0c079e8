import { describe, expect, it } from 'vitest';
import type { BackfillCell } from '../../../src/core/backfill/backfill.ts';
import { groupFailures, groupKept, normaliseDetail } from '../../../src/core/backfill/failures.ts';

type Bad = readonly [cell: string, detail: string, more?: Partial<BackfillCell>];

/** Failed cells, in the order in which they ended. */
function groups(...bad: readonly Bad[]) {
  const cells = bad.map(([cell, detail, more], n): BackfillCell => {
    const [table = '', date = ''] = cell.split(' ');
    const counts = { attempts: 1, rowsBefore: 0, rowsAfter: 0, size: null, startedAt: n };
    const base = { table, date, state: 'failed', reason: 'run_failed', status: 'missing', errorId: `e${n}` } as const;
    return { ...base, ...counts, detail, finishedAt: n, ...more };
  });
  return groupFailures(cells);
}

const datesOf = (found: ReturnType<typeof groups>) => found.map(({ dates }) => dates.map((date) => date.slice(8)));

describe('a detail without what differs from date to date', () => {
  it.each([
    ['500: column minutes not found', '#: column minutes not found'],
    ['lab answered 500: no', 'lab answered 500: no'],
    ['lab answered 503: no', 'lab answered 503: no'],
    ['read 1,204 of 31 rows in 4.5 s', 'read # of # rows in # s'],
    ['job 7f3a9c12-55aa-4e1b-9d2f-0c1b2a3d4e5f failed', 'job # failed'],
    ['at 2022-01-03T04:05:06Z row 0x7ffe12 was lost', 'at # row # was lost'],
    ['phase4: no answer within 30 s', 'phase4: no answer within # s'],
    ['not run, since model2021 2022-01-03 failed', 'not run, since model2021 # failed'],
    ['waits for base 2022-01-03, base 2022-01-04, win 2022-01-04', 'waits for base #, base #, win #'],
    ['', ''],
  ])('"%s" is "%s"', (detail, bare) => {
    expect(normaliseDetail(detail)).toBe(bare);
  });

  it('is the same however often it is taken', () => {
    const once = normaliseDetail('Lab answered 500: row 81234 of run-20220103 is bad');
    expect(normaliseDetail(once)).toBe(once);
  });
});

describe('failures of one table', () => {
  it('share a group where only figures, ids and dates differ, and not with another cause', () => {
    const found = groups(
      ['pgs 2022-01-03', '500: column minutes not found, request 81a2b3c4'],
      ['pgs 2022-01-01', 'connection refused'],
      ['pgs 2022-01-02', '500: column minutes not found, request 99ffee00'],
    );
    expect(datesOf(found)).toEqual([['02', '03'], ['01']]);
    expect(found[0]).toMatchObject({
      detail: '500: column minutes not found, request 81a2b3c4',
      errorIds: ['e0', 'e2'],
    });
  });

  it('are apart from those of another table, state or reason with the same words', () => {
    const found = groups(
      ['pgs 2022-01-01', 'no'],
      ['pcf 2022-01-01', 'no'],
      ['pgs 2022-01-02', 'no', { state: 'blocked', reason: 'upstream_missing' }],
      ['pgs 2022-01-03', 'no', { reason: 'rows_short' }],
    );
    expect(new Set(found.map(({ key }) => key)).size).toBe(4);
  });

  it('of blocked dates are told apart by the root that they name', () => {
    const blocked = { state: 'blocked', reason: 'upstream_missing' } as const;
    const found = groups(
      ['top 2022-01-01', 'not run, since base 2022-01-01 failed', blocked],
      ['top 2022-01-02', 'not run, since base 2022-01-02 failed', blocked],
      ['top 2022-01-03', 'not run, since win 2022-01-03 failed', blocked],
    );
    expect(datesOf(found)).toEqual([['01', '02'], ['03']]);
  });

  it('keep their key while more join, and whatever else fails', () => {
    const [first] = groups(['pgs 2022-01-03', 'row 12345 is bad']);
    const later = groups(
      ['pgs 2022-01-03', 'row 12345 is bad'],
      ['pgs 2022-01-01', 'other'],
      ['pgs 2022-01-02', 'row 99999 is bad'],
    );
    expect(later.find(({ key }) => key === first?.key)?.dates).toEqual(['2022-01-02', '2022-01-03']);
  });

  it('go together once there are more causes than anybody reads', () => {
    const names = ['ann', 'bob', 'cyd', 'dan', 'eve', 'fay', 'gus', 'hal'];
    const found = groups(...names.map((name, n): Bad => [`pgs 2022-01-0${n + 1}`, `${name} was not found`]));
    expect(datesOf(found)).toEqual([['01'], ['02'], ['03'], ['04'], ['05'], ['06', '07', '08']]);
  });
});

describe('failures as they are kept', () => {
  it('tell which of their dates have ended, and how', () => {
    const kept = {
      key: 'k',
      table: 'pgs',
      state: 'failed',
      reason: 'run_failed',
      detail: 'no',
      errorId: null,
    } as const;
    expect(
      groupKept([
        { ...kept, date: '2022-01-02', endedAt: 7, mendedBy: 'b2' },
        { ...kept, date: '2022-01-01', endedAt: null, mendedBy: null },
        { ...kept, date: '2022-01-03', endedAt: 9, mendedBy: null, errorId: 'e1' },
      ]),
    ).toEqual([
      {
        key: 'k',
        table: 'pgs',
        state: 'failed',
        reason: 'run_failed',
        detail: 'no',
        dates: ['2022-01-01', '2022-01-02', '2022-01-03'],
        errorIds: ['e1'],
        ended: [
          { date: '2022-01-02', at: 7, by: 'b2' },
          { date: '2022-01-03', at: 9, by: null },
        ],
      },
    ]);
  });
});
