/** Who owns the cells that a launch or a retry asked for. */

import type { Held } from '../core/coverage/explain.ts';
import type { Taken } from '../core/plan/beside.ts';
import type { Overlap, Owner } from '../core/plan/overlap.ts';
import type { HeldBy } from '../core/verdict.ts';
import type { Ports } from '../ports.ts';
import { listOwnedCells } from '../store/backfills.ts';
import { findView } from './view.ts';

/** All cells of backfills that are not over, as far as they are not final. */
export async function loadOwned(ports: Pick<Ports, 'store' | 'catalogue'>): Promise<Held> {
  const cells = await listOwnedCells(ports.store.query, ports.catalogue.pipeline);
  return new Map(
    cells.map(({ table, date, backfill, requestedBy, channel, ts }) => [
      `${table} ${date}`,
      { backfill, by: requestedBy, channel, ts },
    ]),
  );
}

/** Describes the owners of what is taken, as far as they are now. */
export async function describeOverlap(
  ports: Pick<Ports, 'store'>,
  taken: readonly Taken[],
  owned: Held,
  rest: Overlap['rest'],
): Promise<Overlap> {
  const byOwner = new Map<string, Taken[]>();
  for (const cell of taken) byOwner.set(cell.backfill, [...(byOwner.get(cell.backfill) ?? []), cell]);
  const mostFirst = [...byOwner].sort(([, a], [, b]) => b.length - a.length);
  const holders = new Map([...owned.values()].map((holder) => [holder.backfill, holder]));
  const owners = await Promise.all(mostFirst.map(([id, cells]) => describeOwner(ports, cells, holders.get(id))));
  return { owners: owners.filter((owner) => owner !== undefined), rest };
}

async function describeOwner(
  ports: Pick<Ports, 'store'>,
  taken: readonly Taken[],
  holder: HeldBy | undefined,
): Promise<Owner | undefined> {
  const view = holder && (await findView(ports.store.query, holder.backfill));
  if (!view) return undefined;
  const tables = [...new Set(taken.map(({ table }) => table))];
  const cells = tables.map((table) => {
    const dates = taken.filter((cell) => cell.table === table).map(({ date }) => date);
    return { table, dates: dates.sort() };
  });
  const { state, requestedBy: by } = view.backfill;
  const { done, total, timeLeft } = view.progress;
  const { backfill, channel, ts } = holder;
  return { backfill, by, channel, ts, state, done, total, timeLeft, cells };
}
