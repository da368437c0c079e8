/**
 * Which two attempts may not be under way at once (R15): they fill the same cell, or one reads what the other writes.
 * Decided on values, so that choosing, claiming and a simulation ask the same question.
 */

import type { CalendarDate } from '../dates.ts';
import type { Reads } from './backfill.ts';

/** A cell that is being filled, or wants to be, with all that it reads. */
export type Holding = { readonly table: string; readonly date: CalendarDate; readonly reads: readonly Reads[] };

/** Why two may not be under way at once; null when they may. */
export function findConflict(one: Holding, other: Holding): 'same' | 'reads' | 'is read' | null {
  if (one.table === other.table && one.date === other.date) return 'same';
  if (readsCell(one.reads, other)) return 'reads';
  return readsCell(other.reads, one) ? 'is read' : null;
}

function readsCell(reads: readonly Reads[], cell: { table: string; date: CalendarDate }): boolean {
  return reads.some((read) => read.table === cell.table && read.from <= cell.date && cell.date <= read.to);
}
