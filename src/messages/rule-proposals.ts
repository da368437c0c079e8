/** Rules that fit in words: the minimum at fault, the figure in its place, and what it would have changed. */
import type { RuleProposal, RuleProposals, StatusChange } from '../core/coverage/coverage-report.ts';
import { list, type Part } from './blocks.ts';
import { count, sayDays, sayNumber, sayRange, statusWords } from './phrases.ts';
import { code, type Words } from './words.ts';

/** A line that says what is wrong and what fits, the rule to paste, and what it would have changed. */
export type ProposalWords = { readonly fault: string; readonly paste: string | null; readonly effect: string };

/** Each proposal in words, and at the end what all of them together would have changed. */
export function sayProposals(found: Partial<RuleProposals>): {
  readonly each: readonly ProposalWords[];
  readonly together: string | null;
} {
  const { proposals = [], proposalsTogether } = found;
  const over = proposals[0]?.over;
  const together =
    proposalsTogether === undefined || over === undefined
      ? null
      : `Together they would have changed ${sayChanges(proposalsTogether)} (${sayRange(over.from, over.to)}).`;
  return { each: proposals.map(sayProposal), together };
}

function sayProposal(proposal: RuleProposal): ProposalWords {
  const own = proposal.table === proposal.of;
  const who = own ? `${proposal.table} expects` : `${proposal.table} needs ${proposal.of}`;
  const minimum = `${who} at least ${count(proposal.minimum, 'row')}; on ${sayDays(proposal.dates)} that cannot be.`;
  const { perGame, yaml } = proposal;
  if (perGame === null || yaml === null) {
    return { fault: `${minimum} Too few good dates are known to say what fits.`, paste: null, effect: sayInstead(own) };
  }
  return {
    fault: `${minimum} ${sayNumber(perGame)} per game fits${saySeen(proposal)}.`,
    paste: `${proposal.path}: ${yaml}`,
    effect: `${sayMeets(proposal)} Alone it would have changed ${sayChanges(proposal.changes)} (${sayRange(proposal.over.from, proposal.over.to)}).`,
  };
}

function sayInstead(own: boolean): string {
  return own
    ? 'A share of another table (share_of) does not depend on the number of games.'
    : 'A share of another table (share_of), or no figure, does not depend on the number of games.';
}

function saySeen({ seen }: RuleProposal): string {
  if (seen === null) return ', as the table itself says';
  const usual = seen.usual > seen.least ? `, usually ${sayNumber(seen.usual)}` : '';
  return `: ${count(seen.dates, 'good date')} had ${sayNumber(seen.least)} or more${usual}`;
}

function sayMeets({ meets, dates }: RuleProposal): string {
  if (dates.length === 1) return meets === 1 ? 'The date has as many.' : 'The date has fewer even so.';
  if (meets === dates.length) return `All ${dates.length} dates have as many.`;
  return `${meets} of the ${dates.length} dates have as many.`;
}

/** "12 cells: model 9 blocked -> missing, 3 blocked -> complete". */
function sayChanges(changes: readonly StatusChange[]): string {
  if (changes.length === 0) return 'no cell';
  const total = changes.reduce((sum, change) => sum + change.dates, 0);
  const said = changes.map(
    ({ table, from, to, dates }) => `${table} ${sayNumber(dates)} ${statusWords[from]} -> ${statusWords[to]}`,
  );
  const shown = said.length > 7 ? [...said.slice(0, 6), `and ${said.length - 6} more kinds`] : said;
  return `${count(total, 'cell')}: ${shown.join(', ')}`;
}

/** The proposals as a list, at most `most` of them. */
export function proposalParts(found: Partial<RuleProposals>, most: number): Part[] {
  const { each, together } = sayProposals(found);
  if (each.length === 0) return [];
  const shown = each.slice(0, most);
  const items: Words[] = shown.map(({ fault, paste, effect }) => [
    `${fault} `,
    ...(paste === null ? [] : [code(paste), ' ']),
    effect,
  ]);
  const more = each.length - shown.length;
  return [
    list([
      ...items,
      ...(more > 0 ? [[`and ${count(more, 'more minimum', 'more minima')} that cannot be met`]] : []),
      ...(together === null ? [] : [[together]]),
    ]),
  ];
}

/** "; judged by the rules of 2021-12-01", where the rules are not today's. */
export function sayRulesAsOf({ rulesAsOf }: { readonly rulesAsOf?: string }): string {
  return rulesAsOf === undefined ? '' : `; judged by the rules of ${rulesAsOf}`;
}
