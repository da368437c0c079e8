/** What a second person says to a backfill that waits for it. */
import type { DecideVerb } from '../core/request/request-kinds.ts';
import { type Refusal, refuse } from '../fault.ts';
import type { Ports } from '../ports.ts';
import { findBackfill } from '../store/backfills.ts';

/** Declines a decision about a backfill that does not wait for one. */
export async function refuseDecision(
  ports: Ports,
  request: { readonly verb: DecideVerb; readonly id: string },
): Promise<Refusal> {
  const backfill = await findBackfill(ports.store.query, request.id);
  if (!backfill) return refuse(`There is no backfill ${request.id}.`, '/backfill list');
  const { id, state } = backfill;
  return refuse(`Backfill ${id} does not wait for an approval: it is ${state}.`, `/backfill status ${id}`);
}
