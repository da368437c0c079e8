/** Requests of every kind: real ones, real ones with a slip of the pen, words thrown together, and text of any sort. */
import fc from 'fast-check';
import { addDays } from '../../src/core/dates.ts';

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
    'watch',
    'off',
    'accept',
    'revoke',
    'pause',
    'retry',
    'approve',
    'handover',
    'paus',
    'b1',
    '#B1',
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
    '--rules-as-of',
    '--sample',
    '--stop-on-failure',
    '--stop-on-failure=',
    '5%',
    '--skip-preflight',
    '--rest',
    '--after',
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
    ...[
      '--sample 3',
      '--stop-on-failure',
      '--stop-on-failure=2',
      '--stop-on-failure 30%',
      '--skip-preflight',
      '--rest',
    ],
    ...['--after b1', '--rules-as-of 2021-11-01', '--rules-as-of 2030-01-01'],
    ...['--reason "it\'s \\"late\\", yes"', "--reason='a, b'", '--only=all', '--no-resume'],
  ),
  { maxLength: 4 },
);
const someId = fc.oneof(
  fc.constantFrom('b1', '#B1', '`b1`', 'b1 b2', '', '-b1', '_', 'b\u20131', '<b1>'),
  fc.stringMatching(/^[0-9a-zA-Z_-]{0,70}$/),
);
/** What is said of a backfill that is there, and of a watch. */
export const steered = fc
  .tuple(
    fc.constantFrom(
      ...['pause', 'resume', 'cancel', 'retry', 'approve', 'deny', 'handover', 'status', 'revoke', 'Pause'],
      ...['watch', 'watch mlfs', 'watch pcf,all off', 'watch off', 'canecl'],
    ),
    someId,
    fc.constantFrom('', '', '--reason x', '--reason "a, b"', '--reason', '--reason a b', '--dry-run', '--dates b1'),
    fc.boolean(),
  )
  .map(([verb, id, option, before]) => (before ? `${option} ${verb} ${id}` : `${verb} ${id} ${option}`));
export const shaped = fc
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
export const anyText = fc.oneof(
  { weight: 4, arbitrary: mutated },
  { weight: 4, arbitrary: shaped },
  { weight: 4, arbitrary: slipped },
  { weight: 3, arbitrary: steered },
  fc.string({ unit: 'binary', maxLength: 80 }),
  units,
  fc
    .tuple(fc.constantFrom('mlfs ', 'mlfs 2021-11-16 ', 'why mlfs '), fc.string({ unit: 'grapheme' }))
    .map((t) => t.join('')),
);
