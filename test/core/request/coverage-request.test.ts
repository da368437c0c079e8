import { describe, expect, it } from 'vitest';
import { readCoverageRequest } from '../../../src/core/request/request.ts';
import { isRefusal } from '../../../src/fault.ts';
import { brief, context, readCommand, refused } from '../../support/read-requests.ts';

describe('a coverage request', () => {
  it.each([
    ['mlfs 2021-11-16', 'coverage | mlfs | 16 Nov 2021'],
    ['mlfs 2021-11-01 2021-11-30', 'coverage | mlfs | 1-30 Nov 2021 (30 dates)'],
    ['MLFS NOV 2021', 'coverage | mlfs | 1-30 Nov 2021 (30 dates)'],
    ['pcf,pdc yesterday', 'coverage | pcf+pdc | 19 Nov 2022'],
    ['pcf, pdc 2021-11-16, 2021-11-18', 'coverage | pcf+pdc | 16, 18 Nov 2021 (2 dates)'],
    ['pdc pcf pdc today', 'coverage | pdc+pcf | 20 Nov 2022'],
    ['phase4 last 7 days', 'coverage | psza+pcf+pdc | 13-19 Nov 2022 (7 dates)'],
    ['phase 4 2021-11-16', 'coverage | psza+pcf+pdc | 16 Nov 2021'],
    ['phase4, mlfs 2021-11-16', 'coverage | psza+pcf+pdc+mlfs | 16 Nov 2021'],
    ['all season 2021-22', 'coverage | sched+pgs+psza+pcf+pdc+mlfs | 19 Oct 2021 - 16 Jun 2022 (241 dates)'],
    ['mlfs, 2021-11-16', 'coverage | mlfs | 16 Nov 2021'],
    ['mlfs --dates 2021-11-16,2021-11-18', 'coverage | mlfs | 16, 18 Nov 2021 (2 dates)'],
    ['--dates="2021-11-16, 2021-11-18" mlfs', 'coverage | mlfs | 16, 18 Nov 2021 (2 dates)'],
    ['mlfs --from 2021-11-01 --to=2021-11-03', 'coverage | mlfs | 1-3 Nov 2021 (3 dates)'],
    ['coverage mlfs 2021-11-16', 'coverage | mlfs | 16 Nov 2021'],
    ['/coverage mlfs 2021-11-16', 'coverage | mlfs | 16 Nov 2021'],
    ['<@U0123ABC> coverage mlfs 2021-11-16', 'coverage | mlfs | 16 Nov 2021'],
    ['<@U0123ABC|backcourt>: why mlfs 2021-11-16', 'why | mlfs | 2021-11-16'],
    ['backcourt why mlfs 2021-11-16', 'why | mlfs | 2021-11-16'],
    ['why mlfs yesterday', 'why | mlfs | 2022-11-19'],
    ['plan mlfs nov 2021', 'plan | mlfs | 1-30 Nov 2021 (30 dates)'],
    ['quality pcf 2021-11', 'quality | pcf | 1-30 Nov 2021 (30 dates)'],
    ['accept pgs 2021-11-16,2021-11-18 --reason "lost for good"', 'accept | pgs | 16, 18 Nov 2021 (2 dates)'],
    ['accepted', 'accepted'],
    ['revoke #G1a2', 'revoke | g1a2'],
    ['help', 'help'],
    ['', 'help'],
    ['<@U0123ABC>', 'help'],
  ])('is read: %s', (text, expected) => {
    expect(brief(readCoverageRequest(text, context))).toBe(expected);
  });

  it.each([
    ['en dash between dates', 'mlfs 2021-11-01\u20132021-11-30', 'coverage | mlfs | 1-30 Nov 2021 (30 dates)'],
    ['en dashes in a date', 'mlfs 2021\u201311\u201301', 'coverage | mlfs | 1 Nov 2021'],
    ['minus signs', 'mlfs 2021\u221211\u221201', 'coverage | mlfs | 1 Nov 2021'],
    ['an em dash before an option', 'mlfs \u2014dates 2021-11-01', 'coverage | mlfs | 1 Nov 2021'],
    ['smart quotes', 'mlfs \u201c2021-11-01\u201d', 'coverage | mlfs | 1 Nov 2021'],
    ['non-breaking spaces', 'mlfs\u00a02021-11-01\u202f2021-11-03', 'coverage | mlfs | 1-3 Nov 2021 (3 dates)'],
    ['zero-width and direction marks', '\u200fml\u200bfs\u200e 2021-11-01\ufeff', 'coverage | mlfs | 1 Nov 2021'],
    ['full-width letters and digits', 'ｍｌｆｓ　２０２１－１１－０１', 'coverage | mlfs | 1 Nov 2021'],
    ['line breaks and tabs', 'mlfs\n\t2021-11-01', 'coverage | mlfs | 1 Nov 2021'],
    ['an ellipsis', 'mlfs 2021-11-01\u20262021-11-03', 'coverage | mlfs | 1-3 Nov 2021 (3 dates)'],
  ])('is read as it is meant with %s', (_what, text, expected) => {
    expect(brief(readCoverageRequest(text, context))).toBe(expected);
  });

  it.each([
    ['mlfs', /Which dates of mlfs/, '/coverage mlfs yesterday'],
    ['why mlfs', /Which dates/, '/coverage why mlfs yesterday'],
    ['mlsf 2021-11-16', /no table "mlsf"\. Did you mean mlfs\? Tables: sched, pgs,/, '/coverage mlfs 2021-11-16'],
    ['mlsf 11/01/2021', /Did you mean mlfs/, '/coverage mlfs 2021-11-01'],
    ['"feature store" 2021-11-16', /no table "feature"/, '/coverage mlfs 2021-11-02 2021-11-08'],
    ['small.mlfs 2021-11-16', /Did you mean mlfs/, '/coverage mlfs 2021-11-16'],
    ['phase9 2021-11-16', /no table "phase9"\. Did you mean phase2/, '/coverage phase2 2021-11-16'],
    ['mlfs yesteday', /Did you mean yesterday/, '/coverage mlfs yesterday'],
    ['ml\u0192s 2021-11-16', /no table/, '/coverage mlfs 2021-11-16'],
    ['\u0440gs 2021-11-16', /only looks like a Latin letter/, '/coverage pgs 2021-11-16'],
    ['nonsense 2021-11-16', /no table "nonsense"\. Tables:/, '/coverage mlfs 2021-11-02 2021-11-08'],
    ['2021-11-16', /table comes first/, '/coverage mlfs 2021-11-02 2021-11-08'],
    ['2021-11-16 mlfs', /table comes first/, '/coverage mlfs 2021-11-16'],
    ['mlfs 2021-11-16 pcf', /table comes first/, '/coverage mlfs pcf 2021-11-16'],
    ['mlfs 2021-11-16 please', /"2021-11-16 please" is not a date/, '/coverage mlfs 2021-11-16'],
    ['mlfs 2021-11-30 2021-11-01', /reversed: 2021-11-30 is after/, '/coverage mlfs 2021-11-01..2021-11-30'],
    ['mlfs 2022-02-30', /2022-02 has 28 days/, '/coverage mlfs 2022-02-28'],
    ['mlfs 11/01/2021', /2021-11-01 or 2021-01-11/, '/coverage mlfs 2021-11-01'],
    ['mlfs 2019-01-01', /before the first season/, '/coverage mlfs 2021-10-19'],
    ['why mlfs nov 2021', /explains one date/, '/coverage why mlfs 2021-11-01'],
    ['plan phase4 nov 2021', /takes one table, and phase4 is 3 tables/, '/coverage plan pdc nov 2021'],
    ['mlfs 2021-11-16 --dry-run', /--dry-run belongs to \/backfill/, '/coverage mlfs 2021-11-16'],
    ['mlfs --datse 2021-11-16', /Did you mean --dates/, '/coverage mlfs --dates 2021-11-16'],
    ['mlfs 2021-11-16 --dates 2021-11-18', /given twice/, '/coverage mlfs 2021-11-16'],
    ['mlfs --dates ""', /empty/, '/coverage mlfs yesterday'],
    ['mlfs --dates', /needs a value/, '/coverage mlfs yesterday'],
    ['mlfs "2021-11-16', /quote is opened/, '/coverage mlfs 2021-11-16'],
    ['mlfs 2021-11-16\u0007', /control characters/, '/coverage mlfs 2021-11-16'],
    ['mlfs 2021-11-16\ud800', /control characters/, '/coverage mlfs 2021-11-16'],
    ['backfill mlfs 2021-11-16', /belongs to \/backfill/, '/backfill mlfs 2021-11-16'],
    ['status b1', /belongs to \/backfill/, '/backfill status b1'],
  ])('is refused with a command that works: %s', (text, message, instead) => {
    const refusal = refused(readCoverageRequest(text, context));
    expect(refusal.message).toMatch(message);
    expect(refusal.try).toBe(instead);
    expect(isRefusal(readCommand(instead))).toBe(false);
  });

  it('may be 3,500 characters long and no longer', () => {
    const long = (n: number) => `mlfs ${'2021-11-16,'.repeat(400)}`.slice(0, n);
    expect(brief(readCoverageRequest(`mlfs 2021-11-16${' '.repeat(3485)}`, context))).toBe(
      'coverage | mlfs | 16 Nov 2021',
    );
    expect(refused(readCoverageRequest(long(3501), context)).message).toMatch(/3501 characters, and at most 3500/);
  });

  it('repeats at most 60 characters of what was typed, and no mention', () => {
    const { message } = refused(readCoverageRequest(`mlfs <!channel> ${'x'.repeat(200)}`, context));
    expect(message).not.toContain('<');
    expect(message).not.toContain('x'.repeat(61));
  });
});

describe('accepting a gap', () => {
  it.each([
    ['accept pgs 2021-11-16', /needs a reason/],
    ['accept pgs 2021-11-16 --reason " "', /needs a reason/],
    ['accept pgs,pcf 2021-11-16 --reason x', /takes one table/],
    [`accept pgs 2021-11-16 --reason ${'x'.repeat(501)}`, /at most 500/],
    ['revoke', /takes the id/],
    ['revoke a b', /takes the id/],
    ['pgs 2021-11-16 --reason x', /reason/],
  ])('is refused with what to type instead: %s', (text, message) => {
    const refusal = refused(readCoverageRequest(text, context));
    expect(refusal.message).toMatch(message);
    expect(isRefusal(readCommand(refusal.try ?? ''))).toBe(false);
  });

  it('keeps its reason', () => {
    const request = readCoverageRequest('accept pgs 2021-11-16 --reason "lost, for good"', context);
    expect(request).toMatchObject({ verb: 'accept', table: 'pgs', reason: 'lost, for good' });
  });
});
