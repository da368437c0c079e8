/** Every message that Backcourt sends, made from the samples. */
import { daysBetween } from '../../src/core/dates.ts';
import { noOptions } from '../../src/core/request/options.ts';
import { refuse } from '../../src/fault.ts';
import { coverageMessage } from '../../src/messages/coverage-message.ts';
import { failureMessage } from '../../src/messages/failure-message.ts';
import { acceptedMessage, gapsMessage, revokedMessage } from '../../src/messages/gap-message.ts';
import type { Message } from '../../src/messages/message.ts';
import { faultMessage, helpMessage, noticeMessage, refusalMessage } from '../../src/messages/plain-messages.ts';
import { dryRunMessage, planMessage } from '../../src/messages/plan-message.ts';
import { preflightMessage } from '../../src/messages/preflight-message.ts';
import { progressMessage } from '../../src/messages/progress-message.ts';
import { qualityMessage } from '../../src/messages/quality-message.ts';
import { reviewMessage } from '../../src/messages/review-view.ts';
import { statusMessage } from '../../src/messages/status-message.ts';
import { steerNote } from '../../src/messages/steer-note.ts';
import { steeredMessage } from '../../src/messages/steered-message.ts';
import { summaryMessage } from '../../src/messages/summary-message.ts';
import { whyMessage } from '../../src/messages/why-message.ts';
import { approvalMessages } from './approval-samples.ts';
import { coverageMessages } from './coverage-samples.ts';
import { handoverMessages } from './handover-samples.ts';
import { outageMessages } from './outage-samples.ts';
import { overlapMessages } from './overlap-samples.ts';
import { qualityMessages } from './quality-messages.ts';
import {
  backfill,
  canceledCells,
  catalogue,
  cell,
  coverageOf,
  failures,
  finished,
  finishedCells,
  preparedNovember,
  quality,
  view,
  whyOf,
} from './samples.ts';
import { watchMessages } from './watch-messages.ts';

const asked = (text: string) => ({ catalogue, asked: text });
const november = '/coverage mlfs 2021-11-01 2021-11-30';
const launch = '/backfill mlfs 2021-11-01 2021-11-30';

function needRepair() {
  const { preflight, repair } = preparedNovember();
  if (repair === null) throw new Error('the sample has nothing to repair');
  return { preflight, repair };
}

const lostGamebook = { table: 'sched', date: '2021-11-12', reason: 'never_run', have: 0, need: 1 } as const;

const gap = {
  id: '3f9c21d0',
  table: 'pgs',
  dates: ['2021-11-16', '2021-11-18'],
  reason: 'gamebooks were never published; asked the league on 3 Dec',
  acceptedBy: 'mira',
  acceptedAt: Date.UTC(2022, 0, 8, 2, 14),
};

const steered = {
  verb: 'pause' as const,
  id: '8c1f2ab90d34',
  steering: { verb: 'pause' as const, by: 'mira', reason: 'the source is late', at: Date.UTC(2022, 0, 8, 2, 14) },
  already: false,
  stopped: 0,
  waiting: 21,
  running: 2,
  again: [],
  stay: [],
};

const overridden = () => preparedNovember().preflight.blocked.slice(0, 2);

