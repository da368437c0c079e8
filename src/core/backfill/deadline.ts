/**
 * When a call is unusually slow, by what calls for its table took before. A mark and no deadline: that is the service's own
 * hard limit, and whoever stops waiting before it gives up the answer and still has to hold the cell.
 */

/** Fewer runs say nothing about the slow ones among them. */
const leastRuns = 20;
const leastMs = 30_000;
const times = 4;

/** Milliseconds after which a call is unusually slow: four times what nine in ten took, and never under 30 s; null: unknown. */
export function slowAfter(measured: readonly number[]): number | null {
  if (measured.length < leastRuns) return null;
  const sorted = [...measured].sort((a, b) => a - b);
  const most = sorted[Math.ceil(sorted.length * 0.9) - 1] ?? 0;
  return Math.max(leastMs, times * most);
}
