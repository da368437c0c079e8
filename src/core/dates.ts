/**
 * Calendar dates are text, `YYYY-MM-DD`, from the warehouse to the message: a `Date` object shifts with the machine's
 * zone and takes 30 February for 2 March. Arithmetic is on integers (days since 1970-01-01); a zone matters only where
 * an instant meets a date.
 */
import { Temporal } from 'temporal-polyfill';

/** A real date of the Gregorian calendar, years 0001 to 9999, as `YYYY-MM-DD`; compares and sorts as text. */
export type CalendarDate = string;

/** Consecutive dates, both ends included. */
export type DateRun = { readonly from: CalendarDate; readonly to: CalendarDate };

const monthNames = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'] as const;

/** Runs that `sayDates` spells out before it counts the rest. */
const runsSaid = 6;

/** Days of a month (1-12); 0 for a month that does not exist. */
export function daysInMonth(year: number, month: number): number {
  if (month === 2) return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28;
  if (month < 1 || month > 12) return 0;
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
}

/** Whether the text is a date that exists, as `YYYY-MM-DD`. */
export function isDate(text: string): text is CalendarDate {
  if (!/^[0-9]{4}-[0-9]{2}-[0-9]{2}$/.test(text)) return false;
  const [year, month, day] = partsOf(text);
  return year >= 1 && day >= 1 && day <= daysInMonth(year, month);
}

/** The date of a year, month (1-12) and day that exist. */
export function makeDate(year: number, month: number, day: number): CalendarDate {
  return `${String(year).padStart(4, '0')}-${twoDigits(month)}-${twoDigits(day)}`;
}

/** Days since 1970-01-01 of a date (an integer); for text that is no date the result has no meaning. */
export function toDay(date: CalendarDate): number {
  const [y, month, day] = partsOf(date);
  // Years are counted from 1 March, so that the leap day is a year's last and needs no case of its own.
  const year = month <= 2 ? y - 1 : y;
  const era = Math.floor(year / 400);
  const yearOfEra = year - era * 400;
  const dayOfYear = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + day - 1;
  return era * 146097 + yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear - 719468;
}

/** The date that is `day` days (an integer) after 1970-01-01. */
export function fromDay(day: number): CalendarDate {
  const shifted = day + 719468;
  const era = Math.floor(shifted / 146097);
  const dayOfEra = shifted - era * 146097;
  const yearOfEra = Math.floor(
    (dayOfEra - Math.floor(dayOfEra / 1460) + Math.floor(dayOfEra / 36524) - Math.floor(dayOfEra / 146096)) / 365,
  );
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const march = Math.floor((5 * dayOfYear + 2) / 153);
  const month = march < 10 ? march + 3 : march - 9;
  return makeDate(
    yearOfEra + era * 400 + (month <= 2 ? 1 : 0),
    month,
    dayOfYear - Math.floor((153 * march + 2) / 5) + 1,
  );
}

/** The date `days` (an integer, may be negative) later. */
export function addDays(date: CalendarDate, days: number): CalendarDate {
  return fromDay(toDay(date) + days);
}

/** Every date from `from` to `to`, both included; empty if `to` is before `from`. */
export function daysBetween(from: CalendarDate, to: CalendarDate): CalendarDate[] {
  const first = toDay(from);
  return Array.from({ length: Math.max(0, toDay(to) - first + 1) }, (_, i) => fromDay(first + i));
}

/** Day of the week, 1 = Monday to 7 = Sunday. */
export function weekday(date: CalendarDate): number {
  return ((((toDay(date) + 3) % 7) + 7) % 7) + 1;
}

/** The date on the calendar of a zone (see `isZone`) at an instant (epoch ms). */
export function dateIn(zone: string, epochMs: number): CalendarDate {
  return Temporal.Instant.fromEpochMilliseconds(Math.floor(epochMs))
    .toZonedDateTimeISO(zone)
    .toPlainDate()
    .toString({ calendarName: 'never' });
}

