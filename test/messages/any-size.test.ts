import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { reasons, statuses } from '../../src/core/verdict.ts';
import { coverageMessage } from '../../src/messages/coverage-message.ts';
import { failureMessage } from '../../src/messages/failure-message.ts';
import { lintMessage } from '../../src/messages/limits.ts';
import type { Message } from '../../src/messages/message.ts';
import { helpMessage, noticeMessage, refusalMessage } from '../../src/messages/plain-messages.ts';
import { dryRunMessage, planMessage } from '../../src/messages/plan-message.ts';
import { preflightMessage } from '../../src/messages/preflight-message.ts';
import { progressMessage } from '../../src/messages/progress-message.ts';
import { qualityMessage } from '../../src/messages/quality-message.ts';
import { statusMessage } from '../../src/messages/status-message.ts';
import { summaryMessage } from '../../src/messages/summary-message.ts';
import { whyMessage } from '../../src/messages/why-message.ts';
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
    expect(text.replace(/<@[UW][A-Z0-9]+>/g, '')).not.toMatch(/[<>]/);
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

  test('of a plan, a dry run and a pre-flight passes Slack', { timeout: 120_000 }, () => {
    fc.assert(
      fc.property(plans, preflights, hostile, (plan, preflight, text) => {
        expectHarmless(planMessage(plan, { ...asked(text), offers }));
        expectHarmless(dryRunMessage(plan, preflight, asked(text)));
        expectHarmless(preflightMessage({ ...asked(text), preflight, repair: plan, offers }));
        expectHarmless(preflightMessage({ ...asked(text), preflight, repair: null }));
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
      }),
      runs,
    );
  });
});
