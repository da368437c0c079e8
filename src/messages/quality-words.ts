/** The quality of a table in words and figures, for messages and for terminals. */
import type { Quality, QualityDate } from '../core/quality/quality-report.ts';
import { count, sayDays, sayNumber, sayShare } from './phrases.ts';
import { bold, clip, type Words } from './words.ts';

/** "4,782 rows on 28 of 30 dates; no duplicates." */
export function sayRows({ total, dates }: Quality): string {
  const filled = dates.filter((date) => date.rows > 0).length;
  const lacking = listLacking(dates).length;
  const faults = [
    total.duplicates > 0 ? count(total.duplicates, 'duplicate row') : 'no duplicates',
    ...(lacking > 0 ? [`${count(lacking, 'entity', 'entities')} missing somewhere`] : []),
  ];
  return `${count(total.rows, 'row')} on ${filled} of ${count(dates.length, 'date')}; ${faults.join(', ')}.`;
}

/** "147 duplicate rows on 5 Jan 2022: 294 rows for 147 keys"; empty if there are none. */
export function sayDuplicates(quality: Quality): Words[] {
  const dates = quality.dates.filter((date) => date.duplicates > 0);
  if (dates.length === 0) return [];
  const worst = dates.reduce((a, b) => (b.duplicates > a.duplicates ? b : a));
  const figures = `${sayNumber(worst.rows)} rows for ${sayNumber(worst.entities)} keys`;
  const example = dates.length === 1 ? `: ${figures}` : `; worst ${sayDays([worst.date])}: ${figures}`;
  const all = count(quality.total.duplicates, 'duplicate row');
  return [[bold(all), ` on ${sayDays(dates.map((date) => date.date))}${example}`]];
}

/** Who is missing and when, the most missed first: "SAS is missing on 28 Nov 2021". */
export function sayMissing(quality: Quality, most: number): Words[] {
  const names = listLacking(quality.dates);
  const said = names
    .slice(0, most)
    .map(([name, dates]): Words => [bold(`${clip(name, 40)} is missing`), ` on ${sayDays(dates)}`]);
  const more = names.length - most;
  return more > 0 ? [...said, [`and ${count(more, 'more entity', 'more entities')} missing`]] : said;
}

/** Who lacks on which dates. Of a date without rows all names would say no more than that. */
export function listLacking(dates: readonly QualityDate[]): [string, string[]][] {
  const byName = new Map<string, string[]>();
  for (const date of dates) {
    if (date.rows === 0) continue;
    for (const name of date.missing) byName.set(name, [...(byName.get(name) ?? []), date.date]);
  }
  return [...byName].sort((a, b) => b[1].length - a[1].length || a[0].localeCompare(b[0]));
}

/** NULL rates and flags of all dates together. */
export function sayTotals({ total }: Quality): string[] {
  if (total.rows === 0) return [];
  const nulls = Object.entries(total.nulls)
    .sort((a, b) => b[1] - a[1])
    .slice(0, 8)
    .map(([column, rows]) => `${column} ${sayShare(rows, total.rows)}`);
  const flags = Object.entries(total.flags)
    .slice(0, 10)
    .map(([flag, rows]) => `${flag} ${sayShare(rows, total.rows)}`);
  return [
    ...(nulls.length === 0 ? [] : [`NULL: ${nulls.join(', ')}`]),
    ...(flags.length === 0 ? [] : [`Flags that are true: ${flags.join(', ')}`]),
  ];
}

/** A line of figures per date, what looks wrong first; of the flags it shows the one that is named. */
export function tabulate(
  quality: Quality,
  flag: string | undefined,
  flagHead = 'Ready',
): { heads: string[]; rows: string[][] } {
  const nulls = Object.keys(quality.total.nulls);
  const withNulls = nulls.length > 0;
  const heads = ['Date', 'Rows', 'Keys', 'Duplicates', ...(flag === undefined ? [] : [flagHead])];
  const rows = worstFirst(quality.dates, nulls).map((date) => [
    date.date,
    sayNumber(date.rows),
    sayNumber(date.entities),
    sayNumber(date.duplicates),
    ...(flag === undefined ? [] : [sayShare(date.flags[flag] ?? 0, date.rows)]),
    ...(withNulls ? [sayMostNull(date, nulls)] : []),
    sayTrouble(date),
  ]);
  return { heads: [...heads, ...(withNulls ? ['Most NULL'] : []), 'Looks wrong'], rows };
}

/** What is unlike the dates around in short, then names. */
function sayTrouble(date: QualityDate): string {
  if (date.rows === 0) return 'no rows';
  const columns = (date.remarks ?? []).map(({ column, what }) => (column === null ? what : clip(column, 30)));
  const missing = date.missing.length === 0 ? [] : [`lacks ${sayNames(date.missing)}`];
  const said = [...new Set(columns), ...missing];
  return said.length === 0 ? 'none' : clip(said.join(', '), 60);
}

function sayNames(names: readonly string[]): string {
  return names.length > 4 ? `${names.slice(0, 4).join(', ')} and ${names.length - 4} more` : names.join(', ');
}

function sayMostNull(date: QualityDate, columns: readonly string[]): string {
  const worst = columns.reduce((a, b) => ((date.nulls[b] ?? 0) > (date.nulls[a] ?? 0) ? b : a), columns[0] ?? '');
  return date.rows === 0 || (date.nulls[worst] ?? 0) === 0
    ? 'none'
    : `${worst} ${sayShare(date.nulls[worst] ?? 0, date.rows)}`;
}

/** Duplicates, then remarks, then missing entities, then NULLs, then dates without rows; equal dates in the calendar's order. */
function worstFirst(dates: readonly QualityDate[], nulls: readonly string[]): QualityDate[] {
  const share = (date: QualityDate) =>
    Math.round((10 * Math.max(0, ...nulls.map((name) => date.nulls[name] ?? 0))) / Math.max(1, date.rows));
  const remarks = (date: QualityDate) => date.remarks?.length ?? 0;
  const lacking = (date: QualityDate) => (date.rows === 0 ? -1 : date.missing.length);
  return [...dates].sort(
    (a, b) =>
      b.duplicates - a.duplicates ||
      remarks(b) - remarks(a) ||
      lacking(b) - lacking(a) ||
      share(b) - share(a) ||
      a.date.localeCompare(b.date),
  );
}
