/**
 * The lease of an attempt while its process works on it. It is short and renewed, so that a process which died is noticed
 * within a minute however long its call may take; a process that was paused finds its lease old, and must not call late.
 */
import type { Snapshot } from '../src/core/backfill/backfill.ts';
import { slowAfter } from '../src/core/backfill/deadline.ts';
import type { Ports } from '../src/ports.ts';
import { markSlow, renewLease } from '../src/store/attempts.ts';
import { listDurations } from '../src/store/durations.ts';
import type { CellWork } from './cell-work.ts';
import { type Attempt, serviceOf } from './settle-attempt.ts';
import { showProgress } from './show-progress.ts';

export const leaseMs = 60_000;
const renewEvery = 20_000;
/** A lease that was taken longer ago than a tenth of the call's hold is taken again: at least 2 s, at most 30 s. */
const [youngAtLeast, youngAtMost] = [2_000, 30_000];

/** Renews the lease until it is stopped, or until another process has taken the attempt over. */
export function keepLease(ports: Ports, attempt: Attempt): { stop(): void } {
  const stopping = new AbortController();
  void renewOnAndOn(ports, attempt, stopping.signal);
  return { stop: () => stopping.abort() };
}

async function renewOnAndOn(ports: Ports, attempt: Attempt, stop: AbortSignal): Promise<void> {
  const { id, token } = attempt;
  let slow = false;
  for (;;) {
    await ports.clock.wait(renewEvery, stop);
    if (stop.aborted) return;
    const leaseUntil = ports.clock.now() + leaseMs;
    try {
      if (!(await renewLease(ports.store.query, { attempt: id, token, leaseUntil }))) return;
      if (!slow) slow = await watchSlow(ports, attempt);
    } catch (err) {
      // Three renewals fit into a lease: a store that is gone for a while takes nothing from anybody.
      ports.log.warn({ err, attempt: id }, 'a lease could not be renewed');
    }
  }
}

/** Says of a call that takes far longer than others of its table that it does. Returns whether that is so. */
async function watchSlow(ports: Ports, { id, token, backfill, table, date, startedAt }: Attempt): Promise<boolean> {
  const { query } = ports.store;
  const { pipeline } = ports.catalogue;
  const runs = await listDurations(query, { pipeline, tables: [table] });
  const usual = slowAfter(runs.map(({ ms }) => ms));
  const took = ports.clock.now() - startedAt;
  if (usual === null || took <= usual) return false;
  ports.log.warn({ backfill, table, date, attempt: id, took, usual }, 'a call takes unusually long');
  await markSlow(query, { attempt: id, token });
  await showProgress(ports, backfill);
  return true;
}

/**
 * Keeps what is there before the call, and makes sure that the attempt is ours in this moment: asked again for as long as
 * the process was stopped between the answer and here.
 * @returns the attempt with the instant at which a call that begins now has surely ended; undefined if it is not ours
 */
export async function beginCall(
  ports: Ports,
  work: CellWork,
  attempt: Attempt,
  before: { readonly snapshot: Snapshot; readonly inputs: string },
): Promise<Attempt | undefined> {
  const { goneAfter } = serviceOf(ports, attempt.table);
  const young = Math.max(youngAtLeast, Math.min(youngAtMost, goneAfter / 10));
  for (;;) {
    const asked = ports.clock.now();
    // The call may begin so much later than we asked, and then it ends so much later too.
    const goneAt = asked + goneAfter + young;
    const ours = await work.begin({
      attempt: attempt.id,
      token: attempt.token,
      snapshot: before.snapshot,
      inputs: before.inputs,
      leaseUntil: asked + leaseMs,
      holdUntil: goneAt,
    });
    if (!ours) return undefined;
    // Both ways, since a clock may be set back meanwhile.
    if (Math.abs(ports.clock.now() - asked) <= young) return { ...attempt, goneAt };
    ports.log.warn({ attempt: attempt.id }, 'the process was stopped before its call; the lease is taken again');
  }
}
