/** What is not right of cells that were looked at: grouped by what they are and why, and what was accepted as a gap. */
import type { CalendarDate } from '../dates.ts';
import type { Reason, Status, Verdict } from '../verdict.ts';

/** Cells that are not right now, alike in what they are and why. `heldBy`: the backfill that fills them now. */
export type Remains = {
  readonly table: string;
  readonly status: Status;
  readonly reason: Reason | null;
  readonly dates: readonly CalendarDate[];
  readonly causes: readonly {
    readonly table: string;
    readonly reason: Reason;
    readonly dates: readonly CalendarDate[];
  }[];
  readonly heldBy: string | null;
};

/** A cell as it was judged. */
export type Told = { readonly table: string; readonly cell: Verdict };

/** Groups cells that are neither complete nor expected to be empty. */
export function groupRemains(told: readonly Told[]): Remains[] {
  const open = told.filter(({ cell }) => cell.status !== 'complete' && cell.status !== 'not_expected');
  const kindOf = ({ table, cell }: Told) => {
    const causes = new Set(cell.causes.map((cause) => `${cause.table} ${cause.reason}`));
    return [table, cell.status, cell.reason, cell.heldBy?.backfill, ...[...causes].sort()].join('|');
  };
  return [...groupBy(open, kindOf).values()].flatMap((alike): Remains[] => {
    const [first] = alike;
    if (first === undefined) return [];
    const causes = groupBy(
      alike.flatMap(({ cell }) => cell.causes),
      (cause) => `${cause.table} ${cause.reason}`,
    );
    return [
      {
        table: first.table,
        status: first.cell.status,
        reason: first.cell.reason,
        dates: alike.map(({ cell }) => cell.date),
        causes: [...causes.values()].flatMap((group) => {
          const dates = [...new Set(group.map(({ date }) => date))].sort();
          return group.slice(0, 1).map(({ table, reason }) => ({ table, reason, dates }));
        }),
        heldBy: first.cell.heldBy?.backfill ?? null,
      },
    ];
  });
}

/** Dates that somebody accepted as gaps. */
export function listAccepted(
  told: readonly Told[],
): { readonly table: string; readonly dates: readonly CalendarDate[] }[] {
  const gaps = told.filter(({ cell }) => cell.reason === 'accepted_gap');
  return [...groupBy(gaps, ({ table }) => table)].map(([table, own]) => ({
    table,
    dates: own.map(({ cell }) => cell.date),
  }));
}

/** Items of a like key, in the order of the first of each. */
export function groupBy<T>(all: readonly T[], keyOf: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of all) {
    const group = groups.get(keyOf(item));
    if (group) group.push(item);
    else groups.set(keyOf(item), [item]);
  }
  return groups;
}
