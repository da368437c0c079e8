/**
 * The second person's yes to a backfill: what was shown to them, until when they may answer, and what they said. It is
 * for one plan, so it counts only while that plan is still what would run.
 */
import type { Who } from '../access/access.ts';
import type { ShownPlan, WhySecond } from '../access/shown-plan.ts';

export type Decision = {
  /** `expired`: nobody answered in time. */
  readonly kind: 'approved' | 'denied' | 'expired';
  readonly by: string;
  readonly reason: string | null;
  /** Epoch milliseconds, as all instants here. */
  readonly at: number;
};

/** What a second person is shown. */
export type Shown = {
  readonly plan: ShownPlan;
  readonly why: readonly WhySecond[];
  /** Who may say yes, as the pipeline file was then. */
  readonly may: Who;
};

export type Approval = Shown & {
  /** Of the plan: equal for equal plans only. */
  readonly fingerprint: string;
  /** How often a plan was shown; buttons of earlier ones are not answers to this one. */
  readonly revision: number;
  readonly askedAt: number;
  readonly expiresAt: number;
  /** When it was found at an approval that the plan had changed, and by whose approval. */
  readonly changes: readonly { readonly at: number; readonly by: string }[];
  /** Null: nobody has answered. */
  readonly decision: Decision | null;
};

/** The part of a button's id that tells which plan it is an answer to. */
export function answerName(verb: 'approve' | 'deny', revision: number): string {
  return `${verb}-${revision}`;
}

/** The revision that a button's id is an answer to; undefined for any other id. */
export function readAnswerName(offer: string): number | undefined {
  const found = /-(?:approve|deny)-(\d+)$/.exec(offer)?.[1];
  return found === undefined ? undefined : Number(found);
}