/** By name, since a golden text stands in a file of that name. */
export const allMessages: Readonly<Record<string, () => Message>> = {
  ...watchMessages,
  ...approvalMessages,
  'steered-pause': () => steeredMessage(steered),
  'steered-already': () => steeredMessage({ ...steered, already: true }),
  'steered-resume': () => steeredMessage({ ...steered, verb: 'resume', running: 0 }),
  'steered-cancel': () => steeredMessage({ ...steered, verb: 'cancel', stopped: 21, waiting: 0, running: 1 }),
  'steered-retry': () =>
    steeredMessage({
      ...steered,
      verb: 'retry',
      again: [
        { table: 'pgs', date: '2021-11-16' },
        { table: 'mlfs', date: '2021-11-16' },
        { table: 'mlfs', date: '2021-11-17' },
      ],
      stay: [{ table: 'tdza', date: '2021-11-29', why: 'the service answered 200 and wrote no rows' }],
    }),
  'gap-accepted': () => acceptedMessage(gap),
  'gap-revoked': () => revokedMessage(gap, 'theo'),
  'gaps-none': () => gapsMessage([]),
  'gaps-two': () => gapsMessage([gap, { ...gap, id: '77aa01b2', table: 'tdza', dates: ['2021-11-29'] }]),
  'coverage-one-table': () => coverageMessage(coverageOf(['mlfs']), { ...asked(november), offers: { plan: 'offer1' } }),
  'coverage-all-complete': () =>
    coverageMessage(coverageOf(['mlfs'], '2021-11-02', '2021-11-08'), asked('/coverage mlfs 2021-11-02 2021-11-08')),
  'coverage-nothing-expected': () =>
    coverageMessage(coverageOf(['mlfs'], '2021-10-20', '2021-10-22'), asked('/coverage mlfs 2021-10-20 2021-10-22')),
  'coverage-five-tables': () =>
    coverageMessage(
      coverageOf(['pgs', 'psza', 'pcf', 'pdc', 'mlfs']),
      asked('/coverage pgs psza pcf pdc mlfs nov 2021'),
    ),
  'coverage-long': () =>
    coverageMessage(coverageOf(['mlfs'], '2021-10-19', '2022-01-07'), asked('/coverage mlfs 2021-10-19..2022-01-07')),
  'coverage-long-many': () =>
    coverageMessage(
      coverageOf(['pgs', 'pcf', 'mlfs'], '2021-10-19', '2022-01-07'),
      asked('/coverage pgs pcf mlfs 2021-10-19..2022-01-07'),
    ),
  'coverage-unread': () =>
    coverageMessage(
      { ...coverageOf(['mlfs']), unread: [{ table: 'pdc', problem: 'table small.pdc does not exist' }] },
      asked(november),
    ),
  ...coverageMessages,
  'why-blocked': () => whyMessage(whyOf('mlfs', '2021-11-21'), { asked: '/coverage why mlfs 2021-11-21' }),
  'why-tainted': () => whyMessage(whyOf('mlfs', '2021-12-02'), { asked: '/coverage why mlfs 2021-12-02' }),
  'why-complete': () => whyMessage(whyOf('mlfs', '2021-11-05'), { asked: '/coverage why mlfs 2021-11-05' }),
  plan: () =>
    planMessage(needRepair().repair, {
      ...asked('/coverage plan mlfs 2021-11-01 2021-11-30'),
      offers: { repair: 'offer2' },
    }),
  'plan-nothing': () =>
    planMessage(
      {
        target: 'mlfs',
        from: '2021-12-01',
        to: '2021-12-07',
        steps: [],
        blocked: [],
        staysTainted: [],
        needNothing: [{ status: 'complete', reason: null, dates: daysBetween('2021-12-01', '2021-12-07') }],
        cells: 0,
        estimate: null,
      },
      asked('/coverage plan mlfs 2021-12-01 2021-12-07'),
    ),
  'plan-stays-bad': () =>
    planMessage(
      {
        ...needRepair().repair,
        estimate: null,
        staysTainted: ['psza', 'pcf', 'mlfs'].flatMap((table) =>
          daysBetween('2021-11-16', '2021-11-20').map((date) => ({ table, date, cause: lostGamebook })),
        ),
        blocked: [{ table: 'mlfs', date: '2021-11-12', cause: lostGamebook }],
      },
      asked('/coverage plan mlfs 2021-11-01 2021-11-30'),
    ),
  review: () =>
    reviewMessage({
      plan: needRepair().repair,
      preflight: needRepair().preflight,
      cells: [
        { table: 'pdc', date: '2022-01-03', status: 'thin' },
        { table: 'mlfs', date: '2022-01-03', status: 'complete' },
        { table: 'mlfs', date: '2022-01-04', status: 'complete' },
        { table: 'mlfs', date: '2022-01-05', status: 'missing' },
      ],
      dates: daysBetween('2022-01-01', '2022-01-07'),
      ...asked(`${launch} --no-resume --with-upstream`),
    }),
  'review-nothing': () =>
    reviewMessage({
      plan: { ...needRepair().repair, steps: [], cells: 0, blocked: [], staysTainted: [], estimate: null },
      preflight: { ready: [], blocked: [], warnings: [], skipped: [] },
      cells: [],
      dates: daysBetween('2022-01-01', '2022-01-07'),
      ...asked(launch),
    }),
  'dry-run': () =>
    dryRunMessage(needRepair().repair, needRepair().preflight, asked(`${launch} --dry-run --with-upstream`)),
  preflight: () =>
    preflightMessage({
      ...needRepair(),
      ...asked(launch),
      readyEstimate: { leastMs: 38_000, mostMs: 61_000, measured: 40 },
      offers: { ready: 'offer3', repair: 'offer4' },
    }),
  ...qualityMessages,
  ...handoverMessages,
  ...outageMessages,
  ...overlapMessages,
  quality: () => qualityMessage(quality(), asked('/coverage quality pcf 2022-01-01 2022-01-07')),
  'progress-paused': () =>
    progressMessage(
      view({ state: 'paused', steered: { verb: 'pause', by: 'theo', reason: 'late gamebooks', at: 0 } }),
      {
        resume: 'offer5',
        cancel: 'offer6',
      },
    ),
  'progress-canceling': () =>
    progressMessage(
      view({
        state: 'canceling',
        steered: { verb: 'cancel', by: 'engine', reason: '3 of 8 cells failed (--stop-on-failure=3)', at: 0 },
      }),
    ),
  'steer-note-cancel': () =>
    steerNote({ verb: 'cancel', by: 'theo', reason: 'wrong month', at: 0, stopped: 12, running: 1 }, 'k3v9x2'),
  'steer-note-sample': () => {
    const reason = 'the sample did not verify: mlfs 2022-01-07 failed, mlfs 2022-01-04 blocked';
    return steerNote({ verb: 'pause', by: 'engine', reason, at: 0, waiting: 11, running: 0 }, 'k3v9x2');
  },
  'steer-note-retry': () => steerNote({ verb: 'retry', by: 'theo', reason: null, at: 0, again: 5, stay: 1 }, 'k3v9x2'),
  'progress-running': () => progressMessage(view()),
  'progress-done': () =>
    progressMessage(
      view(
        { ...finished, result: 'succeeded' },
        finishedCells().map((each) => ({ ...each, state: 'succeeded', rowsAfter: 141 })),
      ),
    ),
  'progress-gaps': () => progressMessage(view(finished, finishedCells())),
  'progress-canceled': () =>
    progressMessage(
      view(
        {
          ...finished,
          state: 'canceled',
          result: 'canceled',
          steered: { verb: 'cancel', by: 'theo', reason: 'wrong month', at: 0 },
        },
        canceledCells(),
      ),
      { retry: 'offer7' },
    ),
  'failure-failed': () => failureMessage(firstOf(failures), view(), { mention: true }),
  'failure-partly-mended': () =>
    failureMessage(
      {
        ...firstOf(failures),
        dates: daysBetween('2022-01-02', '2022-01-06'),
        errorIds: ['e7f3a1', 'e7f3a2'],
        ended: [
          { date: '2022-01-02', at: Date.UTC(2022, 0, 9, 7, 5), by: 'k3v9x2' },
          { date: '2022-01-05', at: Date.UTC(2022, 0, 9, 7, 5), by: null },
        ],
      },
      view(),
    ),
  'failure-mended': () =>
    failureMessage(
      {
        ...firstOf(failures),
        dates: daysBetween('2022-01-02', '2022-01-04'),
        ended: [
          { date: '2022-01-02', at: Date.UTC(2022, 0, 9, 7, 5), by: 'k3v9x2' },
          { date: '2022-01-03', at: Date.UTC(2022, 0, 10, 9, 30), by: 'm5c1d8' },
          { date: '2022-01-04', at: Date.UTC(2022, 0, 10, 9, 31), by: 'm5c1d8' },
        ],
      },
      view(),
      { mention: true },
    ),
  'failure-blocked': () => failureMessage(firstOf(failures.slice(1)), view()),
  'summary-gaps': () =>
    summaryMessage(view({ ...finished, quality: { ...quality(), table: 'mlfs' } }, finishedCells()), {
      catalogue,
      expectedRows: 1029,
    }),
  'summary-overrides': () =>
    summaryMessage(
      view(
        {
          ...finished,
          target: 'psza',
          options: { ...noOptions, skipPreflight: true, noResume: true, reason: 'the league will not send them' },
          preflight: { ready: [], blocked: [], warnings: [], skipped: [], overridden: overridden() },
          unblocked: [
            { table: 'pcf', dates: daysBetween('2022-01-01', '2022-01-07') },
            { table: 'pdc', dates: ['2022-01-03'] },
            { table: 'mlfs', dates: daysBetween('2022-01-01', '2022-01-07') },
          ],
        },
        [
          cell('psza', '2022-01-01', { state: 'succeeded', rowsAfter: 320, attempts: 1, status: 'complete' }),
          cell('psza', '2022-01-02', { state: 'failed', rowsAfter: 0, attempts: 3, reason: 'run_failed' }),
        ],
      ),
      { catalogue, again: 1, offers: { retry: 'offer8', launches: ['offer9'] } },
    ),
  'progress-overrides': () =>
    progressMessage(
      view({
        options: { ...noOptions, skipPreflight: true, rest: true, concurrency: 2, reason: 'lost for good' },
        preflight: { ready: [], blocked: [], warnings: [], skipped: [], overridden: overridden() },
      }),
    ),
  'summary-pcf': () =>
    summaryMessage(
      view({ ...finished, target: 'pcf', result: 'succeeded', quality: quality() }, [
        cell('pcf', '2022-01-01', { state: 'succeeded', rowsAfter: 147, attempts: 1 }),
      ]),
      { catalogue },
    ),
  'status-list': () =>
    statusMessage([
      view(),
      {
        ...view(finished, finishedCells()),
        backfill: { ...backfill(finished), id: 'a8d2', requestedBy: 'U012ABCDEF' },
      },
    ]),
  'status-none': () => statusMessage([]),
  refusal: () =>
    refusalMessage(
      refuse(
        '11/01/2021 can be 1 November or 11 January, and nobody can know which. Dates are written 2021-11-01.',
        '/coverage mlfs 2021-11-01',
      ),
    ),
  fault: () => faultMessage('f91c2e'),
  help: () =>
    helpMessage([
      '`/coverage <what> <when>` shows which dates are there',
      'For example: `/coverage mlfs 2021-11-01 2021-11-30`',
    ]),
  notice: () => noticeMessage('Reading mlfs, 1-30 Nov 2021 (30 dates) ...'),
};

function firstOf<T>(all: readonly T[]): T {
  const first = all[0];
  if (first === undefined) throw new Error('the sample is empty');
  return first;
}
