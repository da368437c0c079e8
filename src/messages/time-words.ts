/** Spans of time in words: what was measured, and what is foreseen, which is a range and not a promise. */
import type { TimeRange } from '../core/backfill/backfill.ts';
import type { Estimate } from '../core/plan/plan-report.ts';
import { count } from './phrases.ts';

/** Milliseconds for people: "40 s", "12 min", "3 h 20 min". */
export function sayDuration(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1000));
  if (seconds < 90) return `${seconds} s`;
  const minutes = Math.round(seconds / 60);
  if (minutes < 90) return `${minutes} min`;
  const rest = minutes % 60;
  return rest === 0 ? `${Math.floor(minutes / 60)} h` : `${Math.floor(minutes / 60)} h ${rest} min`;
}

/** "4 to 7 min", "50 s to 2 min", "about 40 s", "up to 3 s". */
export function sayTimeRange(range: TimeRange): string {
  const [least, most] = [sayDuration(range.least), sayDuration(Math.max(1000, range.most))];
  if (least === most) return `about ${most}`;
  if (least === '0 s') return `up to ${most}`;
  const unit = / (s|min|h)$/.exec(least)?.[0];
  const short =
    unit !== undefined && most.endsWith(unit) && !most.includes('h ') ? least.slice(0, -unit.length) : least;
  return `${short} to ${most}`;
}

/** "4 to 7 min left". */
export function sayTimeLeft(left: TimeRange): string {
  return `${sayTimeRange(left)} left`;
}

/** An estimate as a range. */
export function sayEstimated({ leastMs, mostMs }: Estimate): string {
  return sayTimeRange({ least: leastMs, most: mostMs });
}

/** An estimate as a sentence, with what it rests on. */
export function sayEstimate(estimate: Estimate | null): string {
  if (estimate === null) return 'No estimate yet: nothing has been measured.';
  return `It would take ${sayEstimated(estimate)}, by ${count(estimate.measured, 'run')} measured before.`;
}
