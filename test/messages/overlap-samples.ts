/** What is said where two backfills want the same dates. */
import { type Overlap, roadsOf } from '../../src/core/plan/overlap.ts';
import { noOptions } from '../../src/core/request/options.ts';
import { makeWhen } from '../../src/core/request/when.ts';
import { refuse } from '../../src/fault.ts';
import type { Message } from '../../src/messages/message.ts';
import {
  followedMessage,
  overlapMessage,
  overMessage,
  refusedLaterMessage,
  sameMessage,
} from '../../src/messages/overlap-message.ts';
import { progressMessage } from '../../src/messages/progress-message.ts';
import { statusMessage } from '../../src/messages/status-message.ts';
import { view } from './samples.ts';

const dates = ['2022-01-02', '2022-01-03', '2022-01-04'];
const when = makeWhen(['2022-01-02', '2022-01-03', '2022-01-04', '2022-01-05', '2022-01-06']);
const request = { verb: 'launch', table: 'mlfs', when, options: { ...noOptions, withUpstream: true } } as const;

const owner: Overlap['owners'][number] = {
  backfill: 'k3v9x2',
  by: 'mira',
  channel: 'C1',
  ts: '1641607445.000100',
  state: 'running',
  done: 12,
  total: 42,
  timeLeft: { least: 120_000, most: 300_000 },
  cells: [
    { table: 'pcf', dates },
    { table: 'mlfs', dates },
  ],
};
const other: Overlap['owners'][number] = {
  ...owner,
  backfill: 'p7q1z0',
  by: 'noor',
  channel: null,
  ts: null,
  state: 'paused',
  cells: [{ table: 'mlfs', dates: ['2022-01-05'] }],
};

function overlap(over: Partial<Overlap>, offers = {}): Message {
  const rest = [{ table: 'mlfs', date: '2022-01-06' }];
  const value = { owners: [owner], rest, ...over };
  const asked = '/backfill mlfs 2022-01-02..2022-01-06 --with-upstream';
  const links = new Map([['k3v9x2', 'https://example.slack.com/archives/C1/p1641607445000100']]);
  return overlapMessage({ overlap: value, roads: roadsOf(request, value), asked, links, offers });
}

const waiting = () => {
  const queued = view({ state: 'preflight', waitsFor: 'p7q1z0', startedAt: null }, []);
  return { ...queued, failures: [] };
};
const over = () => view({ state: 'done', result: 'succeeded', finishedAt: Date.parse('2022-01-08T02:20:00Z') });

export const overlapMessages: Readonly<Record<string, () => Message>> = {
  'overlap-one': () => overlap({}, { rest: 'r1-rest', after: 'r1-after', follow: 'r1-follow' }),
  'overlap-two-nothing-left': () =>
    overlap({ owners: [owner, other], rest: [] }, { after: 'r1-after', follow: 'r1-follow' }),
  'overlap-same': () => sameMessage(view(), { channel: 'C1', ts: null }),
  'overlap-same-waiting': () => sameMessage(waiting(), { channel: 'C1', ts: null }),
  'overlap-followed': () => followedMessage('followed', view()),
  'overlap-followed-already': () => followedMessage('already', view()),
  'overlap-followed-over': () => followedMessage('over', over()),
  'overlap-over': () => overMessage(over(), ['noor', 'U012ABCDEF']),
  'overlap-refused-later': () =>
    refusedLaterMessage(refuse('mlfs has no processor.', '/coverage mlfs 2022-01-06'), 'noor'),
  'overlap-waiting': () => progressMessage(waiting(), { cancel: 'k3v9x2-cancel-0' }),
  'overlap-waiting-status': () => statusMessage([waiting(), view()]),
};
