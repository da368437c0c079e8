import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { refuseDenied } from '../../src/core/access/say-denied.ts';
import { groupRuns } from '../../src/core/dates.ts';
import { reasons, statuses } from '../../src/core/verdict.ts';
import { answeredNote, approvalMessage, changedNote } from '../../src/messages/approval-message.ts';
import { coverageMessage } from '../../src/messages/coverage-message.ts';
import { decidedMessage } from '../../src/messages/decided-message.ts';
import { failureMessage } from '../../src/messages/failure-message.ts';
import { lintMessage } from '../../src/messages/limits.ts';
import type { Message } from '../../src/messages/message.ts';
import { helpMessage, noticeMessage, refusalMessage } from '../../src/messages/plain-messages.ts';
import { dryRunMessage, planMessage } from '../../src/messages/plan-message.ts';
import { preflightMessage } from '../../src/messages/preflight-message.ts';
import { progressMessage } from '../../src/messages/progress-message.ts';
import { qualityMessage } from '../../src/messages/quality-message.ts';
import { statusMessage } from '../../src/messages/status-message.ts';
import { steeredMessage } from '../../src/messages/steered-message.ts';
import { summaryMessage } from '../../src/messages/summary-message.ts';
import { digestMessage, watchesMessage, watchStartedMessage } from '../../src/messages/watch-message.ts';
import { whyMessage } from '../../src/messages/why-message.ts';
import { approval } from './approval-samples.ts';
import {
  coverages,
  dates,
  failureGroups,
  hostile,
  pick,
  plans,
  preflights,
  qualities,
  views,
} from './hostile-values.ts';
import { catalogue } from './samples.ts';

/** Nothing that calls people or links anywhere but what is ours. */
function expectHarmless(message: Message): void {
  expect(lintMessage(message)).toEqual([]);
  const mrkdwn = [
    message.text,
    ...message.blocks
      .flatMap((block) => (block.type === 'context' ? block.elements : []))
      .map((each) => JSON.stringify(each)),
  ];
  for (const text of mrkdwn) {
    expect(text.replace(/<@[UW][A-Z0-9]+>|<!subteam\^S0DATALEAD>/g, '')).not.toMatch(/[<>]/);
  }
}

const asked = (text: string) => ({ catalogue, asked: text });
const offers = { plan: 'p'.repeat(40), ready: 'r'.repeat(40), repair: 'o'.repeat(40) };
const runs = { numRuns: 25 };

