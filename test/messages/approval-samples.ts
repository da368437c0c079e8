/** What is said where a second person is needed. */
import { refuseDenied } from '../../src/core/access/say-denied.ts';
import type { Approval, Decision } from '../../src/core/backfill/approval.ts';
import { daysBetween } from '../../src/core/dates.ts';
import { noOptions } from '../../src/core/request/options.ts';
import { answeredNote, approvalMessage, changedNote } from '../../src/messages/approval-message.ts';
import { decidedMessage } from '../../src/messages/decided-message.ts';
import type { Message } from '../../src/messages/message.ts';
import { sameMessage } from '../../src/messages/overlap-message.ts';
import { refusalMessage } from '../../src/messages/plain-messages.ts';
import { dryRunMessage } from '../../src/messages/plan-message.ts';
import { progressMessage } from '../../src/messages/progress-message.ts';
import { statusMessage } from '../../src/messages/status-message.ts';
import { backfill, catalogue, estimate, finished, view } from './samples.ts';

const week = daysBetween('2022-01-01', '2022-01-07');
const overwrites = { kind: 'overwrites', table: null, dates: 10, above: 5 } as const;

export const approval: Approval = {
  fingerprint: 'f1',
  revision: 1,
  plan: {
    steps: [
      { table: 'psza', dates: ['2022-01-05'], overwritten: [] },
      { table: 'pcf', dates: week, overwritten: week },
      { table: 'mlfs', dates: week, overwritten: ['2022-01-02', '2022-01-03', '2022-01-06'] },
    ],
    overridden: [],
  },
  why: [overwrites],
  may: ['S0DATALEAD', 'theo'],
  askedAt: Date.parse('2022-01-08T02:14:00Z'),
  expiresAt: Date.parse('2022-01-09T02:14:00Z'),
  changes: [],
  decision: null,
};

const waiting = {
  state: 'waiting_approval',
  startedAt: null,
  options: { ...noOptions, noResume: true, withUpstream: true, reason: 'the source sent yesterday’s games twice' },
} as const;
const asked = backfill(waiting);
const answer = (kind: Decision['kind'], reason: string | null = null): Decision => {
  return { kind, by: 'theo', reason, at: Date.parse('2022-01-08T02:20:00Z') };
};
const waitingView = () => ({ ...view(waiting, []), failures: [], approval });
const overView = (decision: Decision) => ({
  ...view({ ...finished, result: 'refused', options: asked.options }, []),
  failures: [],
  approval: { ...approval, decision },
});

export const approvalMessages: Readonly<Record<string, () => Message>> = {
  'approval-asked': () => approvalMessage(asked, approval, { approve: 'k3v9x2-approve-1', deny: 'k3v9x2-deny-1' }),
  'approval-override': () =>
    approvalMessage(
      backfill({ ...waiting, options: { ...noOptions, skipPreflight: true, reason: 'the gamebook is lost for good' } }),
      {
        ...approval,
        plan: { steps: [{ table: 'mlfs', dates: week, overwritten: [] }], overridden: ['2022-01-03', '2022-01-04'] },
        why: [
          { kind: 'protected', tables: ['mlfs'] },
          { kind: 'skip-preflight', dates: 2 },
        ],
        may: 'everybody',
      },
      { approve: 'k3v9x2-approve-1', deny: 'k3v9x2-deny-1' },
    ),
  'approval-dry-run': () =>
    dryRunMessage(
      {
        target: 'mlfs',
        from: '2022-01-01',
        to: '2022-01-07',
        steps: [{ table: 'mlfs', dates: week }],
        blocked: [],
        staysTainted: [],
        needNothing: [],
        cells: 7,
        estimate,
        secondPerson: [{ kind: 'protected', tables: ['mlfs'] }],
      },
      { ready: week.map((date) => ({ table: 'mlfs', date })), blocked: [], warnings: [], skipped: [] },
      { catalogue, asked: '/backfill mlfs 2022-01-01..2022-01-07 --dry-run' },
    ),
  'approval-approved-note': () => answeredNote(asked, answer('approved')),
  'approval-denied-note': () => answeredNote(asked, answer('denied', 'not before the morning run')),
  'approval-expired-note': () => answeredNote(asked, answer('expired')),
  'approval-changed-note': () => changedNote(approval, 'theo'),
  'approval-denied': () => progressMessage(overView(answer('denied', 'not before the morning run'))),
  'approval-expired': () => progressMessage(overView(answer('expired'))),
  'approval-running': () => progressMessage({ ...view(), approval: { ...approval, decision: answer('approved') } }),
  'approval-same': () => sameMessage(waitingView(), { channel: 'C1', ts: null }),
  'approval-status-list': () => statusMessage([waitingView(), view()]),
  'decided-approved': () => decidedMessage({ kind: 'approved', id: 'k3v9x2' }),
  'decided-denied': () => decidedMessage({ kind: 'denied', id: 'k3v9x2' }),
  'decided-changed': () => decidedMessage({ kind: 'changed', id: 'k3v9x2' }),
  'decided-settled': () =>
    decidedMessage({ kind: 'settled', backfill: asked, approval: { ...approval, decision: answer('approved') } }),
  'decided-canceled': () =>
    decidedMessage({ kind: 'settled', backfill: backfill({ state: 'canceled', result: 'canceled' }), approval }),
  'denial-role': () =>
    refusalMessage(
      refuseDenied({
        action: 'launch',
        why: 'not_listed',
        tables: ['mlfs'],
        may: ['S0DATATEAM', 'C0PIPELINE'],
        unread: [],
      }),
    ),
  'denial-own': () =>
    refusalMessage(
      refuseDenied({ action: 'approve', why: 'own_request', tables: ['mlfs'], may: ['S0DATALEAD'], unread: [] }),
    ),
  'denial-unread': () =>
    refusalMessage(
      refuseDenied({
        action: 'steer',
        why: 'groups_unread',
        tables: ['mlfs'],
        may: ['S0DATATEAM'],
        unread: ['S0DATATEAM'],
      }),
    ),
};
