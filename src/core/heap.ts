/** A binary heap of small numbers, ordered by a rule of the caller: the next cell to start, the next one to end. */

export type Heap = { readonly items: number[]; readonly before: (a: number, b: number) => boolean };

/** Adds an item. */
export function push({ items, before }: Heap, item: number): void {
  let at = items.push(item) - 1;
  while (at > 0) {
    const above = (at - 1) >> 1;
    if (!before(item, items[above] ?? item)) break;
    items[at] = items[above] ?? item;
    at = above;
  }
  items[at] = item;
}

/** Takes the first item out; undefined when there is none. */
export function pop({ items, before }: Heap): number | undefined {
  const first = items[0];
  const last = items.pop();
  if (last === undefined || items.length === 0) return first;
  let at = 0;
  for (let below = 1; below < items.length; below = 2 * at + 1) {
    const [left, right] = [items[below] ?? last, items[below + 1]];
    const next = right !== undefined && before(right, left) ? below + 1 : below;
    const item = items[next] ?? last;
    if (!before(item, last)) break;
    items[at] = item;
    at = next;
  }
  items[at] = last;
  return first;
}
