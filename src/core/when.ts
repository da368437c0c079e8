/**
 * The dates of a request: ISO dates and a handful of phrases, and nothing that could be read in two ways. "Today" is the
 * date in the pipeline's zone and is given, because at night it is not the date of the machine.
 */
import type { Catalogue, Season } from './catalogue.ts';
import {
  addDays,
  type CalendarDate,
  daysInMonth,
  fromDay,
  groupRuns,
  isDate,
  makeDate,
  sayDates,
  toDay,
  weekday,
} from './dates.ts';
import { quoteForPeople } from './normalise-text.ts';
import { isProblem, type Problem } from './split-words.ts';
import { readMonthName, suggestDates } from './suggest-dates.ts';

/** The dates that were understood. */
export type When = {
  /** Ascending, without repetition; both ends of a range are in it. */
  readonly dates: readonly CalendarDate[];
  readonly from: CalendarDate;
  readonly to: CalendarDate;
  /** The dates in words, as every answer repeats them: "1-30 Nov 2021 (30 dates)". */
  readonly said: string;
};

/** What a request is read against; `today` is the date in the pipeline's zone. */
export type RequestContext = { readonly catalogue: Catalogue; readonly today: CalendarDate };

/** The most dates of one request: ten years. */
export const mostDates = 3660;

/** Words with which dates can begin, apart from digits and the names of months. */
export const whenWords = ['yesterday', 'today', 'last', 'week', 'season'] as const;

/** Consecutive days (integers, see `toDay`), both ends included. */
type Span = { readonly from: number; readonly to: number };

const firstDay = toDay('0001-01-01');
const lastDay = toDay('9999-12-31');

/** Reads normalised text as dates; the `instead` of a problem are texts that may be read in its place. */
export function readWhen(text: string, context: RequestContext): When | Problem<string> {
  const items = tidyWhen(text)
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== '');
  if (items.length === 0) return { problem: 'The list of dates is empty.', instead: ['yesterday', 'last 7 days'] };
  const spans: Span[] = [];
  for (const [i, item] of items.entries()) {
    const span = readSpan(item, context);
    if (isProblem<string>(span))
      return { ...span, instead: span.instead.map((other) => items.with(i, other).join(',')) };
    spans.push(span);
  }
  return checkBounds(spans, context);
}

/** Dates as an argument that is read as exactly these dates: runs as `a..b`, joined with commas. */
export function writeDates(dates: readonly CalendarDate[]): string {
  return groupRuns(dates)
    .map((run) => (run.from === run.to ? run.from : `${run.from}..${run.to}`))
    .join(',');
}

/** Dates (at least one) as a request holds them. */
export function makeWhen(dates: readonly [CalendarDate, ...CalendarDate[]]): When {
  const sorted = [...new Set(dates)].sort();
  const said = sorted.length === 1 ? sayDates(sorted) : `${sayDates(sorted)} (${sorted.length} dates)`;
  return { dates: sorted, from: sorted[0] ?? dates[0], to: sorted.at(-1) ?? dates[0], said };
}

/** The first date of which anything can be known; undefined where the catalogue names none. */
export function firstDateOf(catalogue: Catalogue): CalendarDate | undefined {
  const starts = catalogue.seasons.map((season) => season.starts);
  if (starts.length > 0) return starts.reduce((a, b) => (a < b ? a : b));
  const tables = [...catalogue.tables.values()].map((table) => table.starts);
  return tables.reduce((a, b) => (a === undefined || b === undefined ? undefined : a < b ? a : b), tables[0]);
}

/** Dates joined by a dash are a range, whatever dash it was; letters' case does not matter. */
function tidyWhen(text: string): string {
  return text
    .toLowerCase()
    .replace(/(\d{4}-\d{2}-\d{2})\s*-+\s*(?=\d{4}-\d{2}-\d{2}(?!\d))/g, '$1..')
    .replace(/\s+/g, ' ')
    .trim();
}

