/** What people may do with a backfill that was launched, and in which of its states (docs/architecture.md, "States"). */

import type { CalendarDate } from '../dates.ts';
import type { Origin } from '../origin.ts';
import type { BackfillState } from './backfill-report.ts';

export type SteerVerb = 'pause' | 'resume' | 'cancel' | 'retry';

/** The last time that a backfill was steered. `by` is a person, or `engine` where an option of the launch decided. */
export type Steering = {
  readonly verb: SteerVerb;
  readonly by: string;
  readonly reason: string | null;
  /** Epoch milliseconds. */
  readonly at: number;
  /** Absent where no person did it, and in what was stored before it was kept. */
  readonly origin?: Origin;
};

/** One entry of a backfill's history of being steered, with the cells that it met. */
export type SteerStep = Steering & {
  /** Cells that did not run, and that did and ended by themselves. */
  readonly waiting?: number;
  readonly running?: number;
  /** Cells that were canceled. */
  readonly stopped?: number;
  /** Cells that a retry took again, and that it left since they would end as before. */
  readonly again?: number;
  readonly stay?: number;
};

/** What there is to say to whoever steered. */
export type Steered = {
  readonly verb: SteerVerb;
  readonly id: string;
  readonly target: string;
  readonly state: BackfillState;
  /** Who did it, and why: an earlier person where it was `already` so, and then nothing was changed. */
  readonly steering: Steering | null;
  readonly already: boolean;
  /** Cells that this canceled. */
  readonly stopped: number;
  /** Cells that do not run, and those that do and end by themselves. */
  readonly waiting: number;
  readonly running: number;
  /** Of a retry: what it takes again, and what stays and why. */
  readonly again: readonly { readonly table: string; readonly date: CalendarDate }[];
  readonly stay: readonly { readonly table: string; readonly date: CalendarDate; readonly why: string }[];
};

/** Who steers where no person does: an option of the launch asked for it. */
export const engine = 'engine';

/** `move`: it can be done. `already`: it is so. Otherwise why it cannot be, as the rest of "Backfill X ...". */
export type Move = 'move' | 'already' | { readonly why: string };

const over: readonly BackfillState[] = ['done', 'canceled'];

type Stand = { readonly state: BackfillState; readonly steered: Steering | null };

/** Whether a verb changes anything about a backfill in its state. */
export function moveOf(verb: SteerVerb, { state, steered }: Stand): Move {
  switch (verb) {
    case 'pause':
      if (state === 'running') return 'move';
      return state === 'paused' ? 'already' : { why: sayState(state) };
    case 'resume':
      if (state === 'paused') return 'move';
      return state === 'running' ? 'already' : { why: sayState(state) };
    case 'cancel':
      if (['preflight', 'waiting_approval', 'running', 'paused'].includes(state)) return 'move';
      if (state === 'canceling' || state === 'canceled') return 'already';
      return state === 'finishing' && steered?.verb === 'cancel' ? 'already' : { why: sayState(state) };
    case 'retry':
      if (over.includes(state)) return 'move';
      if (state === 'running' && steered?.verb === 'retry') return 'already';
      return { why: `${sayState(state)}; it can be retried when it is over` };
  }
}

function sayState(state: BackfillState): string {
  switch (state) {
    case 'done':
      return 'is over, all its cells are final';
    case 'canceled':
      return 'is over, it was canceled';
    case 'canceling':
      return 'is being canceled, and what is under way ends by itself';
    case 'finishing':
      return 'has no cell left to run and is being summed up';
    case 'preflight':
    case 'waiting_approval':
      return 'has not started yet';
    case 'running':
    case 'paused':
      return `is ${state}`;
  }
}
