/**
 * How an attempt ended, decided from the rows that are there and never from the answer (R13, R14): a processor answers
 * 200 after writing nothing, and 500 after writing everything.
 */

import type { Reason, Verdict } from '../verdict.ts';
import type { Snapshot } from './backfill.ts';

/** What the processor said, as far as the outcome needs it. */
export type Said =
  | { readonly kind: 'answered'; readonly reported: 'success' | 'unstated' }
  | {
      readonly kind: 'failed';
      readonly detail: string;
      readonly retry: boolean;
      /** What it is about, where that is not the date: the service (as bad for any other), its load, or how it is set up. */
      readonly about?: 'service' | 'busy' | 'setup';
      /** How long the service asked to be left alone, in milliseconds. */
      readonly retryAfter?: number;
    }
  | { readonly kind: 'ambiguous'; readonly detail: string };

export type Outcome =
  | { readonly state: 'succeeded'; readonly reason: Reason | null; readonly detail: string | null }
  | { readonly state: 'failed'; readonly reason: Reason; readonly detail: string; readonly retry: boolean };

/** Decides the outcome of one attempt. `verdict` is the cell's after the attempt, not counting that it is held. */
export function judgeOutcome(look: { before: Snapshot; after: Snapshot; verdict: Verdict; said: Said }): Outcome {
  const { before, after, verdict, said } = look;
  if (after.rows === 0) return judgeEmpty(verdict, said);
  const fresh = isFresh(before, after);
  if (fresh === false) return failRun(said, 'the rows are the ones that were there before');
  if (fresh === 'unknown') {
    if (said.kind !== 'answered' || said.reported !== 'success') return failRun(said, 'the rows did not change');
    const judged = judgeRows(verdict);
    return judged.state === 'succeeded'
      ? { ...judged, reason: 'unverified', detail: 'unchanged rows; the service says it wrote them' }
      : judged;
  }
  return judgeRows(verdict);
}

/** Whether rows were written since the snapshot; `unknown` where the table has no write time and the rows are the same. */
export function isFresh(before: Snapshot, after: Snapshot): boolean | 'unknown' {
  if (after.rows > 0 && before.rows === 0) return true;
  if (after.writtenAt !== null) return before.writtenAt === null || after.writtenAt > before.writtenAt;
  return after.fingerprint !== before.fingerprint ? true : 'unknown';
}

function judgeEmpty(verdict: Verdict, said: Said): Outcome {
  if (verdict.status === 'not_expected' && said.kind === 'answered') {
    return { state: 'succeeded', reason: verdict.reason, detail: 'no rows, and none need to be there' };
  }
  if (said.kind !== 'answered') return failRun(said, 'no rows');
  return {
    state: 'failed',
    reason: 'empty_success',
    detail: 'the service answered 200 and wrote no rows',
    retry: false,
  };
}

function failRun(said: Said, rows: string): Outcome {
  if (said.kind === 'answered') {
    return { state: 'failed', reason: 'run_failed', detail: `the service answered 200, but ${rows}`, retry: false };
  }
  return { state: 'failed', reason: 'run_failed', detail: said.detail, retry: said.kind === 'ambiguous' || said.retry };
}

/** A taint stands before what is wrong with the rows themselves (R2), and does not excuse it. */
function judgeRows(verdict: Verdict): Outcome {
  const { status, also } = verdict;
  switch (status === 'tainted' ? (also.find((other) => other === 'over' || other === 'thin') ?? status) : status) {
    case 'complete':
    case 'stale':
    case 'not_expected':
      return { state: 'succeeded', reason: null, detail: null };
    case 'tainted':
      return { state: 'succeeded', reason: 'built_on_bad_input', detail: sayTaint(verdict) };
    case 'over':
      return {
        state: 'failed',
        reason: 'duplicates',
        detail: `${verdict.rows} rows, ${verdict.entities} distinct`,
        retry: false,
      };
    default:
      return {
        state: 'failed',
        reason: 'rows_short',
        detail: `${verdict.entities} of at least ${verdict.expected ?? 1} rows`,
        retry: false,
      };
  }
}

function sayTaint(verdict: Verdict): string {
  const causes = verdict.causes.slice(0, 3).map((cause) => `${cause.table} ${cause.date}`);
  const more = verdict.causes.length > 3 ? ` and ${verdict.causes.length - 3} more` : '';
  return `built without ${causes.join(', ')}${more}`;
}
