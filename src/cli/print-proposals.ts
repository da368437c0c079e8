/** Rules that fit, as text for a terminal: sentences are wrapped, and what is to be pasted stays on one line. */
import type { RuleProposals } from '../core/coverage/coverage-report.ts';
import { sayProposals } from '../messages/rule-proposals.ts';
import { type Output, wrap } from './output.ts';

/** Nothing where no rule is at fault. */
export function printProposals(found: Partial<RuleProposals>, output: Output): void {
  const { each, together } = sayProposals(found);
  if (each.length === 0) return;
  output.data('');
  output.data('Rules at fault, and what fits (paste it in the place of the rule):');
  for (const { fault, paste, effect } of each) {
    for (const line of wrap(fault, output.columns - 2)) output.data(`  ${line}`);
    if (paste !== null) output.data(`    ${paste}`);
    for (const line of wrap(effect, output.columns - 4)) output.data(`    ${line}`);
  }
  if (together !== null) for (const line of wrap(together, output.columns - 2)) output.data(`  ${line}`);
}