/** The instant (epoch ms) at which a date is over in a zone: the first instant of the next date there. */
export function endOfDay(zone: string, date: CalendarDate): number {
  return Temporal.PlainDate.from(date).add({ days: 1 }).toZonedDateTime(zone).epochMilliseconds;
}

/** Whether the text names a time zone, such as `America/New_York` or `UTC`. Offsets do not: they know no summer time. */
export function isZone(name: string): boolean {
  if (!/^[A-Za-z]/.test(name)) return false;
  try {
    Temporal.Instant.fromEpochMilliseconds(0).toZonedDateTimeISO(name);
    return true;
  } catch {
    return false;
  }
}

/** Consecutive dates joined into runs, ascending; the dates may come in any order and repeat. */
export function groupRuns(dates: readonly CalendarDate[]): DateRun[] {
  const days = [...new Set(dates.map(toDay))].sort((a, b) => a - b);
  const runs: { first: number; last: number }[] = [];
  for (const day of days) {
    const run = runs.at(-1);
    if (run && run.last === day - 1) run.last = day;
    else runs.push({ first: day, last: day });
  }
  return runs.map((run) => ({ from: fromDay(run.first), to: fromDay(run.last) }));
}

/**
 * Dates in words, for people: "2-9, 11, 16 Nov 2021", "30 Nov - 2 Dec 2021". After six runs the rest is counted: "...
 * and 12 more". Month and year are said once, after the last of the dates that share them.
 */
export function sayDates(dates: readonly CalendarDate[]): string {
  const runs = groupRuns(dates);
  if (runs.length === 0) return 'no dates';
  const said = runs.slice(0, runs.length === runsSaid + 1 ? runs.length : runsSaid);
  const rest = runs.slice(said.length).reduce((sum, run) => sum + toDay(run.to) - toDay(run.from) + 1, 0);
  const words = said.map((run, i) => sayRun(run, said[i + 1])).join(', ');
  return rest > 0 ? `${words} and ${rest} more` : words;
}

function sayRun(run: DateRun, next: DateRun | undefined): string {
  const [fromYear, fromMonth, fromDayOfMonth] = partsOf(run.from);
  const [toYear, toMonth, toDayOfMonth] = partsOf(run.to);
  if (fromYear === toYear && fromMonth === toMonth) {
    const days = run.from === run.to ? `${toDayOfMonth}` : `${fromDayOfMonth}-${toDayOfMonth}`;
    return `${days}${sayTail(run.to, next)}`;
  }
  const first = `${fromDayOfMonth} ${monthNames[fromMonth - 1]}`;
  const last = `${toDayOfMonth} ${monthNames[toMonth - 1]}`;
  if (fromYear !== toYear) return `${first} ${fromYear} - ${last} ${toYear}`;
  return next !== undefined && isWithinYear(next, toYear) ? `${first} - ${last}` : `${first} - ${last} ${toYear}`;
}

/** The month and year to say after a run of one month; nothing of what the next run says for both. */
function sayTail(date: CalendarDate, next: DateRun | undefined): string {
  const [year, month] = partsOf(date);
  // "2, 30 Nov - 1 Dec" would leave it open which month the 2 is of.
  if (next !== undefined && next.from.slice(0, 7) === date.slice(0, 7) && next.to.slice(0, 7) === date.slice(0, 7)) {
    return '';
  }
  const said = ` ${monthNames[month - 1]}`;
  return next !== undefined && isWithinYear(next, year) ? said : `${said} ${year}`;
}

function isWithinYear(run: DateRun, year: number): boolean {
  return Number(run.from.slice(0, 4)) === year && Number(run.to.slice(0, 4)) === year;
}

function partsOf(date: CalendarDate): [year: number, month: number, day: number] {
  return [readDigits(date, 0, 4), readDigits(date, 5, 7), readDigits(date, 8, 10)];
}

/** Character by character: a season of fifty tables asks for this some hundred thousand times. */
function readDigits(date: CalendarDate, from: number, to: number): number {
  let value = 0;
  for (let i = from; i < to; i += 1) value = value * 10 + date.charCodeAt(i) - 48;
  return value;
}

function twoDigits(n: number): string {
  return n < 10 ? `0${n}` : String(n);
}
