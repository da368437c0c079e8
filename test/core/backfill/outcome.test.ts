import { describe, expect, it } from 'vitest';
import type { Snapshot } from '../../../src/core/backfill/backfill.ts';
import { isFresh, judgeOutcome, type Said } from '../../../src/core/backfill/outcome.ts';
import type { Reason, Status, Verdict } from '../../../src/core/verdict.ts';

const answered: Said = { kind: 'answered', reported: 'success' };
const unstated: Said = { kind: 'answered', reported: 'unstated' };
const error: Said = { kind: 'failed', detail: 'HTTP 500', retry: true };
const lost: Said = { kind: 'ambiguous', detail: 'no answer within 60 s' };

function rows(count: number, writtenAt: number | null, fingerprint: string | null = null): Snapshot {
  return { rows: count, entities: count, writtenAt, fingerprint };
}

function verdict(status: Status, reason: Reason | null = null, count = 10): Verdict {
  return {
    date: '2021-11-16',
    status,
    reason,
    also: [],
    rows: count,
    entities: count,
    expected: 10,
    rule: '',
    failing: [],
    causes: [],
    writtenAt: null,
    notes: [],
  };
}

describe('the outcome of a tainted attempt', () => {
  it.each([
    ['thin', 'rows_short', verdict('tainted', 'built_on_bad_input', 6)],
    ['over', 'duplicates', verdict('tainted', 'built_on_bad_input', 12)],
  ] as const)('that is %s too is a failure', (also, reason, tainted) => {
    const look = { before: rows(0, null), after: rows(tainted.rows ?? 0, 5), said: answered };
    expect(judgeOutcome({ ...look, verdict: { ...tainted, also: [also] } })).toMatchObject({ state: 'failed', reason });
    expect(judgeOutcome({ ...look, verdict: { ...tainted, also: ['stale'] } }).state).toBe('succeeded');
  });
});

describe('the outcome of an attempt', () => {
  it.each([
    ['fresh and complete', rows(0, null), rows(10, 5), verdict('complete'), answered, 'succeeded', null],
    ['fresh and complete behind a 500', rows(10, 4), rows(10, 5), verdict('complete'), error, 'succeeded', null],
    [
      'fresh and complete after a lost answer',
      rows(0, null),
      rows(10, 5),
      verdict('complete'),
      lost,
      'succeeded',
      null,
    ],
    [
      'fresh on bad input',
      rows(0, null),
      rows(10, 5),
      verdict('tainted', 'built_on_bad_input'),
      answered,
      'succeeded',
      'built_on_bad_input',
    ],
    [
      'nothing behind a 200',
      rows(0, null),
      rows(0, null),
      verdict('missing', 'never_run', 0),
      answered,
      'failed',
      'empty_success',
    ],
    [
      'nothing, where nothing need be',
      rows(0, null),
      rows(0, null),
      verdict('not_expected', 'ramp_up', 0),
      answered,
      'succeeded',
      'ramp_up',
    ],
    [
      'nothing behind a 500',
      rows(0, null),
      rows(0, null),
      verdict('missing', 'never_run', 0),
      error,
      'failed',
      'run_failed',
    ],
    ['half of the rows', rows(0, null), rows(5, 5), verdict('thin', 'rows_short', 5), answered, 'failed', 'rows_short'],
    ['rows twice', rows(0, null), rows(20, 5), verdict('over', 'duplicates', 20), answered, 'failed', 'duplicates'],
    ['old rows behind a 200', rows(10, 5), rows(10, 5), verdict('complete'), answered, 'failed', 'run_failed'],
    ['old rows after a lost answer', rows(10, 5), rows(10, 5), verdict('complete'), lost, 'failed', 'run_failed'],
    [
      'same rows without a write time, said to be written',
      rows(10, null, 'a'),
      rows(10, null, 'a'),
      verdict('complete'),
      answered,
      'succeeded',
      'unverified',
    ],
    [
      'same rows without a write time, and nothing said',
      rows(10, null, 'a'),
      rows(10, null, 'a'),
      verdict('complete'),
      unstated,
      'failed',
      'run_failed',
    ],
    [
      'too few same rows, said to be written',
      rows(5, null, 'a'),
      rows(5, null, 'a'),
      verdict('thin', 'rows_short', 5),
      answered,
      'failed',
      'rows_short',
    ],
    [
      'other rows without a write time',
      rows(10, null, 'a'),
      rows(10, null, 'b'),
      verdict('complete'),
      unstated,
      'succeeded',
      null,
    ],
  ] as const)('is told from the rows: %s', (_, before, after, found, said, state, reason) => {
    expect(judgeOutcome({ before, after, verdict: found, said })).toMatchObject({ state, reason });
  });

  it('is worth another try only where the service failed or was not heard', () => {
    const retry = (said: Said) => {
      const outcome = judgeOutcome({
        before: rows(0, null),
        after: rows(0, null),
        verdict: verdict('missing', 'never_run', 0),
        said,
      });
      return outcome.state === 'failed' && outcome.retry;
    };
    expect([retry(error), retry(lost), retry(answered), retry({ ...error, retry: false })]).toEqual([
      true,
      true,
      false,
      false,
    ]);
  });

  it('counts rows as fresh by their write time and never by our clock', () => {
    expect(isFresh(rows(10, 5), rows(10, 4))).toBe(false);
    expect(isFresh(rows(10, 5), rows(10, 6))).toBe(true);
    expect(isFresh(rows(10, null), rows(10, 1))).toBe(true);
    expect(isFresh(rows(0, null), rows(1, null))).toBe(true);
    expect(isFresh(rows(10, null, 'a'), rows(10, null, 'a'))).toBe('unknown');
  });
});
