/** Every message that Backcourt sends, made from the samples. */
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
import { statusMessage } from '../../src/messages/status-message.ts';
import { summaryMessage } from '../../src/messages/summary-message.ts';
import { whyMessage } from '../../src/messages/why-message.ts';
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

const asked = (text: string) => ({ catalogue, asked: text });
const november = '/coverage mlfs 2021-11-01 2021-11-30';
const launch = '/backfill mlfs 2021-11-01 2021-11-30';

function needRepair() {
  const { preflight, repair } = preparedNovember();
  if (repair === null) throw new Error('the sample has nothing to repair');
  return { preflight, repair };
}

const gap = {
  id: '3f9c21d0',
  table: 'pgs',
  dates: ['2021-11-16', '2021-11-18'],
  reason: 'gamebooks were never published; asked the league on 3 Dec',
  acceptedBy: 'mira',
  acceptedAt: Date.UTC(2022, 0, 8, 2, 14),
};

/** By name, since a golden text stands in a file of that name. */
export const allMessages: Readonly<Record<string, () => Message>> = {
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
      { target: 'mlfs', from: '2021-12-01', to: '2021-12-07', steps: [], blocked: [], cells: 0 },
      asked('/coverage plan mlfs 2021-12-01 2021-12-07'),
    ),
  'dry-run': () =>
    dryRunMessage(needRepair().repair, needRepair().preflight, asked(`${launch} --dry-run --with-upstream`)),
  preflight: () =>
    preflightMessage({ ...needRepair(), ...asked(launch), offers: { ready: 'offer3', repair: 'offer4' } }),
  quality: () => qualityMessage(quality(), asked('/coverage quality pcf 2022-01-01 2022-01-07')),
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
    progressMessage(view({ ...finished, state: 'canceled', result: 'canceled' }, canceledCells())),
  'failure-failed': () => failureMessage(firstOf(failures), view(), { mention: true }),
  'failure-blocked': () => failureMessage(firstOf(failures.slice(1)), view()),
  'summary-gaps': () =>
    summaryMessage(view({ ...finished, quality: { ...quality(), table: 'mlfs' } }, finishedCells()), {
      catalogue,
      expectedRows: 1029,
    }),
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
