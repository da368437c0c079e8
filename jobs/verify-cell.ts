/**
 * Settles an attempt whose end nobody saw: the deadline passed, the answer was lost, or the process died. Rows first:
 * fresh and good rows end it at once. Otherwise its locks are held until the service has surely ended the call, since a
 * second call beside a running one is worse than waiting.
 */
import { isFresh, judgeOutcome } from '../src/core/backfill/outcome.ts';
import type { Looked, Ports } from '../src/ports.ts';
import { findLiveAttempt, type LiveAttempt } from '../src/store/attempts.ts';
import { countInterrupted, recordInterrupted } from '../src/store/outcomes.ts';
import type { Task } from '../src/tasks/tasks.ts';
import type { CellWork } from './cell-work.ts';
import { type Attempt, attemptOf, ringOn, settleAttempt, verifySoon } from './settle-attempt.ts';

type Cell = Extract<Task, { kind: 'verify-cell' }>;

/** So often a cell is begun anew without counting, when its process ended before it called. */
const mostInterrupted = 5;

/** Ends the attempt, or comes back later. */
export async function verifyCell(ports: Ports, work: CellWork, cell: Cell): Promise<void> {
  const live = await findLiveAttempt(ports.store.query, cell);
  if (!live?.ambiguous) return;
  const attempt = attemptOf(live);
  if (live.snapshot === null) return giveBack(ports, work, cell, attempt);
  // Rows that come after the hold are not seen by a look that was asked for before its end, however late it answers.
  const asked = ports.clock.now();
  const after = await ports.look(cell.table, cell.date);
  if (!isGood(live, after) && asked < live.holdUntil) return verifySoon(ports, attempt);
  const said = { kind: 'ambiguous', detail: live.detail ?? 'the answer was lost' } as const;
  const outcome = judgeOutcome({ before: live.snapshot, after: after.snapshot, verdict: after.verdict, said });
  await settleAttempt(ports, work, attempt, live.snapshot, after.snapshot, outcome, said);
}

/**
 * Died before its snapshot was stored, so before the call: there is nothing to wait for, and it was no attempt of the
 * service. A cell that ends its process again and again is none that may go on for ever, and from then on it counts.
 */
async function giveBack(ports: Ports, work: CellWork, cell: Cell, attempt: Attempt): Promise<void> {
  if ((await countInterrupted(ports.store.query, cell)) >= mostInterrupted) {
    const { snapshot } = await ports.look(cell.table, cell.date);
    const detail = `interrupted before the call, ${mostInterrupted + 1} times`;
    return settleAttempt(ports, work, attempt, snapshot, snapshot, {
      state: 'failed',
      reason: 'run_failed',
      detail,
      retry: true,
    });
  }
  const { id, token } = attempt;
  const recorded = await ports.store.transaction((query) =>
    recordInterrupted(query, { attempt: id, token, now: ports.clock.now() }),
  );
  await ringOn(ports, work, cell.backfill, recorded);
}

function isGood(live: LiveAttempt, after: Looked): boolean {
  if (live.snapshot === null || after.snapshot.rows === 0) return false;
  const sound = ['complete', 'stale', 'tainted'].includes(after.verdict.status);
  return sound && isFresh(live.snapshot, after.snapshot) === true;
}
