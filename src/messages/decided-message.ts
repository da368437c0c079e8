/** What came of an answer, for whoever gave it; the message of the backfill itself tells the others. */
import type { Approval } from '../core/backfill/approval.ts';
import type { Backfill } from '../core/backfill/backfill.ts';
import { lines } from './blocks.ts';
import { fitMessage } from './fit-message.ts';
import type { Message } from './message.ts';
import { clip, code, person, type Words } from './words.ts';

export type DecidedView =
  | { readonly kind: 'approved' | 'denied' | 'changed'; readonly id: string }
  | { readonly kind: 'settled'; readonly backfill: Backfill; readonly approval: Approval | undefined };

/** For the answerer alone. */
export function decidedMessage(decided: DecidedView): Message {
  return fitMessage(() => [lines(...sayDecided(decided, (command) => command))]);
}

/** The sentences of it. `type`: a command of the chat as it is typed where they are read. */
export function sayDecided(decided: DecidedView, type: (command: string) => string): Words[] {
  switch (decided.kind) {
    case 'approved':
      return [['Backfill ', code(decided.id), ' is approved, and runs.']];
    case 'denied':
      return [['Backfill ', code(decided.id), ' is denied, and does not run.']];
    case 'changed':
      return [
        ['Your approval does not count: the plan of ', code(decided.id), ' has changed since it was asked.'],
        [
          'Nothing has run. See the plan as it is now, and approve that: ',
          code(type(`/backfill status ${decided.id}`)),
        ],
      ];
    case 'settled':
      return [saySettled(decided.backfill, decided.approval)];
  }
}

function saySettled({ id }: Backfill, approval: Approval | undefined): Words {
  const decision = approval?.decision ?? null;
  const start: Words = ['Backfill ', code(id)];
  if (decision === null) return [...start, ' was canceled before anybody answered; nothing was changed.'];
  if (decision.kind === 'expired')
    return [...start, ' was not approved in time, and does not run. Nothing was changed; it can be asked for again.'];
  const why = decision.reason === null ? '' : ` (${clip(decision.reason, 200)})`;
  return [...start, ` was ${decision.kind} already, by `, person(decision.by), `${why}; nothing was changed.`];
}
