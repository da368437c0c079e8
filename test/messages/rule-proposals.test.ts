import { describe, expect, it } from 'vitest';
import { printProposals } from '../../src/cli/print-proposals.ts';
import type { RuleProposals } from '../../src/core/coverage/coverage-report.ts';
import { coverageMessage } from '../../src/messages/coverage-message.ts';
import { lintMessage } from '../../src/messages/limits.ts';
import { whyMessage } from '../../src/messages/why-message.ts';
import { renderText } from '../support/render-message.ts';
import { catalogue, coverageOf, whyOf } from './samples.ts';

const proposal = (n: number): RuleProposals['proposals'][number] => ({
  path: `tables.mlfs.needs.${n}`,
  table: 'mlfs',
  of: 'pdc',
  minimum: 100,
  dates: ['2021-11-09', '2021-11-11'],
  perGame: 14,
  seen: { dates: 16, least: 14.3, usual: 20.1 },
  yaml: '{ table: pdc, at_least_per_game: 14 }',
  meets: 1,
  over: { from: '2021-11-01', to: '2021-11-30' },
  changes: [{ table: 'mlfs', from: 'blocked', to: 'missing', dates: 9 }],
});

const found = (many: number): RuleProposals => ({
  proposals: Array.from({ length: many }, (_, n) => proposal(n)),
  proposalsTogether: [{ table: 'mlfs', from: 'blocked', to: 'complete', dates: 12 }],
});

function expectSaid(text: string): void {
  expect(text).toContain('mlfs needs pdc at least 100 rows; on 9, 11 Nov 2021 that cannot be.');
  expect(text).toContain('tables.mlfs.needs.0: { table: pdc, at_least_per_game: 14 }');
  expect(text).toContain('1 of the 2 dates have as many.');
  expect(text).toContain('9 cells: mlfs 9 blocked -> missing');
  expect(text).toContain('Together they would have changed 12 cells');
}

describe('rules that fit', () => {
  it('stand in the coverage message and in that of why, few of many, and say whose rules judged', () => {
    const asked = { catalogue, asked: '/coverage mlfs nov 2021' };
    const messages = [
      coverageMessage({ ...coverageOf(['mlfs']), ...found(40), rulesAsOf: '2021-12-01' }, asked),
      whyMessage({ ...whyOf('mlfs', '2021-11-16'), ...found(40), rulesAsOf: '2021-12-01' }, asked),
    ];
    for (const message of messages) {
      expect(lintMessage(message)).toEqual([]);
      const text = renderText(message).replace(/[`*]/g, '');
      expectSaid(text);
      expect(text).toContain('and 36 more minima that cannot be met');
      expect(text).toContain('judged by the rules of 2021-12-01');
    }
  });

  it('stand on a terminal in lines of its width, and the rule to paste on one', () => {
    const lines: string[] = [];
    printProposals(found(2), { data: (line) => lines.push(line), say: () => undefined, columns: 80 });
    expect(lines.filter((line) => line.length > 80)).toEqual([]);
    expectSaid(lines.map((line) => line.trim()).join(' '));
  });
});
