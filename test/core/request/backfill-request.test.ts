import { describe, expect, it } from 'vitest';
import { dateIn } from '../../../src/core/dates.ts';
import { noOptions } from '../../../src/core/request/options.ts';
import { readBackfillRequest } from '../../../src/core/request/request.ts';
import { isRefusal } from '../../../src/fault.ts';
import { brief, context, launched, readCommand, refused } from '../../support/read-requests.ts';

describe('a backfill request', () => {
  it('has the defaults where nothing is asked for', () => {
    const request = launched('mlfs 2022-01-01 2022-01-07');
    expect(brief(request)).toBe('launch | mlfs | 1-7 Jan 2022 (7 dates)');
    expect(request.options).toEqual(noOptions);
  });

  it.each([
    ['--with-upstream', { withUpstream: true }],
    ['\u2013with-upstream', { withUpstream: true }],
    ['\u2014WITH-UPSTREAM', { withUpstream: true }],
    ['--ready-only --dry-run --newest-first', { readyOnly: true, dryRun: true, newestFirst: true }],
    ['--only thin', { only: ['thin'] }],
    ['--only=thin,missing', { only: ['missing', 'thin'] }],
    ['--only thin, missing', { only: ['missing', 'thin'] }],
    ['--only all', { only: ['all'], noResume: true }],
    ['--no-resume', { only: ['all'], noResume: true }],
    ['--concurrency 4', { concurrency: 4 }],
    ['--reason late', { reason: 'late' }],
    ['--reason "late, and \\"odd\\""', { reason: 'late, and "odd"' }],
    ["--reason='late data'", { reason: 'late data' }],
    ['--sample 5', { sample: 5 }],
    ['--sample=100', { sample: 100 }],
    ['--stop-on-failure', { stopOnFailure: { kind: 'count', n: 1 } }],
    ['--stop-on-failure --dry-run', { stopOnFailure: { kind: 'count', n: 1 }, dryRun: true }],
    ['--stop-on-failure=3', { stopOnFailure: { kind: 'count', n: 3 } }],
    ['--stop-on-failure 3', { stopOnFailure: { kind: 'count', n: 3 } }],
    ['--stop-on-failure=10%', { stopOnFailure: { kind: 'share', percent: 10 } }],
    ['--stop-on-failure 100%', { stopOnFailure: { kind: 'share', percent: 100 } }],
    ['--skip-preflight --reason "known holes"', { skipPreflight: true, reason: 'known holes' }],
    ['--rest', { rest: true }],
    ['--after #B1', { after: 'b1' }],
    ['--reason \u201cit\u2019s late\u201d', { reason: "it's late" }],
  ])('takes options: %s', (text, options) => {
    expect(launched(`mlfs 2021-11-16 ${text}`).options).toEqual({ ...noOptions, ...options });
    expect(launched(`${text} mlfs 2021-11-16`).options).toEqual({ ...noOptions, ...options });
  });

  it.each([
    ['', 'help'],
    ['help', 'help'],
    ['list', 'list'],
    ['status', 'list'],
    ['status B1-x', 'status | b1-x'],
    ['backcourt backfill mlfs 2021-11-16', 'launch | mlfs | 16 Nov 2021'],
    ['mlfs 2022-11-15..2022-11-25', 'launch | mlfs | 15-25 Nov 2022 (11 dates)'],
  ])('is read: %s', (text, expected) => {
    expect(brief(readBackfillRequest(text, context))).toBe(expected);
  });

  it.each([
    [
      'mlfs today',
      /20 Nov 2022 cannot be filled yet: it is 2022-11-20 in America\/New_York/,
      '/backfill mlfs yesterday',
    ],
    ['mlfs 2022-12-01..2022-12-05', /cannot be filled yet/, '/backfill mlfs yesterday'],
    ['sched nov 2021', /no processor: .*can be filled: pgs, psza, pcf, pdc, mlfs/, '/coverage sched nov 2021'],
    ['phase4 nov 2021', /one table/, '/backfill pdc nov 2021'],
    ['mlfs 2021-11-16 --only thn', /takes some of missing,.*not "thn"/, '/backfill mlfs 2021-11-16 --only thin'],
    ['mlfs 2021-11-16 --no-resume --only thin', /one of the two/, '/backfill mlfs 2021-11-16 --only thin'],
    ['mlfs 2021-11-16 --concurrency 0', /number from 1 to 1000, not "0"/, '/backfill mlfs 2021-11-16 --concurrency 4'],
    ['mlfs 2021-11-16 --dryrun', /Did you mean --dry-run/, '/backfill mlfs 2021-11-16 --dry-run'],
    ['mlfs 2021-11-16 -dry-run', /Did you mean --dry-run/, '/backfill mlfs 2021-11-16 --dry-run'],
    ['mlfs 2021-11-16 --dry-run=yes', /takes no value/, '/backfill mlfs 2021-11-16 --dry-run'],
    ['mlfs 2021-11-16 --dry-run --dry-run', /given twice/, '/backfill mlfs 2021-11-16 --dry-run'],
    ['mlfs 2021-11-16 --frobnicate', /no option "--frobnicate"\. Options: --dates/, '/backfill mlfs 2021-11-16'],
    ['mlfs 2021-11-16 --constructor', /no option/, '/backfill mlfs 2021-11-16'],
    ['mlfs 2021-11-16 --reason late data', /needs quotes/, '/backfill mlfs 2021-11-16 --reason "late data"'],
    ['mlfs 2021-11-16 --reason ""', /--reason takes words/, '/backfill mlfs 2021-11-16 --reason "late data"'],
    ['mlfs 2021-11-16 --sample 0', /number from 1 to 100, not "0"/, '/backfill mlfs 2021-11-16 --sample 5'],
    ['mlfs 2021-11-16 --sample 101', /number from 1 to 100/, '/backfill mlfs 2021-11-16 --sample 100'],
    ['mlfs 2021-11-16 --sample ten', /not "ten"/, '/backfill mlfs 2021-11-16 --sample 5'],
    ['mlfs 2021-11-16 --stop-on-failure=0', /number of failures/, '/backfill mlfs 2021-11-16 --stop-on-failure'],
    ['mlfs 2021-11-16 --stop-on-failure=0%', /1% to 100%/, '/backfill mlfs 2021-11-16 --stop-on-failure=10%'],
    ['mlfs 2021-11-16 --stop-on-failure=101%', /1% to 100%/, '/backfill mlfs 2021-11-16 --stop-on-failure=100%'],
    ['mlfs 2021-11-16 --stop-on-failure=', /needs a value/, '/backfill mlfs 2021-11-16 --stop-on-failure'],
    ['mlfs 2021-11-16 --stop 3', /Did you mean --stop-on-failure/, '/backfill mlfs 2021-11-16 --stop-on-failure 3'],
    [
      'mlfs 2021-11-16 --skip-preflight',
      /needs --reason/,
      '/backfill mlfs 2021-11-16 --skip-preflight --reason "why the blocked dates may run"',
    ],
    [
      'mlfs 2021-11-16 --skip-preflight --with-upstream --reason x',
      /contradict each other/,
      '/backfill mlfs 2021-11-16 --with-upstream --reason x',
    ],
    [
      'mlfs 2021-11-16 --skip-preflight --ready-only --reason x',
      /contradict each other/,
      '/backfill mlfs 2021-11-16 --ready-only --reason x',
    ],
    ['mlfs 2021-11-16 --after b1 --rest', /contradict each other/, '/backfill mlfs 2021-11-16 --rest'],
    ['mlfs 2021-11-16 --after "b 1"', /takes the id of a backfill/, '/backfill mlfs 2021-11-16'],
    ['mlfs 2021-11-16 --after --rest', /--after needs a value/, '/backfill mlfs 2021-11-16 --rest'],
    ['list all', /no further words/, '/backfill list'],
    ['list --dry-run', /no options/, '/backfill list'],
    ['status a b', /one id/, '/backfill status a'],
    ['why mlfs 2021-11-16', /belongs to \/coverage/, '/coverage why mlfs 2021-11-16'],
  ])('is refused with a command that works: %s', (text, message, instead) => {
    const refusal = refused(readBackfillRequest(text, context));
    expect(refusal.message).toMatch(message);
    expect(refusal.try).toBe(instead);
    expect(isRefusal(readCommand(instead))).toBe(false);
  });

  it('means yesterday in the zone of the pipeline', () => {
    const instant = Date.UTC(2022, 10, 20, 3);
    for (const [zone, date] of [
      ['America/New_York', '2022-11-18'],
      ['Pacific/Kiritimati', '2022-11-19'],
    ] as const) {
      const today = dateIn(zone, instant);
      expect(readBackfillRequest('mlfs yesterday', { ...context, today })).toMatchObject({ when: { dates: [date] } });
    }
  });
});
