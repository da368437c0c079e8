import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addDays, dateIn, isDate } from '../../src/core/dates.ts';
import { exampleCommand, helpText } from '../../src/core/help.ts';
import { normaliseText } from '../../src/core/normalise-text.ts';
import { noOptions } from '../../src/core/options.ts';
import {
  type BackfillRequest,
  type CoverageRequest,
  quoteArgument,
  readBackfillRequest,
  readCoverageRequest,
} from '../../src/core/request.ts';
import { isProblem, splitWords } from '../../src/core/split-words.ts';
import { writeRequest } from '../../src/core/write-request.ts';
import { isRefusal, type Refusal } from '../../src/fault.ts';
import { smallCatalogue, smallTable } from '../support/small-catalogue.ts';

const context = { catalogue: smallCatalogue, today: '2022-11-20' };
type Command = '/coverage' | '/backfill';

function readAny(command: Command, text: string): CoverageRequest | BackfillRequest | Refusal {
  return command === '/backfill' ? readBackfillRequest(text, context) : readCoverageRequest(text, context);
}

/** Reads a full command as a person would paste it: its first word says which one it is. */
function readCommand(text: string): CoverageRequest | BackfillRequest | Refusal {
  const [, command = '', rest = ''] = /^(\/\w+) ?(.*)$/s.exec(text) ?? [];
  if (command !== '/coverage' && command !== '/backfill') throw new Error(`no command: ${text}`);
  return readAny(command, rest);
}

function refused(reading: unknown): Refusal {
  if (!isRefusal(reading)) throw new Error(`read as ${JSON.stringify(reading)}`);
  return reading;
}

function launched(text: string): Extract<BackfillRequest, { verb: 'launch' }> {
  const request = readBackfillRequest(text, context);
  if (isRefusal(request) || request.verb !== 'launch') throw new Error(JSON.stringify(request));
  return request;
}

/** The request in one line: verb, tables, dates. */
function brief(request: CoverageRequest | BackfillRequest | Refusal): string {
  if (isRefusal(request)) return `refused: ${request.message}`;
  const tables = 'tables' in request ? request.tables.join('+') : 'table' in request ? request.table : '';
  const dates =
    'when' in request ? request.when.said : 'date' in request ? request.date : 'id' in request ? request.id : '';
  return [request.verb, tables, dates].filter((part) => part !== '').join(' | ');
}

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

/** Words of real requests and what people do to them, joined by what stands between words. */
const piece = fc.constantFrom(
  ...[
    'mlfs',
    'pcf',
    'sched',
    'phase4',
    'all',
    'why',
    'plan',
    'list',
    'status',
    'help',
    'mlsf',
    'backcourt',
    '/backfill',
  ],
  ...['2021-11-16', '2021-11-30', '2021-02-30', '11/01/2021', '2023-01-01', '1999-01-01', '0000-00-00', '9999-12-31'],
  ...[
    '..',
    'to',
    'from',
    'nov',
    'nov 2021',
    '2021-11',
    '2021-22',
    '2021',
    'season',
    'season 2021-22',
    'last',
    '7',
    'days',
  ],
  ...[
    'yesterday',
    'today',
    'week of',
    'last 7 days',
    'last 9999 days',
    'last week',
    'month',
    '"',
    "'",
    '=',
    '-',
    '--',
    ',',
  ],
  ...[
    '--dates',
    '--only',
    '--only thin',
    '--no-resume',
    '--dry-run',
    '--reason',
    '--reason "a b"',
    '--concurrency',
    '--x',
  ],
  ...[
    '\u2014',
    '\u201c',
    '\u200b',
    '\\',
    '<@U1>',
    '\u0430',
    '\u0000',
    '\ud83d',
    '😀',
    '٢٠٢١',
    'constructor',
    '__proto__',
  ],
);
const mutated = fc
  .array(fc.tuple(piece, fc.constantFrom(' ', ' ', ' ', ',', '', '\u00a0')), { maxLength: 12 })
  .map((parts) => parts.map(([word, gap]) => word + gap).join(''));
const units = fc
  .array(fc.integer({ min: 0, max: 0xffff }), { maxLength: 80 })
  .map((codes) => String.fromCharCode(...codes));
const day = fc.integer({ min: -30, max: 460 }).map((n) => addDays('2021-10-19', n));
const someWhen = fc.oneof(
  day,
  fc.tuple(day, fc.constantFrom(' ', '..', ' to ', '\u2013', ','), day).map((parts) => parts.join('')),
  fc.array(day, { minLength: 1, maxLength: 20 }).map((days) => days.join(', ')),
  day.map((date) => `week of ${date}`),
  day.map((date) => date.slice(0, 7)),
  fc.integer({ min: 1, max: 500 }).map((n) => `last ${n} days`),
  fc.constantFrom(
    'nov 2021',
    'June 2022',
    'yesterday',
    'today',
    'last week',
    'last month',
    'season 2021-22',
    'season 2022-23',
  ),
);
const someOptions = fc.uniqueArray(
  fc.constantFrom(
    ...['--with-upstream', '\u2014ready-only', '--dry-run', '--newest-first', '--concurrency 3', '--only missing,over'],
    ...['--reason "it\'s \\"late\\", yes"', "--reason='a, b'", '--only=all', '--no-resume'],
  ),
  { maxLength: 4 },
);
const shaped = fc
  .tuple(
    fc.constantFrom('', '', '', '', 'why ', 'plan ', 'quality ', '<@U1> '),
    fc.constantFrom('mlfs', 'MLFS', 'pcf', 'pcf,pdc', 'phase4', 'all', 'sched', 'psza pgs'),
    someWhen,
    fc.oneof(fc.constant<string[]>([]), someOptions),
  )
  .map(([verb, what, when, options]) => `${verb}${[what, when, ...options].join(' ')}`);
