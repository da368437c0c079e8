/**
 * Settles an attempt whose end nobody saw: the deadline passed, the answer was lost, or the process died. Rows first:
 * fresh and good rows end it at once. Otherwise its locks are held until the service has surely ended the call, since a
 * second call beside a running one is worse than waiting.
 */
import { isFresh, judgeOutcome } from '../src/core/outcome.ts';
import type { Looked, Ports } from '../src/ports.ts';
import { findLiveAttempt, type LiveAttempt } from '../src/store/attempts.ts';
import type { Task } from '../src/tasks/tasks.ts';
import { attemptOf, settleAttempt, verifySoon } from './settle-attempt.ts';

type Cell = Extract<Task, { kind: 'verify-cell' }>;

/** Ends the attempt, or comes back later. */
export async function verifyCell(ports: Ports, cell: Cell): Promise<void> {
  const live = await findLiveAttempt(ports.store.query, cell);
  if (!live?.ambiguous) return;
  const attempt = attemptOf(live);
  // Died before its snapshot was stored, so before the call: there is nothing to wait for.
  if (live.snapshot === null) {
    const look = await ports.look(cell.table, cell.date);
    const outcome = {
      state: 'failed',
      reason: 'run_failed',
      detail: 'interrupted before the call',
      retry: true,
    } as const;
    return settleAttempt(ports, attempt, look.snapshot, look.snapshot, outcome);
  }
  const after = await ports.look(cell.table, cell.date);
  if (!isGood(live, after) && ports.clock.now() < live.holdUntil) return verifySoon(ports, attempt);
  const said = { kind: 'ambiguous', detail: live.detail ?? 'the answer was lost' } as const;
  const outcome = judgeOutcome({ before: live.snapshot, after: after.snapshot, verdict: after.verdict, said });
  await settleAttempt(ports, attempt, live.snapshot, after.snapshot, outcome);
}

function isGood(live: LiveAttempt, after: Looked): boolean {
  if (live.snapshot === null || after.snapshot.rows === 0) return false;
  const sound = ['complete', 'stale', 'tainted'].includes(after.verdict.status);
  return sound && isFresh(live.snapshot, after.snapshot) === true;
}