describe('a message of any size and with any text', () => {
  test('of coverage passes Slack with 1 to 1,000 dates of up to 12 tables', { timeout: 120_000 }, () => {
    fc.assert(
      fc.property(coverages, hostile, (coverage, text) =>
        expectHarmless(coverageMessage(coverage, { ...asked(text), offers })),
      ),
      runs,
    );
  });

  test('of an approval, its answers and a denial passes Slack', { timeout: 120_000 }, () => {
    fc.assert(
      fc.property(views, plans, hostile, hostile, (view, plan, who, text) => {
        const steps = plan.steps.map(({ table, dates }) => ({
          table,
          dates,
          overwritten: dates.filter((_, n) => n % 3),
        }));
        const tables = plan.steps.map(({ table }) => table);
        const why = [
          { kind: 'protected', tables },
          { kind: 'overwrites', table: null, dates: plan.cells, above: 3 },
        ] as const;
        const overridden = steps[0]?.dates ?? [];
        const may = ['S0DATALEAD', who, ...tables];
        const shown = { ...approval, plan: { steps, overridden }, why, may };
        const offers = { approve: 'a'.repeat(90), deny: 'd'.repeat(90) };
        const asked = approvalMessage(view.backfill, shown, offers);
        expectHarmless(asked);
        expect(asked.blocks.map(({ type }) => type)).toContain('actions');
        expectHarmless(changedNote(shown, who));
        for (const kind of ['approved', 'denied', 'expired'] as const) {
          const decision = { kind, by: who, reason: text, at: 1 };
          const over = { ...view, approval: { ...shown, decision } };
          expectHarmless(answeredNote(view.backfill, decision));
          expectHarmless(
            progressMessage({ ...over, backfill: { ...view.backfill, state: 'done', result: 'refused' } }),
          );
          expectHarmless(progressMessage(over));
          expectHarmless(decidedMessage({ kind: 'settled', backfill: view.backfill, approval: over.approval }));
        }
        const denied = { action: 'launch', why: 'not_listed', tables, may, unread: [] } as const;
        expectHarmless(refusalMessage(refuseDenied(denied)));
      }),
      runs,
    );
  });

  test('of a plan, a dry run and a pre-flight passes Slack', { timeout: 120_000 }, () => {
    fc.assert(
      fc.property(plans, preflights, hostile, (plan, preflight, text) => {
        expectHarmless(planMessage(plan, { ...asked(text), offers }));
        expectHarmless(dryRunMessage(plan, preflight, asked(text)));
        expectHarmless(
          preflightMessage({ ...asked(text), preflight, readyEstimate: plan.estimate, repair: plan, offers }),
        );
        expectHarmless(preflightMessage({ ...asked(text), preflight, readyEstimate: null, repair: null }));
      }),
      runs,
    );
  });

  test('of a backfill, running or done, passes Slack', { timeout: 120_000 }, () => {
    fc.assert(
      fc.property(views, failureGroups, (one, group) => {
        expectHarmless(progressMessage(one));
        expectHarmless(summaryMessage(one, { catalogue, expectedRows: 12 }));
        expectHarmless(statusMessage(Array.from({ length: 30 }, () => one)));
        expectHarmless(failureMessage(group, one, { mention: true }));
        const ended = group.dates.map((date, n) => ({ date, at: n, by: n % 3 === 0 ? null : `${group.detail}${n}` }));
        expectHarmless(failureMessage({ ...group, ended: ended.slice(1) }, one));
        expectHarmless(failureMessage({ ...group, ended }, one, { mention: true }));
        const tables = [...catalogue.tables.keys()];
        const unblocked = tables.map((table, n) => ({ table, dates: group.dates.slice(n) }));
        const set = { ...one.backfill.options, skipPreflight: true, noResume: true, rest: true };
        const full = { ...one, backfill: { ...one.backfill, options: set, unblocked } };
        expectHarmless(progressMessage(full));
        const next = { retry: 'offer1', launches: ['offer2', 'offer3'] };
        const summary = summaryMessage(full, { catalogue, again: 3, offers: next });
        expectHarmless(summary);
        // Not as bare text, which is the last resort.
        expect(summary.blocks.map(({ type }) => type)).toContain('actions');
      }),
      runs,
    );
  });

  test('of watched tables passes Slack', { timeout: 120_000 }, () => {
    fc.assert(
      fc.property(coverages, dates, hostile, (coverage, days, text) => {
        const tables = Array.from({ length: 60 }, (_, n) => `${text} ${n}`);
        const all = tables.map((table) => ({ table, runs: groupRuns(days) }));
        const groups = all.map(({ table, runs: of }, n) => ({
          table,
          reason: pick(reasons, n),
          dates: of,
          cells: all.slice(0, 3),
        }));
        const problems = tables.map((table) => ({ table, problem: text }));
        const told = { opened: all, groups: groups.slice(0, 20), mended: all, dropped: all, unread: problems };
        const closed = all.slice(1).map((each) => ({ ...each, day: '2022-01-09' }));
        const first = tables.map((table) => ({ table, expected: 9, complete: 1 }));
        const stillOpen = { cells: 9, since: '2021-11-03' };
        const when = { day: '2022-01-08', from: '2021-10-19', asOf: '2022-01-08T13:00:00.000Z' };
        const buttons = { plan: text.slice(0, 40) || 'p', fill: { id: 'f', table: text } };
        expectHarmless(
          digestMessage({ ...when, ...told, tables, first, stillOpen, closed, offers: buttons }, { catalogue }),
        );
        const watches = tables.map((table) => ({ table, watchedBy: text, watchedAt: 0, kept: text }));
        expectHarmless(watchesMessage(watches, { catalogue, lastDay: '2022-01-08' }));
        expectHarmless(watchStartedMessage({ coverage, added: tables, watches }, asked(text)));
      }),
      runs,
    );
  });

  test('of quality, of a chain of causes, of a refusal and of help passes Slack', { timeout: 120_000 }, () => {
    fc.assert(
      fc.property(qualities, dates, hostile, fc.array(hostile, { maxLength: 200 }), (quality, days, text, help) => {
        expectHarmless(qualityMessage(quality, asked(text)));
        const chain = days.map((date, depth) => ({
          table: 'pgs',
          date,
          status: pick(statuses, depth),
          reason: pick(reasons, depth),
          have: depth,
          need: null,
          rule: text,
          depth: depth % 12,
        }));
        expectHarmless(
          whyMessage(
            { table: 'mlfs', date: '2021-11-16', status: 'blocked', reason: 'upstream_missing', chain },
            { asked: text },
          ),
        );
        expectHarmless(refusalMessage({ refused: true, message: text, try: text }));
        expectHarmless(noticeMessage(text));
        expectHarmless(helpMessage(help));
        const again = days.map((date) => ({ table: 'pgs', date }));
        const stay = again.map((cell) => ({ ...cell, why: text }));
        const steering = { verb: 'retry', by: text, reason: text, at: 0 } as const;
        const steered = { ...steering, id: 'b1', steering, stopped: 0, waiting: days.length, running: 1, again, stay };
        for (const already of [true, false]) expectHarmless(steeredMessage({ ...steered, already }));
      }),
      runs,
    );
  });
});
