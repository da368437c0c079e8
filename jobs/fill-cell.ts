/**
 * Fills one cell: claim, look, run, look again, write it down. The outcome comes from the rows that are there, never
 * from the answer. Whatever dies between two lines leaves a live attempt behind, which `verify-cell` settles.
 */
import { judgeOutcome, type Outcome, type Said } from '../src/core/outcome.ts';
import type { Looked, Ports } from '../src/ports.ts';
import { claimCell, markAmbiguous, recordSnapshot } from '../src/store/attempts.ts';
import type { Task } from '../src/tasks/tasks.ts';
import { type Attempt, serviceOf, settleAttempt, verifySoon } from './settle-attempt.ts';

type Cell = Extract<Task, { kind: 'fill-cell' }>;

/** Returns without doing anything when the cell is not to be run now: the store decides, the bell only asks. */
export async function fillCell(ports: Ports, cell: Cell): Promise<void> {
  const attempt = await claim(ports, cell);
  if (!attempt) return;
  try {
    await lookRunLook(ports, attempt);
  } catch (error) {
    ports.log.warn({ err: error, ...cell, attempt: attempt.id }, 'attempt interrupted');
    await waitAndVerify(ports, attempt, error instanceof Error ? error.message : String(error));
  }
}

async function lookRunLook(ports: Ports, attempt: Attempt): Promise<void> {
  const before = await ports.look(attempt.table, attempt.date);
  const unneeded = findUnneeded(attempt, before);
  if (unneeded) return settleAttempt(ports, attempt, before.snapshot, before.snapshot, unneeded);
  const kept = await recordSnapshot(ports.store.query, {
    attempt: attempt.id,
    token: attempt.token,
    snapshot: before.snapshot,
  });
  if (!kept) return;

  const said = await run(ports, attempt);
  if (said.kind === 'ambiguous') return waitAndVerify(ports, attempt, said.detail);

  const after = await ports.look(attempt.table, attempt.date);
  const outcome = judgeOutcome({ before: before.snapshot, after: after.snapshot, verdict: after.verdict, said });
  await settleAttempt(ports, attempt, before.snapshot, after.snapshot, outcome);
}

async function claim(ports: Ports, cell: Cell): Promise<Attempt | undefined> {
  const now = ports.clock.now();
  const id = ports.ids.next();
  const token = ports.ids.next();
  const { goneAfter } = serviceOf(ports, cell.table);
  const claimed = await ports.store.transaction((query) =>
    claimCell(query, {
      backfill: cell.backfill,
      table: cell.table,
      date: cell.date,
      attempt: { id, token, instance: ports.instance },
      now,
      goneAt: now + goneAfter,
      leaseUntil: now + goneAfter + 60_000,
    }),
  );
  if (claimed.kind === 'claimed') {
    const { backfill, table, date } = cell;
    return {
      id,
      token,
      backfill,
      table,
      date,
      number: claimed.number,
      planned: claimed.status,
      startedAt: now,
      goneAt: now + goneAfter,
    };
  }
  ports.log.debug({ ...cell, claimed: claimed.kind }, 'cell not claimed');
  return undefined;
}

/** A cell that was planned because it was empty or thin, and is complete by now: somebody else filled it. */
function findUnneeded(
  attempt: Attempt,
  before: Looked,
): Outcome | { state: 'skipped' | 'blocked'; reason: null | 'upstream_missing'; detail: string } | undefined {
  const { status } = before.verdict;
  if (status === 'complete' && ['missing', 'thin', 'blocked'].includes(attempt.planned)) {
    return { state: 'skipped', reason: null, detail: 'complete by now; nothing to do' };
  }
  if (status === 'blocked') {
    const causes = before.verdict.causes.map((cause) => `${cause.table} ${cause.date}`).join(', ');
    return { state: 'blocked', reason: 'upstream_missing', detail: `waits for ${causes}` };
  }
  return undefined;
}

async function run(ports: Ports, attempt: Attempt): Promise<Said> {
  const processor = ports.catalogue.tables.get(attempt.table)?.processor;
  if (!processor) return { kind: 'failed', detail: `${attempt.table} has no processor`, retry: false };
  const { table, date, backfill } = attempt;
  ports.log.info({ backfill, table, date, attempt: attempt.id, number: attempt.number }, 'attempt started');
  return ports.processor.run({
    service: serviceOf(ports, table),
    processor: processor.name,
    date,
    attempt: attempt.id,
  });
}

/** We do not know whether it is still running: the attempt keeps its locks until the service has surely ended the call. */
async function waitAndVerify(ports: Ports, attempt: Attempt, detail: string): Promise<void> {
  await markAmbiguous(ports.store.query, {
    attempt: attempt.id,
    token: attempt.token,
    detail,
    holdUntil: attempt.goneAt,
  });
  await verifySoon(ports, attempt);
}
