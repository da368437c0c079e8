/** Coverage before a backfill against coverage after it: roll-up lines that changed, and those that have a target. */
import type { BackfillRollUp } from '../core/backfill/backfill-report.ts';
import type { RollUpLine } from '../core/coverage/coverage-report.ts';
import { nameRollUp, sayNumber, sayShare } from './phrases.ts';

/** Name and words of each line: ["phase 4", "11 of 28 complete, now 28; 93.3 % of all 30, target 88.1 %"]. */
export function sayRollUpChange(before: BackfillRollUp, after: BackfillRollUp): [name: string, words: string][] {
  const was = new Map(linesOf(before).map((line) => [line.name, line]));
  return linesOf(after).flatMap((line) => {
    const old = was.get(line.name);
    const same = old !== undefined && old.complete === line.complete && old.expected === line.expected;
    return same && line.target === null ? [] : [[nameRollUp(line), sayChange(old, line)] as [string, string]];
  });
}

/** Months only where there are several: one says nothing that its tables do not. */
function linesOf(rollUp: BackfillRollUp): RollUpLine[] {
  const months = rollUp.months.length > 1 ? rollUp.months : [];
  return [...rollUp.tables, ...rollUp.phases, ...months, ...rollUp.periods];
}

function sayChange(before: RollUpLine | undefined, now: RollUpLine): string {
  if (now.expected === 0) return 'nothing expected';
  const was =
    before === undefined ? '' : `${sayNumber(before.complete)} of ${sayNumber(before.expected)} complete, now `;
  const is =
    before?.expected === now.expected
      ? sayNumber(now.complete)
      : `${sayNumber(now.complete)} of ${sayNumber(now.expected)}`;
  const target =
    now.target === null
      ? ''
      : `; ${sayShare(now.complete, now.calendar)} of all ${sayNumber(now.calendar)}, target ${sayShare(now.target * 1000, 1000)}`;
  return `${was}${is} (${sayShare(now.complete, now.expected)})${target}`;
}
