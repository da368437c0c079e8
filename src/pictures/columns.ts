/**
 * Where the dates of a grid stand: one column each, a little apart where a week begins or dates are left out, so that
 * weekends and holes in what was asked are seen without counting.
 */
import { type CalendarDate, toDay, weekday } from '../core/dates.ts';

export type Column = { readonly date: CalendarDate; readonly x: number };
export type Columns = { readonly all: readonly Column[]; readonly width: number; readonly cell: number };

const [weekGap, monthGap, leftOutGap] = [4, 6, 9];
/** A wider picture would only be shown smaller. */
const [narrowest, widest] = [11, 22];

const monthNames = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'] as const;

/** "Nov 2021" of a date. */
export function monthOf(date: CalendarDate): string {
  return `${nameMonth(Number(date.slice(5, 7)))} ${date.slice(0, 4)}`;
}

/** "Nov" of 11. */
export function nameMonth(month: number): string {
  return monthNames[month - 1] ?? '';
}

/** Day of the month of a date. */
export function dayOf(date: CalendarDate): number {
  return Number(date.slice(8));
}

/** Whether it is a Saturday or Sunday. */
export function isWeekend(date: CalendarDate): boolean {
  return weekday(date) > 5;
}

/** Places ascending dates into so many pixels; few dates take less. */
export function placeColumns(dates: readonly CalendarDate[], room: number): Columns {
  const gaps = dates.map((date, index) => gapBefore(dates[index - 1], date));
  const apart = gaps.reduce((sum, gap) => sum + gap, 0);
  const cell = Math.max(narrowest, Math.min(widest, Math.floor(((room - apart) / Math.max(1, dates.length)) * 2) / 2));
  let x = 0;
  const all = dates.map((date, index) => {
    x += gaps[index] ?? 0;
    const column = { date, x };
    x += cell;
    return column;
  });
  return { all, width: x, cell };
}

function gapBefore(last: CalendarDate | undefined, date: CalendarDate): number {
  if (last === undefined) return 0;
  if (toDay(date) !== toDay(last) + 1) return leftOutGap;
  if (dayOf(date) === 1) return monthGap;
  return weekday(date) === 1 ? weekGap : 0;
}

/** The dates by month, in their order. */
export function groupMonths(dates: readonly CalendarDate[]): [month: string, dates: CalendarDate[]][] {
  const months = new Map<string, CalendarDate[]>();
  for (const date of dates) {
    const month = date.slice(0, 7);
    const known = months.get(month);
    if (known === undefined) months.set(month, [date]);
    else known.push(date);
  }
  return [...months];
}
