import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { buildHandover } from '../../src/core/backfill/handover.ts';
import { handoverMessage } from '../../src/messages/handover-message.ts';
import { handoverLines } from '../../src/messages/handover-text.ts';
import { lintMessage } from '../../src/messages/limits.ts';
import { handover } from './handover-samples.ts';
import { coverages, dates, hostile, views } from './hostile-values.ts';

describe('a hand-over note', () => {
  it('passes Slack whatever anybody wrote, and however much there is', { timeout: 120_000 }, () => {
    fc.assert(
      fc.property(views, coverages, dates, hostile, (view, look, days, text) => {
        const detail = { from: text, typed: text, name: text, reason: text, result: text };
        const audit = ['launch', 'pause', text].map((action) => ({ at: 0, actor: text, action, detail }));
        const facts = { view, asOf: 0, audit, runs: [], dates: days, now: null, look };
        const next = [{ command: text, why: text }];
        const note = { ...buildHandover(facts), next };
        const message = handoverMessage(note);
        expect(lintMessage(message)).toEqual([]);
        expect(message.text.replace(/<@[UW][A-Z0-9]+>/g, '')).not.toMatch(/[<>]/);
        for (const line of handoverLines(note, (command) => command)) expect(line).not.toMatch(/[\n\r\u202e]/);
      }),
      { numRuns: 25 },
    );
  });

  it('shows words of others as they are and not as Markdown', () => {
    const { asked } = handover();
    const reason = '# *all* of [it](http://x) <b>`now`</b> snake_case _no_';
    const note = handoverLines(
      { ...handover(), asked: { ...asked, reason, typed: 'a `b` ``c``' } },
      (command) => command,
    );
    expect(note).toContain('- reason: # \\*all\\* of \\[it\\](http://x) \\<b\\>\\`now\\`\\</b\\> snake_case \\_no\\_');
    expect(note).toContain('- command: ``` a `b` ``c`` ```');
  });

  it('says which lines are left out where they do not fit, and how to get all', () => {
    const long = { ...handover(), remains: Array.from({ length: 300 }, () => handover().remains).flat() };
    const { text } = handoverMessage(long);
    expect(text).toMatch(/\d+ more lines\. All of it: `backcourt handover k3v9x2`/);
  });
});
