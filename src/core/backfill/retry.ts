/**
 * Which cells of a backfill that is over a retry takes again. A processor that wrote nothing writes nothing again unless
 * something that it reads has changed, so such failures stay, and are said to; what never ran, and what a service or a
 * connection failed, may end otherwise.
 */

import { indexOf } from '../coverage/coverage.ts';
import type { CalendarDate } from '../dates.ts';
import { upstreamAt, windowStart } from '../judge/edges.ts';
import { stampInputs } from '../judge/inputs.ts';
import { dateAt, type Edge, edgeState, type Judging, judgementOf, statusAt } from '../judge/judgement.ts';
import type { BackfillCell } from './backfill.ts';

/** A cell and its last attempt: whether a further one may end otherwise by itself, and what was there to read. */
export type EndedCell = BackfillCell & { readonly transient: boolean | null; readonly inputs: string | null };

type Name = { readonly table: string; readonly date: CalendarDate };
export type Stay = Name & { readonly why: string };
/** In the order of the plan. */
export type Retry = { readonly again: readonly Name[]; readonly stay: readonly Stay[] };

const ended = ['failed', 'blocked', 'canceled'];

/**
 * Chooses the cells to run again.
 * @param judging of now, over all the cells
 * @param cells all of the backfill, in the order of its plan: what a cell needs stands before it
 * @param overridden cells that a person had run although they were blocked: what they need does not hold them up
 */
export function chooseRetry(judging: Judging, cells: readonly EndedCell[], overridden: readonly Name[] = []): Retry {
  const freed = new Set(overridden.map(({ table, date }) => `${table} ${date}`));
  const taken = new Set<string>();
  const again: Name[] = [];
  const stay: Stay[] = [];
  for (const cell of cells.filter(({ state }) => ended.includes(state))) {
    const { table, date } = cell;
    const why = explainStay(judging, cell, taken, freed.has(`${table} ${date}`));
    if (why !== null) stay.push({ table, date, why });
    else {
      again.push({ table, date });
      taken.add(`${table} ${date}`);
    }
  }
  return { again, stay };
}

/** Why a cell is not taken again; null if it is. */
function explainStay(judging: Judging, cell: EndedCell, taken: ReadonlySet<string>, isFree: boolean): string | null {
  const judgement = judgementOf(judging, cell.table);
  const i = indexOf(judging, cell.date);
  const status = statusAt(judgement, i);
  if (status === 'unknown') return 'it cannot be read now';
  if (status === 'not_expected' && cell.status !== 'not_expected') return 'nothing is expected there any more';
  if (cell.state === 'failed' && status !== 'complete' && isPermanent(judging, cell))
    return `${cell.detail ?? 'it failed'}, and nothing that it reads was written since`;
  if (isFree) return null;
  const unmet = judgement.edges.find((edge) => edge.need.required && !willBeMet(judging, edge, i, taken));
  return unmet === undefined ? null : sayUnmet(judging, unmet, i);
}

function isPermanent(judging: Judging, cell: EndedCell): boolean {
  if (cell.transient ?? cell.reason === 'run_failed') return false;
  return cell.inputs === null || cell.inputs === stampInputs(judging, cell.table, cell.date);
}

/** A need that is met now, or that a cell which is taken again may meet: it is looked at once more before the call. */
function willBeMet(judging: Judging, edge: Edge, i: number, taken: ReadonlySet<string>): boolean {
  if (edge.state[i] === edgeState.met) return true;
  const { need } = edge;
  const tables = need.fallback === undefined ? need.tables : [...need.tables, need.fallback];
  for (let j = windowStart(judging, need, i); j <= i; j++) {
    const date = dateAt(judging, j);
    if (tables.some((table) => taken.has(`${table} ${date}`))) return true;
  }
  return false;
}

function sayUnmet(judging: Judging, { need }: Edge, i: number): string {
  if (need.window !== undefined) return `too few earlier dates of ${need.tables.join(' or ')} are there`;
  return `it needs ${upstreamAt(judging, need, i).table.alias} ${dateAt(judging, i)}`;
}
