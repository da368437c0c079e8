/**
 * Remarks: figures of a date that are unlike those of the dates around it. No bar is fixed (a month with 18.8 % ready
 * rows can be normal); what the neighbours have, each brought to the size of the date, is what is usual. A collapse may
 * last: the dates next to a date that are like it belong to it, and its neighbours are those beyond.
 */
import { type CalendarDate, toDay } from '../dates.ts';
import { type ComparedDate, listMeasures, type Measure } from './quality-measures.ts';
import type { Remark } from './quality-report.ts';

/** Days before and after that are looked at: they hold `mostBeside` dates even where rows come every third day, and end before another season begins. */
export const daysAround = 21;
/** As many dates as a week has, so that what follows the days of the week has its like among them. */
const mostBeside = 7;
const fewestBeside = 3;
/** One in so many neighbours may be like the date: another such fault, and not how things are. */
const oneIn = 6;
/** How many times the neighbours' own spread a value may be off. */
const timesSpread = 4;

/**
 * The remarks on each of `dates` that has any. `all` holds them and their neighbours, ascending, without those on which
 * rows cannot be; dates without rows are neither judged nor neighbours.
 */
export function remarkDates(
  dates: ReadonlySet<CalendarDate>,
  all: readonly ComparedDate[],
): Map<CalendarDate, Remark[]> {
  const filled = all.filter(({ figures }) => figures.rows > 0);
  const measures = filled[0] ? listMeasures(filled[0].figures) : [];
  const remarks = new Map<CalendarDate, Remark[]>();
  filled.forEach((each, i) => {
    if (!dates.has(each.figures.date)) return;
    const beside = { before: listBeside(each, filled, i, -1), after: listBeside(each, filled, i, 1) };
    const found = measures.flatMap((measure) => compare(measure, each, beside) ?? []);
    if (found.length > 0) remarks.set(each.figures.date, keepFirstOfColumn(found));
  });
  return remarks;
}

type Beside = { readonly before: readonly ComparedDate[]; readonly after: readonly ComparedDate[] };

/** Dates on one side, the nearest first. */
function listBeside(each: ComparedDate, filled: readonly ComparedDate[], i: number, step: 1 | -1): ComparedDate[] {
  const beside: ComparedDate[] = [];
  for (let n = i + step; ; n += step) {
    const other = filled[n];
    if (!other || Math.abs(daysFrom(each, other)) > daysAround) break;
    beside.push(other);
  }
  return beside;
}

function daysFrom(a: ComparedDate, b: ComparedDate): number {
  return toDay(b.figures.date) - toDay(a.figures.date);
}

type Value = { readonly value: number; readonly sameWeekday: boolean };

/** One side of a date: how many dates directly beside it are like it, and what those beyond have (the nearest first). */
type Side = { readonly alike: number; readonly beyond: readonly Value[] };

function compare(measure: Measure, date: ComparedDate, beside: Beside): Remark | undefined {
  const have = measure.read(date, date);
  if (have === null) return undefined;
  const { rows } = date.figures;
  const isLike = (value: number) => !measure.isOdd(have, value, rows);
  const [before, after] = [beside.before, beside.after].map((dates) => readSide(measure, date, dates, isLike));
  if (!before || !after) return undefined;
  const against = chooseSides(before, after);
  if (against === undefined) return undefined;
  const values = [...(against === 'after' ? [] : before.beyond), ...(against === 'before' ? [] : after.beyond)];
  const usual = medianOf(values.map(({ value }) => value));
  const spread = medianOf(values.map(({ value }) => Math.abs(value - usual)));
  const like = values.filter(({ value }) => isLike(value));
  if (isLike(usual) || Math.abs(have - usual) < timesSpread * spread || like.length * oneIn > values.length)
    return undefined;
  // What other dates of the same weekday have too is a rhythm and no fault.
  if (like.some(({ sameWeekday }) => sameWeekday)) return undefined;
  const lasts = before.alike + after.alike >= values.length;
  if (lasts && measure.mayGrow && (against === 'after' || have > usual)) return undefined;
  const { column, what } = measure;
  return { date: date.figures.date, column, what, have, usual: Math.round(10 * usual) / 10, rows, against, lasts };
}

function readSide(
  measure: Measure,
  date: ComparedDate,
  dates: readonly ComparedDate[],
  isLike: (value: number) => boolean,
): Side {
  const values = dates.flatMap((other): Value[] => {
    const value = measure.read(other, date);
    return value === null ? [] : [{ value, sameWeekday: daysFrom(date, other) % 7 === 0 }];
  });
  const first = values.findIndex(({ value }) => !isLike(value));
  const alike = first === -1 ? values.length : first;
  return { alike, beyond: values.slice(alike, alike + mostBeside) };
}

/**
 * Which neighbours a date can be unlike. Where fewer dates are like it than not, those of both sides, or those before at
 * the end of what there is; the first dates of all have nothing that tells, and begin as tables do. Where more are like
 * it, a column changed for good (or for weeks), which is said of the date of the change only.
 */
function chooseSides(before: Side, after: Side): Remark['against'] | undefined {
  const beyond = before.beyond.length + after.beyond.length;
  if (before.alike + after.alike < beyond) {
    if (before.beyond.length === 0 || beyond < fewestBeside) return undefined;
    return after.beyond.length === 0 ? 'before' : 'both';
  }
  if (isBorder(before, after)) return 'before';
  return isBorder(after, before) ? 'after' : undefined;
}

function isBorder(unlike: Side, like: Side): boolean {
  return unlike.alike === 0 && unlike.beyond.length === mostBeside && like.alike >= mostBeside;
}

function medianOf(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle] ?? 0;
  return sorted.length % 2 === 1 ? upper : (upper + (sorted[middle - 1] ?? 0)) / 2;
}

/** A column that is NULL throughout has few values too: one remark says it. Rows and flags stand by themselves. */
function keepFirstOfColumn(remarks: readonly Remark[]): Remark[] {
  const first = new Map<string, Remark>();
  for (const remark of remarks) {
    const key = remark.what === 'flag' || remark.column === null ? `${remark.what} ${remark.column}` : remark.column;
    if (!first.has(key)) first.set(key, remark);
  }
  return [...first.values()];
}
