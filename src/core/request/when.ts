/**
 * The dates of a request: ISO dates and a handful of phrases, and nothing that could be read in two ways. "Today" is the
 * date in the pipeline's zone and is given, because at night it is not the date of the machine.
 */
import type { Catalogue } from '../catalogue/catalogue.ts';
import { addDays, type CalendarDate, fromDay, groupRuns, sayDates, toDay } from '../dates.ts';
import { firstDateOf, type RequestContext, readSpan, type Span } from './read-span.ts';
import { isProblem, type Problem } from './split-words.ts';

/** The dates that were understood. */
export type When = {
  /** Ascending, without repetition; both ends of a range are in it. */
  readonly dates: readonly CalendarDate[];
  readonly from: CalendarDate;
  readonly to: CalendarDate;
  /** The dates in words, as every answer repeats them: "1-30 Nov 2021 (30 dates)". */
  readonly said: string;
};

/** The most dates of one request: ten years. */
export const mostDates = 3660;

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

/** Dates joined by a dash are a range, whatever dash it was; "nov 16, 2021" is no list; case does not matter. */
function tidyWhen(text: string): string {
  return text
    .toLowerCase()
    .replace(/(\d{4}-\d{2}-\d{2})\s*-+\s*(?=\d{4}-\d{2}-\d{2}(?!\d))/g, '$1..')
    .replace(/([a-z]{3} \d{1,2}(?:st|nd|rd|th)?) ?,(?= ?\d{4}(?![-\d]))/g, '$1 ')
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
