/**
 * Who gets the free slots of a service. They are shared between backfills and not given to the oldest, since a repair of
 * one day would wait behind a year otherwise: the backfill with the fewest cells under way there is next, then the oldest.
 */
import { findConflict, type Holding } from './locks.ts';

/** A cell that may start, or is under way. `concurrency`: how many its backfill wants at a time; null: no limit. */
export type Runner = Holding & { readonly backfill: string; readonly concurrency: number | null };

/**
 * A table's service, and how many calls that takes at a time. `interval`: least milliseconds between the starts of two.
 */
export type Limit = { readonly service: string; readonly max: number; readonly interval: number };
export type Limits = ReadonlyMap<string, Limit>;

/** Cells of one backfill for one service, in the order of its plan; `next` is looked at next. */
type Line = { readonly backfill: string; readonly service: string; readonly cells: Runner[]; next: number };
type Slots = { readonly holding: Runner[]; readonly counts: Map<string, number>; readonly limits: Limits };

/**
 * Chooses the cells that start now.
 * @param candidates by the age of their backfills, oldest first, then in the order of the plan
 * @param under cells that are under way or were rung for
 * @param closed services that take no further call now, whatever their limit
 */
export function shareSlots<T extends Runner>(
  candidates: readonly T[],
  under: readonly Runner[],
  limits: Limits,
  closed: ReadonlySet<string> = new Set(),
): T[] {
  const slots: Slots = { holding: [...under], counts: new Map(), limits };
  for (const cell of under) count(slots, cell);
  const chosen: Runner[] = [];
  let lines = lineUp(candidates, limits).filter((line) => !closed.has(line.service));
  while (lines.length > 0) {
    const line = lines.reduce((best, other) => (at(slots, other) < at(slots, best) ? other : best));
    const cell = takeNext(slots, line);
    if (cell === undefined) lines = lines.filter((other) => other !== line);
    else {
      chosen.push(cell);
      if ((limits.get(cell.table)?.interval ?? 0) > 0) lines = lines.filter((other) => other.service !== line.service);
    }
  }
  return chosen as T[];
}

function lineUp(candidates: readonly Runner[], limits: Limits): Line[] {
  const lines = new Map<string, Line>();
  for (const cell of candidates) {
    const service = serviceOf(limits, cell);
    const key = `${cell.backfill} ${service}`;
    const known = lines.get(key);
    if (known) known.cells.push(cell);
    else lines.set(key, { backfill: cell.backfill, service, cells: [cell], next: 0 });
  }
  return [...lines.values()];
}

/** The next cell of the line that may start: what may not now, may not in this round, since slots only fill up. */
function takeNext(slots: Slots, line: Line): Runner | undefined {
  for (;;) {
    const cell = line.cells[line.next++];
    if (cell === undefined || isFull(slots, cell)) return undefined;
    if (slots.holding.some((other) => findConflict(other, cell) !== null)) continue;
    slots.holding.push(cell);
    count(slots, cell);
    return cell;
  }
}

function isFull({ counts, limits }: Slots, cell: Runner): boolean {
  const limit = limits.get(cell.table);
  if (limit && (counts.get(`service ${limit.service}`) ?? 0) >= limit.max) return true;
  return cell.concurrency !== null && (counts.get(`backfill ${cell.backfill}`) ?? 0) >= cell.concurrency;
}

function count({ counts, limits }: Slots, cell: Runner): void {
  const service = serviceOf(limits, cell);
  for (const key of [`service ${service}`, `backfill ${cell.backfill}`, `${cell.backfill} ${service}`])
    counts.set(key, (counts.get(key) ?? 0) + 1);
}

function at({ counts }: Slots, line: Line): number {
  return counts.get(`${line.backfill} ${line.service}`) ?? 0;
}

function serviceOf(limits: Limits, cell: { readonly table: string }): string {
  return limits.get(cell.table)?.service ?? '';
}