function checkBounds(spans: readonly Span[], context: RequestContext): When | Problem<string> {
  const from = Math.min(...spans.map((span) => span.from));
  const to = Math.max(...spans.map((span) => span.to));
  const total = spans.reduce((sum, span) => sum + span.to - span.from + 1, 0);
  if (total > mostDates) {
    const last = Math.min(to, lastDay);
    const instead = `${fromDay(Math.max(firstDay, from, last - mostDates + 1))}..${fromDay(last)}`;
    return { problem: `These are ${total} dates; one request may have ${mostDates}.`, instead: [instead] };
  }
  if (from < firstDay || to > lastDay) {
    return { problem: 'Dates go from 0001-01-01 to 9999-12-31.', instead: ['yesterday'] };
  }
  const days = new Set(
    spans.flatMap((span) => Array.from({ length: span.to - span.from + 1 }, (_, i) => span.from + i)),
  );
  const dates = [...days].sort((a, b) => a - b).map(fromDay);
  const [first, ...rest] = dates;
  if (first === undefined) return { problem: 'The list of dates is empty.', instead: ['yesterday'] };
  return checkFirst(dates, context.catalogue) ?? makeWhen([first, ...rest]);
}

function checkFirst(dates: readonly CalendarDate[], catalogue: Catalogue): Problem<string> | null {
  const start = firstDateOf(catalogue);
  const first = dates[0];
  if (start === undefined || first === undefined || first >= start) return null;
  const season = catalogue.seasons.find((s) => s.starts === start);
  const known = season ? `the first season (${season.name}), which starts on ${start}` : `the first date (${start})`;
  const kept = dates.filter((date) => date >= start);
  const instead = kept.length > 0 ? writeDates(kept) : writeRange(start, addDays(start, dates.length - 1));
  return { problem: `${first} is before ${known}.`, instead: [instead] };
}

function writeRange(from: CalendarDate, to: CalendarDate): string {
  return from === to ? from : `${from}..${to}`;
}

function readSpan(item: string, context: RequestContext): Span | Problem<string> {
  const yesterday = addDays(context.today, -1);
  const bare = item.replace(/^from /, '');
  const open =
    /^(.+?) ?\.{2,}$/.exec(bare)?.[1] ?? (bare === item ? undefined : /^(?!.*(\.\.| to | - )).+$/.exec(bare)?.[0]);
  if (open !== undefined)
    return { problem: 'A range needs its last date too.', instead: [`${open}..${yesterday}`, open] };
  const ends = /^(.+?)(?: ?\.{2,} ?| (?:to|until|-) )(.+)$/.exec(bare) ?? splitDates(bare);
  if (ends?.[1] !== undefined && ends[2] !== undefined) return readRange(ends[1], ends[2], context);
  const start = /^\.{2,} ?(.+)$/.exec(bare)?.[1];
  if (start !== undefined) {
    const first = firstDateOf(context.catalogue);
    return { problem: 'A range needs its first date too.', instead: first ? [`${first}..${start}`, start] : [start] };
  }
  const words = bare.split(' ');
  if (words.length > 2 && words.every(isDateLike)) {
    return { problem: 'More than two dates need commas between them.', instead: [words.join(',')] };
  }
  return readPeriod(bare, context);
}

function isDateLike(word: string): boolean {
  return /^\d+[-/.]\d[\d/.-]*$/.test(word);
}

/** Two dates side by side are a range. */
function splitDates(text: string): readonly string[] | null {
  const words = text.split(' ');
  return words.length === 2 && words.every(isDateLike) ? [text, ...words] : null;
}

function readRange(first: string, last: string, context: RequestContext): Span | Problem<string> {
  const from = readPeriod(first, context);
  if (isProblem<string>(from)) return { ...from, instead: from.instead.map((other) => `${other}..${last}`) };
  const to = readPeriod(last, context);
  if (isProblem<string>(to)) return { ...to, instead: to.instead.map((other) => `${first}..${other}`) };
  if (from.from <= to.to) return { from: from.from, to: to.to };
  return { problem: `The range is reversed: ${first} is after ${last}.`, instead: [`${last}..${first}`] };
}

