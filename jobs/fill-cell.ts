/**
 * Fills one cell: claim, look, run, look again, write it down. The outcome comes from the rows that are there, never
 * from the answer. Whatever dies between two lines leaves a live attempt behind, which `verify-cell` settles.
 */
import { judgeOutcome, type Outcome, type Said } from '../src/core/backfill/outcome.ts';
import { Fault } from '../src/fault.ts';
import type { Looked, Ports } from '../src/ports.ts';
import { markAmbiguous } from '../src/store/attempts.ts';
import { findBackfill } from '../src/store/backfills.ts';
import { recordInterrupted } from '../src/store/outcomes.ts';
import type { Task } from '../src/tasks/tasks.ts';
import type { CellWork } from './cell-work.ts';
import { beginCall, keepLease, leaseMs } from './keep-lease.ts';
import { type Attempt, serviceOf, settleAttempt, verifySoon } from './settle-attempt.ts';

type Cell = Extract<Task, { kind: 'fill-cell' }>;

/** Returns without doing anything when the cell is not to be run now: the store decides, the bell only asks. */
export async function fillCell(ports: Ports, work: CellWork, cell: Cell): Promise<void> {
  if (ports.stopping?.aborted) return;
  const attempt = await claim(ports, work, cell);
  if (!attempt) return;
  const lease = keepLease(ports, attempt);
  try {
    await lookRunLook(ports, work, attempt);
  } catch (error) {
    ports.log.warn({ err: error, ...cell, attempt: attempt.id }, 'attempt interrupted');
    await waitAndVerify(ports, attempt, error instanceof Error ? error.message : String(error));
  } finally {
    lease.stop();
  }
}

async function lookRunLook(ports: Ports, work: CellWork, claimed: Attempt): Promise<void> {
  const before = await ports.look(claimed.table, claimed.date);
  const unneeded = findUnneeded(claimed, before);
  if (unneeded && !(unneeded.state === 'blocked' && (await isOverridden(ports, claimed))))
    return settleAttempt(ports, work, claimed, before.snapshot, before.snapshot, unneeded);
  if (ports.stopping?.aborted) return giveBack(ports, claimed);
  const attempt = await beginCall(ports, work, claimed, before);
  if (!attempt) return;

  const said = await run(ports, attempt);
  if (said.kind === 'ambiguous') return waitAndVerify(ports, attempt, said.detail);

  const after = await ports.look(attempt.table, attempt.date);
  const outcome = judgeOutcome({ before: before.snapshot, after: after.snapshot, verdict: after.verdict, said });
  await settleAttempt(ports, work, attempt, before.snapshot, after.snapshot, outcome, said);
}

/** The process was asked to end before it called: the cell is as it was, for whoever comes next. */
async function giveBack(ports: Ports, { id, token }: Attempt): Promise<void> {
  await ports.store.transaction((query) => recordInterrupted(query, { attempt: id, token, now: ports.clock.now() }));
}

async function claim(ports: Ports, work: CellWork, cell: Cell): Promise<Attempt | undefined> {
  const now = ports.clock.now();
  const id = ports.ids.next();
  const token = ports.ids.next();
  const { name, goneAfter, minInterval } = serviceOf(ports, cell.table);
  const claimed = await work.claim({
    backfill: cell.backfill,
    table: cell.table,
    date: cell.date,
    attempt: { id, token, instance: ports.instance },
    now,
    goneAt: now + goneAfter,
    leaseUntil: now + leaseMs,
    service: name,
    ...(minInterval > 0 ? { spacing: { service: name, interval: minInterval } } : {}),
  });
  // Nothing ends when a service may be called again: whoever started here sees to the next one.
  if (minInterval > 0) await work.ring();
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
  ports.count?.('claim refused', claimed.kind);
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

/** A person said at the launch that this date is to run although it is blocked: the exception of B4. */
async function isOverridden(ports: Ports, { backfill, table, date }: Attempt): Promise<boolean> {
  const found = await findBackfill(ports.store.query, backfill);
  return (found?.preflight.overridden ?? []).some((cell) => cell.table === table && cell.date === date);
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

/**
 * We do not know whether it is still running: the attempt keeps its locks until the service has surely ended the call. A
 * store that is gone for a while is waited for, since whoever finds the attempt otherwise has to wait for its lease.
 */
async function waitAndVerify(ports: Ports, attempt: Attempt, detail: string): Promise<void> {
  const lost = { attempt: attempt.id, token: attempt.token, detail, holdUntil: attempt.goneAt };
  for (let wait = 250; ; wait = Math.min(2 * wait, 10_000)) {
    try {
      await markAmbiguous(ports.store.query, lost);
      break;
    } catch (error) {
      if (!(error instanceof Fault) || error.retry !== 'later' || ports.stopping?.aborted) throw error;
      await ports.clock.wait(wait, ports.stopping);
    }
  }
  await verifySoon(ports, attempt);
}
