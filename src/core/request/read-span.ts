/** One span of days: a date, two of them, a month, a season, or a phrase that counts from today. */
import type { Catalogue, Season } from '../catalogue/catalogue.ts';
import { addDays, type CalendarDate, daysInMonth, fromDay, isDate, makeDate, toDay, weekday } from '../dates.ts';
import { quoteForPeople } from './normalise-text.ts';
import { isProblem, type Problem } from './split-words.ts';
import { readMonthName, suggestDates } from './suggest-dates.ts';

/** What a request is read against; `today` is the date in the pipeline's zone. */
export type RequestContext = { readonly catalogue: Catalogue; readonly today: CalendarDate };

/** Words with which dates can begin, apart from digits and the names of months. */
export const whenWords = ['yesterday', 'today', 'last', 'week', 'season'] as const;

/** Consecutive days (integers, see `toDay`), both ends included. */
export type Span = { readonly from: number; readonly to: number };

/** The first date of which anything can be known; undefined where the catalogue names none. */
export function firstDateOf(catalogue: Catalogue): CalendarDate | undefined {
  const starts = catalogue.seasons.map((season) => season.starts);
  if (starts.length > 0) return starts.reduce((a, b) => (a < b ? a : b));
  const tables = [...catalogue.tables.values()].map((table) => table.starts);
  return tables.reduce((a, b) => (a === undefined || b === undefined ? undefined : a < b ? a : b), tables[0]);
}

/** Reads text (lower case, single spaces, no comma) as a span; `instead` holds texts that may be read in its place. */
export function readSpan(item: string, context: RequestContext): Span | Problem<string> {
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
  const days = /^last (\d{1,15}) days?$/.exec(text)?.[1];
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
    // A date with something after it; of words the last one may be the one that matters.
    instead: /^\d.* /.test(text) ? [text.replace(/ \S*$/, '')] : [],
  };
}
