/** When a table has rows and how many are usual, from the rows it has: the figures behind a proposed pipeline file. */
import { type CalendarDate, daysBetween, sayDates, weekday } from '../dates.ts';

/** Rows of a date that has some. */
export type DateCount = { readonly date: CalendarDate; readonly rows: number };

export type DatesGuess = {
  readonly dates: 'daily' | 'weekdays';
  readonly starts: CalendarDate;
  /** What the rows show, in words. */
  readonly remark: string;
};

/** At least this many weekend days without a row, before they are taken for days off. */
const fewestWeekendDays = 4;
/** Fewer dates than this share have rows: then it may have dates of its own. */
const sparse = 0.6;

/** Which dates have rows. `counts` ascending, at least one. */
export function guessDates(counts: readonly DateCount[]): DatesGuess | undefined {
  const first = counts[0]?.date;
  const last = counts.at(-1)?.date;
  if (first === undefined || last === undefined) return undefined;
  const have = new Set(counts.map(({ date }) => date));
  const days = daysBetween(first, last);
  const weekend = days.filter((date) => weekday(date) > 5);
  const often = have.size >= sparse * (days.length - weekend.length);
  const resting = often && weekend.length >= fewestWeekendDays && !weekend.some((date) => have.has(date));
  const expected = resting ? days.filter((date) => weekday(date) <= 5) : days;
  const absent = expected.filter((date) => !have.has(date));
  const shown = `rows on ${have.size} of ${expected.length} ${resting ? 'weekdays' : 'dates'} from ${first} to ${last}`;
  const weekends = resting ? `, and on none of ${weekend.length} weekend days` : '';
  return {
    dates: resting ? 'weekdays' : 'daily',
    starts: first,
    remark: `${shown}${weekends}${sayAbsent(absent, have.size / expected.length)}`,
  };
}

function sayAbsent(absent: readonly CalendarDate[], share: number): string {
  if (absent.length === 0) return '';
  if (share < sparse) return '; the others will be shown as missing: does it have dates of its own?';
  return `; none on ${sayDates(absent)}: a hole, or a day off for \`except\``;
}

/** A minimum that no ordinary date comes near, with the figures that it is made from. */
export function guessMinimum(counts: readonly DateCount[]): { atLeast: number; remark: string } {
  const sorted = counts.map(({ rows }) => rows).sort((a, b) => a - b);
  const least = sorted[0] ?? 0;
  const most = sorted.at(-1) ?? 0;
  const low = sorted[Math.floor(sorted.length / 10)] ?? least;
  const usual = sorted[Math.floor(sorted.length / 2)] ?? least;
  const atLeast = Math.max(1, Math.floor(low / 2));
  if (least === most) {
    const exactly = counts.length > 4 ? `; if that is certain: exactly: ${least}` : '';
    return { atLeast, remark: `${sayRows(least)} on every date so far${exactly}` };
  }
  return {
    atLeast,
    remark: `${least}-${most} rows a date so far, usually ${usual}; nine dates in ten have ${low} or more`,
  };
}

function sayRows(rows: number): string {
  return rows === 1 ? '1 row' : `${rows} rows`;
}

/** Up to five dates to look at closely: the fullest one, and others from first to last. */
export function pickSamples(counts: readonly DateCount[]): CalendarDate[] {
  const fullest = counts.reduce((a, b) => (b.rows > a.rows ? b : a), counts[0] ?? { date: '', rows: 0 });
  const spread = [0, 0.33, 0.67, 1].map((share) => counts[Math.round(share * (counts.length - 1))]?.date);
  const dates = new Set([fullest.date, ...spread.filter((date) => date !== undefined)]);
  return [...dates].filter((date) => date !== '').sort();
}