function readPeriod(text: string, context: RequestContext): Span | Problem<string> {
  if (isDate(text)) return one(text);
  const yesterday = toDay(context.today) - 1;
  if (text === 'today') return one(context.today);
  if (text === 'yesterday') return { from: yesterday, to: yesterday };
  const monday = toDay(context.today) - weekday(context.today) + 1;
  if (text === 'last week') return { from: monday - 7, to: monday - 1 };
  if (text === 'last month') {
    const end = addDays(`${context.today.slice(0, 7)}-01`, -1);
    return { from: toDay(`${end.slice(0, 7)}-01`), to: toDay(end) };
  }
  const days = /^last (\d{1,7}) days?$/.exec(text)?.[1];
  if (days !== undefined && Number(days) > 0) return { from: yesterday - Number(days) + 1, to: yesterday };
  const week = /^week of (.+)$/.exec(text)?.[1];
  if (week !== undefined) return readWeek(week, context);
  const season = /^season (\S+)$/.exec(text)?.[1];
  if (season !== undefined) return readSeason(season, context);
  return readMonth(text) ?? suggestDates(text, context.today, context.catalogue.seasons) ?? unreadable(text);
}

function one(date: CalendarDate): Span {
  return { from: toDay(date), to: toDay(date) };
}

/** The week, Monday to Sunday, that a date lies in. */
function readWeek(text: string, context: RequestContext): Span | Problem<string> {
  const date = text.startsWith('week') ? unreadable(text) : readPeriod(text, context);
  if (isProblem<string>(date)) return { ...date, instead: date.instead.map((other) => `week of ${other}`) };
  const monday = date.from - weekday(fromDay(date.from)) + 1;
  if (date.to > monday + 6) return { problem: `${quoteForPeople(text)} is more than a week.`, instead: [text] };
  return { from: monday, to: monday + 6 };
}

/** `nov 2021`, `november 2021` or `2021-11`; null if it is none of them. */
function readMonth(text: string): Span | null {
  const named = /^([a-z]+) (\d{4})$/.exec(text);
  const numbered = /^(\d{4})-(\d{2})$/.exec(text);
  const month = named ? readMonthName(named[1] ?? '') : Number(numbered?.[2]);
  const year = Number(named?.[2] ?? numbered?.[1]);
  if (!month || !(year >= 1) || daysInMonth(year, month) === 0) return null;
  return { from: toDay(makeDate(year, month, 1)), to: toDay(makeDate(year, month, daysInMonth(year, month))) };
}

function readSeason(name: string, context: RequestContext): Span | Problem<string> {
  const { seasons } = context.catalogue;
  const season = seasons.find((s) => s.name.toLowerCase() === name);
  const begun = seasons.filter((s) => s.starts < context.today);
  const near = [...begun].reverse().map((s) => `season ${s.name}`);
  if (season === undefined) return noSeason(name, seasons, near);
  if (season.starts >= context.today) {
    return {
      problem: `Season ${season.name} starts on ${season.starts}: it has no dates that are over.`,
      instead: near,
    };
  }
  const yesterday = addDays(context.today, -1);
  const to = season.ends !== undefined && season.ends < yesterday ? season.ends : yesterday;
  return { from: toDay(season.starts), to: toDay(to) };
}

function noSeason(name: string, seasons: readonly Season[], near: readonly string[]): Problem<string> {
  const names = seasons.map((s) => s.name);
  const known = names.length === 0 ? 'this pipeline has no seasons' : `the seasons are ${names.join(', ')}`;
  const meant = names.find((n) => n.slice(0, 4) === name.slice(0, 4));
  const instead = meant === undefined ? near : [`season ${meant}`, ...near];
  return { problem: `There is no season ${quoteForPeople(name)}; ${known}.`, instead };
}

function unreadable(text: string): Problem<string> {
  return {
    problem: `${quoteForPeople(text)} is not a date that can be read. Write 2021-11-16, 2021-11-01..2021-11-30, a list with commas, "nov 2021", "season 2021-22", "yesterday" or "last 7 days".`,
    instead: [],
  };
}
