/**
 * The sample of a backfill (`--sample N`): dates that tell early whether the rest is worth running. The ends of the range
 * and the smallest slate are where rules break; the rest is drawn, by the backfill's id, so that whoever asks again gets
 * the same.
 */

import type { CalendarDate } from '../dates.ts';
import type { Plan, PlannedCell } from './backfill.ts';

type Sampled = Pick<Plan, 'target' | 'cells' | 'edges'>;

/** The dates of the target to run first: at most `size`, all of them where there are no more. */
export function chooseSample(plan: Sampled, size: number, seed: string): CalendarDate[] {
  const own = plan.cells.filter((cell) => cell.table === plan.target);
  const byDate = own.toSorted((a, b) => compare(a.date, b.date));
  const sized = byDate.filter((cell) => cell.size !== undefined);
  const smallest = sized.reduce<PlannedCell | undefined>(
    (best, cell) => (best === undefined || (cell.size ?? 0) < (best.size ?? 0) ? cell : best),
    undefined,
  );
  const drawn = own.toSorted((a, b) => draw(seed, a.date) - draw(seed, b.date) || compare(a.date, b.date));
  const wanted = [byDate[0], byDate.at(-1), smallest, ...drawn].flatMap((cell) => cell?.date ?? []);
  return [...new Set(wanted)].slice(0, size).sort();
}

/** The cells of a sample with all that they need inside the plan, as `table date`. */
export function closeSample(plan: Sampled, dates: readonly CalendarDate[]): ReadonlySet<string> {
  const above = new Map<string, Sampled['edges'][number][]>();
  for (const edge of plan.edges) push(above, `${edge.table} ${edge.date}`, edge);
  const planned = new Map<string, CalendarDate[]>();
  for (const { table, date } of plan.cells) push(planned, table, date);
  const found = new Set<string>();
  const open = dates.map((date) => `${plan.target} ${date}`);
  for (let name = open.pop(); name !== undefined; name = open.pop()) {
    if (found.has(name)) continue;
    found.add(name);
    for (const { needs, from, to } of above.get(name) ?? []) {
      for (const date of planned.get(needs) ?? []) if (from <= date && date <= to) open.push(`${needs} ${date}`);
    }
  }
  return found;
}

function push<T>(lists: Map<string, T[]>, key: string, value: T): void {
  const list = lists.get(key);
  if (list) list.push(value);
  else lists.set(key, [value]);
}

function compare(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}

/** A number that follows from both texts and shows no order of theirs (FNV-1a, stirred once more). */
function draw(seed: string, date: string): number {
  let hash = 0x811c9dc5;
  for (const letter of `${seed} ${date}`) hash = Math.imul(hash ^ (letter.codePointAt(0) ?? 0), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d);
  return (hash ^ (hash >>> 13)) >>> 0;
}
