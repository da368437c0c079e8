/** What is said of watched tables: the day it begins, days with news, and what became of them. */
import { closeIn, type Digest } from '../../src/core/watch/digest.ts';
import { writeKept } from '../../src/core/watch/kept-state.ts';
import type { Message } from '../../src/messages/message.ts';
import { statusMessage } from '../../src/messages/status-message.ts';
import {
  digestMessage,
  passedOverMessage,
  unreadDigestMessage,
  watchEndedMessage,
  watchesMessage,
  watchStartedMessage,
} from '../../src/messages/watch-message.ts';
import { catalogue, coverageOf, now, view } from './samples.ts';

const run = (from: string, to = from) => ({ from, to });
const nothing: Digest = {
  day: '2022-01-08',
  tables: ['pcf', 'mlfs'],
  from: '2021-10-19',
  asOf: '2022-01-08T13:00:04.000Z',
  first: [],
  opened: [],
  groups: [],
  mended: [],
  dropped: [],
  stillOpen: { cells: 0, since: null },
  unread: [],
  closed: [],
  offers: {},
};

/** A gamebook that was taken back in November, and a table that stopped two days ago. */
const news: Digest = {
  ...nothing,
  opened: [
    { table: 'pcf', runs: [run('2021-11-16'), run('2022-01-06', '2022-01-07')] },
    { table: 'mlfs', runs: [run('2021-11-16', '2021-11-27'), run('2022-01-06', '2022-01-07')] },
  ],
  groups: [
    {
      table: 'pgs',
      reason: 'never_run',
      dates: [run('2021-11-16')],
      cells: [
        { table: 'pcf', runs: [run('2021-11-16')] },
        { table: 'mlfs', runs: [run('2021-11-16', '2021-11-27')] },
      ],
    },
    {
      table: 'pcf',
      reason: 'run_failed',
      dates: [run('2022-01-06', '2022-01-07')],
      cells: [
        { table: 'pcf', runs: [run('2022-01-06', '2022-01-07')] },
        { table: 'mlfs', runs: [run('2022-01-06', '2022-01-07')] },
      ],
    },
  ],
  mended: [{ table: 'mlfs', runs: [run('2021-12-02', '2021-12-09')] }],
  dropped: [{ table: 'pcf', runs: [run('2021-11-29')] }],
  stillOpen: { cells: 9, since: '2021-12-03' },
  offers: { plan: 'd1:plan', fill: { id: 'd1:fill', table: 'pgs' } },
};

const watches = [
  { table: 'mlfs', watchedBy: 'U012ABCDEF', watchedAt: now, kept: null },
  {
    table: 'pcf',
    watchedBy: 'mira',
    watchedAt: now,
    kept: writeKept({ from: '2021-11-16', cells: [{ status: 'missing', since: '2022-01-08' }] }),
  },
];

/** By name, since a golden text stands in a file of that name. */
export const watchMessages: Readonly<Record<string, () => Message>> = {
  'watch-started': () =>
    watchStartedMessage(
      { coverage: coverageOf(['pcf', 'mlfs'], '2021-10-19', '2022-01-07'), added: ['pcf', 'mlfs'], watches },
      { catalogue, asked: '/coverage watch pcf,mlfs' },
    ),
  'watch-ended': () => watchEndedMessage(['mlfs'], watches.slice(1), 'U012ABCDEF'),
  'watch-list': () => watchesMessage(watches, { catalogue, lastDay: '2022-01-08' }),
  'watch-list-none': () => watchesMessage([], { catalogue, lastDay: undefined }),
  digest: () => digestMessage(news, { catalogue }),
  'digest-partly-closed': () =>
    digestMessage(closeIn(news, [{ table: 'mlfs', runs: [run('2021-11-16', '2021-11-27')] }], '2022-01-09'), {
      catalogue,
    }),
  'digest-closed': () => digestMessage(closeIn(news, news.opened, '2022-01-10'), { catalogue }),
  'digest-unread': () =>
    digestMessage(
      {
        ...nothing,
        first: [{ table: 'mlfs', expected: 66, complete: 60 }],
        unread: [{ table: 'pgs', problem: 'Access Denied' }],
      },
      { catalogue },
    ),
  'digest-nothing-read': () => unreadDigestMessage('2022-01-08', 'the warehouse does not answer'),
  'digest-passed-over': () => passedOverMessage('2022-01-08', '2022-01-09'),
  'status-unposted': () =>
    statusMessage([view()], [{ channel: 'C012ABCDEF', messages: 2, detail: 'channel_not_found', since: now }]),
};
