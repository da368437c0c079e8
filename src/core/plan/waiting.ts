/** Which cells of a plan wait for others of it: the rest may start at once. */
import type { Plan } from '../backfill/backfill.ts';
import type { CalendarDate } from '../dates.ts';

/** Cells, as `table date`, that have an edge to a planned cell other than themselves. */
export function findWaiting(plan: Pick<Plan, 'cells' | 'edges'>): ReadonlySet<string> {
  const dates = new Map<string, CalendarDate[]>();
  for (const { table, date } of plan.cells) {
    const known = dates.get(table);
    if (known) known.push(date);
    else dates.set(table, [date]);
  }
  for (const list of dates.values()) list.sort();
  const waiting = plan.edges.filter((edge) => {
    const planned = dates.get(edge.needs) ?? [];
    const from = firstNotBefore(planned, edge.from);
    const own = edge.needs === edge.table && planned[from] === edge.date;
    const first = planned[own ? from + 1 : from];
    return first !== undefined && first <= edge.to;
  });
  return new Set(waiting.map((edge) => `${edge.table} ${edge.date}`));
}

/** Index of the first date that is not before `date`, in an ascending list. */
export function firstNotBefore(dates: readonly CalendarDate[], date: CalendarDate): number {
  let low = 0;
  let high = dates.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((dates[middle] ?? date) < date) low = middle + 1;
    else high = middle;
  }
  return low;
}