/** One character of it struck out, doubled, or replaced. */
const slipped = fc
  .tuple(shaped, fc.nat(), fc.constantFrom('', '-', '"', ' ', ',', '1', 'x', '\u0000'))
  .map(([text, n, by]) => {
    const at = n % text.length;
    return `${text.slice(0, at)}${by}${text.slice(at + (n % 2))}`;
  });
const anyText = fc.oneof(
  { weight: 4, arbitrary: mutated },
  { weight: 4, arbitrary: shaped },
  { weight: 4, arbitrary: slipped },
  fc.string({ unit: 'binary', maxLength: 80 }),
  units,
  fc
    .tuple(fc.constantFrom('mlfs ', 'mlfs 2021-11-16 ', 'why mlfs '), fc.string({ unit: 'grapheme' }))
    .map((t) => t.join('')),
);
const anyCommand = fc.constantFrom<Command>('/coverage', '/backfill');
const runs = { numRuns: 2000 };

describe('any text at all', () => {
  it('is a request or a refusal, whose suggestion is a request', () => {
    fc.assert(
      fc.property(anyCommand, anyText, (command, text) => {
        const reading = readAny(command, text);
        if (!isRefusal(reading)) return;
        expect(reading.message).not.toMatch(/[\p{Cc}<]/u);
        expect(reading.message.length).toBeLessThan(600);
        expect(isRefusal(readCommand(reading.try ?? ''))).toBe(false);
      }),
      runs,
    );
  });

  it('gives real dates only, from the first season on, and at most ten years of them', () => {
    fc.assert(
      fc.property(anyCommand, anyText, (command, text) => {
        const reading = readAny(command, text);
        if (isRefusal(reading) || !('when' in reading)) return;
        const { dates, from, to } = reading.when;
        expect(dates.every((date, i) => isDate(date) && (i === 0 || date > (dates[i - 1] ?? '')))).toBe(true);
        expect([dates[0], dates.at(-1)]).toEqual([from, to]);
        expect(from >= '2021-10-19' && dates.length <= 3660).toBe(true);
      }),
      runs,
    );
  });

  it('that was read can be written, and is read as the same request', () => {
    fc.assert(
      fc.property(anyCommand, anyText, (command, text) => {
        const reading = readAny(command, text);
        if (isRefusal(reading)) return;
        expect(readCommand(writeRequest(reading, command))).toEqual(reading);
      }),
      runs,
    );
  });

  it('is not all refused here, or the above would say nothing', () => {
    const read = fc.sample(shaped, { numRuns: 300, seed: 1 }).filter((text) => !isRefusal(readAny('/coverage', text)));
    expect(read.length).toBeGreaterThan(75);
  });

  it('is normalised once and for all', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        expect(normaliseText(normaliseText(text))).toBe(normaliseText(text));
      }),
      runs,
    );
  });
});

describe('arguments of a command line', () => {
  it('come through joining and splitting as they were', () => {
    const words = fc.array(fc.string({ unit: 'grapheme', maxLength: 12 }), { maxLength: 5 });
    fc.assert(
      fc.property(words, (args) => {
        const split = splitWords(args.map(quoteArgument).join(' '));
        if (isProblem<string>(split)) throw new Error(split.problem);
        expect(split.map((word) => word.text)).toEqual(args.map(normaliseText));
      }),
    );
  });

  it('keep a reason together, however it was given', () => {
    for (const argv of [
      ['mlfs', '2021-11-16', '--reason', 'late, "odd" data'],
      ['mlfs', '2021-11-16', '--reason=late, "odd" data'],
    ]) {
      expect(launched(argv.map(quoteArgument).join(' ')).options.reason).toBe('late, "odd" data');
    }
    expect(launched(['mlfs', '2021-11-16,2021-11-18'].map(quoteArgument).join(' ')).when.dates).toHaveLength(2);
  });
});

describe('help', () => {
  it('has an example that works, of a table that can be filled', () => {
    expect(exampleCommand('/backfill', context)).toBe('/backfill mlfs 2021-11-02 2021-11-08');
    for (const command of ['/coverage', '/backfill'] as const) {
      const example = helpText(command, context).find((line) => line.startsWith('Example: '));
      expect(isRefusal(readCommand(example?.slice('Example: '.length) ?? ''))).toBe(false);
    }
  });

  it('has one before, on and after the first day of the first season, and without seasons', () => {
    const daily = new Map([['t', smallTable('t', { dates: 'daily', starts: '2022-01-01' })]]);
    const bare = { ...smallCatalogue, seasons: [], tables: daily };
    for (const catalogue of [smallCatalogue, bare, { ...bare, tables: new Map() }]) {
      for (const today of ['2000-01-01', '2021-10-19', '2021-10-20', '2022-01-03', '2040-01-01']) {
        const here = { catalogue, today };
        const [coverage, backfill] = [exampleCommand('/coverage', here), exampleCommand('/backfill', here)];
        expect([coverage, isRefusal(readCoverageRequest(coverage, here))]).toEqual([coverage, false]);
        expect([backfill, isRefusal(readBackfillRequest(backfill, here))]).toEqual([backfill, false]);
      }
    }
  });
});
