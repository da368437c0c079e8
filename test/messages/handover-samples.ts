/** Hand-over notes of a November that is not filled yet: one that fits, and one of a season that has to be cut. */

import type { BackfillRollUp } from '../../src/core/backfill/backfill-report.ts';
import { buildHandover, type Handover, type HandoverFacts } from '../../src/core/backfill/handover.ts';
import { daysBetween } from '../../src/core/dates.ts';
import { handoverMessage } from '../../src/messages/handover-message.ts';
import { listNext } from '../../src/messages/handover-next.ts';
import type { Message } from '../../src/messages/message.ts';
import { cell, coverageOf, finished, preparedNovember, view } from './samples.ts';

const november = { from: '2021-11-01', to: '2021-11-30' };
const hour = Date.UTC(2022, 0, 8, 3);

function rollUpOf(complete: number): BackfillRollUp {
  const line = {
    name: 'mlfs',
    calendar: 30,
    expected: 29,
    reachable: 29,
    complete,
    share: complete / 29,
    target: null,
  };
  return { phases: [], months: [], periods: [], tables: [line] };
}

const facts: HandoverFacts = {
  view: view(
    {
      ...finished,
      ...november,
      preflight: preparedNovember().preflight,
      coverageBefore: rollUpOf(22),
      coverageAfter: rollUpOf(23),
    },
    [
      cell('mlfs', '2021-11-29', { state: 'succeeded', rowsAfter: 147, attempts: 1 }),
      cell('mlfs', '2021-11-30', {
        state: 'failed',
        rowsAfter: 40,
        attempts: 3,
        reason: 'rows_short',
        detail: '40 of 100 rows',
      }),
    ],
  ),
  asOf: hour,
  audit: [
    {
      at: hour - 3_000_000,
      actor: 'mira',
      action: 'launch',
      detail: { from: 'slack C024BE91L', typed: '/backfill mlfs nov 2021 --ready-only' },
    },
    { at: hour - 2_000_000, actor: 'theo', action: 'pause', detail: { reason: 'the *source* is late' } },
    { at: hour - 1_000_000, actor: 'engine', action: 'finish', detail: { result: 'succeeded_with_gaps' } },
  ],
  runs: [{ table: 'mlfs', attempts: 4, ms: 84_000 }],
  dates: daysBetween(november.from, november.to),
  now: rollUpOf(24),
  look: coverageOf(['mlfs']),
};

export function handover(): Handover {
  const built = buildHandover(facts);
  return { ...built, next: listNext(built, { retry: { again: [], stay: [] }, plan: preparedNovember().repair }) };
}

/** Every second date of a season in a way of its own. */
function longHandover(): Handover {
  const remains = daysBetween('2021-10-19', '2022-04-10').map((date, n) => {
    const other = n % 2 === 0 ? 'pgs' : 'pdc';
    const causes = [{ table: other, reason: 'never_run' as const, dates: [date] }];
    return {
      table: 'mlfs',
      status: 'blocked' as const,
      reason: 'upstream_missing' as const,
      dates: [date],
      causes,
      heldBy: null,
    };
  });
  return { ...handover(), remains };
}

export const handoverMessages: Readonly<Record<string, () => Message>> = {
  handover: () => handoverMessage(handover()),
  'handover-cut': () => handoverMessage(longHandover()),
};
