/**
 * Dates that people write and that are not read, since they can mean two days or none: what may have been meant. The
 * suggestion is shown, never run: 11/01/2021 is January to half of the world.
 */
import type { Season } from '../catalogue/catalogue.ts';
import { addDays, type CalendarDate, daysInMonth, isDate, makeDate, weekday } from '../dates.ts';
import { findNearest } from './nearest.ts';
import { quoteForPeople } from './normalise-text.ts';
import type { Problem } from './split-words.ts';

const months = [
  'january',
  'february',
  'march',
  'april',
  'may',
  'june',
  'july',
  'august',
  'september',
  'october',
  'november',
  'december',
] as const;

/** The month (1-12) of an English name or its first three or more letters in lower case; null if it is none. */
export function readMonthName(word: string): number | null {
  const index = word.length < 3 ? -1 : months.findIndex((month) => month.startsWith(word));
  return index < 0 ? null : index + 1;
}

/**
 * Why a text (lower case) is not read as dates and what may have been meant; null where nobody can tell.
 * @param today date in the pipeline's zone.
 */
export function suggestDates(text: string, today: CalendarDate, seasons: readonly Season[]): Problem<string> | null {
  return (
    explainImpossible(text) ??
    explainMonth(text, seasons) ??
    explainSlashes(text) ??
    explainOrder(text) ??
    explainWords(text) ??
    explainPhrase(text, today, seasons)
  );
}

/** `2021-02-30`, `2021-13-01`. */
function explainImpossible(text: string): Problem<string> | null {
  const [, y, m, d] = /^(\d{4})-(\d{2})-(\d{2})$/.exec(text) ?? [];
  if (y === undefined || m === undefined || d === undefined) return null;
  const days = daysInMonth(Number(y), Number(m));
  if (days === 0)
    return { problem: `${text} is no date: there is no month ${m}.`, instead: keepDates(`${y}-${d}-${m}`) };
  const instead = Number(d) === 0 ? `${y}-${m}-01` : `${y}-${m}-${days}`;
  return { problem: `${text} is no date: ${y}-${m} has ${days} days.`, instead: keepDates(instead) };
}

/** `2021-22`, which is a season and not a month. */
function explainMonth(text: string, seasons: readonly Season[]): Problem<string> | null {
  const month = /^\d{4}-(\d{2})$/.exec(text)?.[1];
  const season = seasons.find((s) => s.name.toLowerCase() === text);
  if (season) return { problem: `A season is written "season ${season.name}".`, instead: [`season ${season.name}`] };
  if (month === undefined) return null;
  return { problem: `${text} is no month: there is no month ${month}.`, instead: [`${text.slice(0, 4)}-12`] };
}

/** `11/01/2021`: both readings, as far as they exist. */
function explainSlashes(text: string): Problem<string> | null {
  const [, a, b, c] = /^(\d{1,2})[-/.](\d{1,2})[-/.](\d{4}|\d{2})$/.exec(text) ?? [];
  if (a === undefined || b === undefined || c === undefined) return null;
  const year = c.length === 2 ? `20${c}` : c;
  const readings = keepDates(isoOf(year, a, b), isoOf(year, b, a));
  const [first, second] = readings;
  if (first === undefined) return { problem: `${text} is no date; dates are written YYYY-MM-DD.`, instead: [] };
  if (second === undefined) return { problem: `${text} is not read; the date is written ${first}.`, instead: readings };
  return {
    problem: `${text} can be ${first} or ${second}, and nobody can know which; write the one that you mean.`,
    instead: readings,
  };
}

/** `2021/11/16`, `20211116`, `2021-11-1`, `2021-11-16T00:00:00Z`: the order is right, the form is not. */
function explainOrder(text: string): Problem<string> | null {
  const [, y, m, d] =
    /^(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?:[t ]\d.*)?$/.exec(text) ?? /^(\d{4})(\d{2})(\d{2})$/.exec(text) ?? [];
  if (y !== undefined && m !== undefined && d !== undefined) {
    const instead = [isoOf(y, m, d)];
    return { problem: `${quoteForPeople(text)} is not read; a date is written ${instead[0]}.`, instead };
  }
  if (!/^\d{4}$/.test(text) || text === '0000') return null;
  return {
    problem: `${text} alone is not read; a year is written as a range.`,
    instead: [`${text}-01-01..${text}-12-31`],
  };
}

/** `16 nov 2021`, `nov 16 2021`, `1-30 nov 2021`, `nov 2021` with a slip. */
function explainWords(text: string): Problem<string> | null {
  const plain = text.replace(/(\d)(st|nd|rd|th)\b/g, '$1').replace(/\./g, '');
  const [, d1, e1, m1, y1] = /^(\d{1,2})(?: ?- ?(\d{1,2}))? (?:of )?([a-z]+) (\d{4})$/.exec(plain) ?? [];
  const [, m2, d2, e2, y2] = /^([a-z]+) (\d{1,2})(?: ?- ?(\d{1,2}))? (\d{4})$/.exec(plain) ?? [];
  const [, m3, y3] = /^([a-z]+)[ -]?(\d{4})$/.exec(plain) ?? [];
  const name = m1 ?? m2 ?? m3;
  const year = y1 ?? y2 ?? y3;
  const day = d1 ?? d2;
  if (name === undefined || year === undefined) return null;
  const month = readMonthName(name) ?? readMonthName(findNearest(name, months) ?? '');
  if (month === null || year === '0000') return null;
  const last = e1 ?? e2;
  if (day === undefined) return notRead(text, `${year}-${String(month).padStart(2, '0')}`);
  const from = isoOf(year, String(month), day);
  return notRead(text, last === undefined ? from : `${from}..${isoOf(year, String(month), last)}`);
}

/** `this week`, `last 2 weeks`, `nov`, `yesteday`. */
function explainPhrase(text: string, today: CalendarDate, seasons: readonly Season[]): Problem<string> | null {
  if (text === 'this week') return notRead(text, `${addDays(today, 1 - weekday(today))}..${today}`);
  if (text === 'this month') return notRead(text, `${today.slice(0, 7)}-01..${today}`);
  const weeks = /^last (\d{1,3}) weeks?$/.exec(text)?.[1];
  if (weeks !== undefined) return notRead(text, `last ${Math.max(1, Number(weeks)) * 7} days`);
  const begun = seasons.filter((s) => s.starts < today).at(-1);
  if (/^((this|last) )?season$/.test(text) && begun) return notRead(text, `season ${begun.name}`);
  if (/^last( 0+ days?)?$/.test(text)) return notRead(text, 'last 7 days');
  const month = readMonthName(text);
  if (month !== null) {
    const year = Number(today.slice(0, 4)) - (month >= Number(today.slice(5, 7)) ? 1 : 0);
    return { problem: `${quoteForPeople(text)} needs a year.`, instead: [makeDate(year, month, 1).slice(0, 7)] };
  }
  const near = findNearest(text, ['yesterday', 'today', 'last week', 'last month', 'last 7 days']);
  return near === undefined ? null : notRead(text, near);
}

function notRead(text: string, instead: string): Problem<string> {
  return { problem: `${quoteForPeople(text)} is not read as dates; did you mean ${instead}?`, instead: [instead] };
}

function isoOf(year: string, month: string, day: string): string {
  return `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`;
}

function keepDates(...texts: readonly string[]): string[] {
  return [...new Set(texts)].filter(isDate);
}
