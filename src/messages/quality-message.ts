/**
 * The answer to `/coverage quality`: flags, duplicates, NULLs, and what is missing by name. Shares mean little alone (a
 * month with 18.8 % ready rows can be normal), so rows of a date stand beside the median of the dates around it.
 */
import type { Catalogue } from '../core/catalogue.ts';
import type { Quality, QualityDate } from '../core/reports.ts';
import { lines, list, note, type Part } from './blocks.ts';
import { fitMessage, type Room } from './fit-message.ts';
import type { Message } from './message.ts';
import { count, sayDays, sayNumber, sayShare, typeDatesBriefly } from './phrases.ts';
import { bold, clip, code, type Words } from './words.ts';

/** Quality of one table over dates. `asked` is the command as it was understood. */
export function qualityMessage(
  quality: Quality,
  context: { readonly catalogue: Catalogue; readonly asked: string },
): Message {
  const ready = context.catalogue.tables.get(quality.table)?.quality.ready;
  const dates = typeDatesBriefly(quality.dates.map((date) => date.date));
  const json = `backcourt quality ${quality.table} ${dates} --json`;
  return fitMessage((room) => [
    lines(sayPoint(quality), sayReady(quality, ready)),
    list(qualityFindings(quality, room)),
    dateTable(quality, ready, room),
    ...(quality.dates.length > room.rows
      ? [lines([`${sayNumber(quality.dates.length - room.rows)} more dates: `, code(clip(json, 300))])]
      : []),
    note('Asked: ', code(clip(context.asked, 200))),
  ]);
}

function sayPoint(quality: Quality): Words {
  const { total, dates } = quality;
  const filled = dates.filter((date) => date.rows > 0).length;
  const faults = [
    total.duplicates > 0 ? count(total.duplicates, 'duplicate row') : 'no duplicates',
    ...(total.missing.length > 0 ? [`${count(total.missing.length, 'entity', 'entities')} missing somewhere`] : []),
  ];
  return [
    bold(quality.table),
    `, ${sayDays(dates.map((date) => date.date))}: ${count(total.rows, 'row')} on ${filled} of ${count(dates.length, 'date')}; `,
    `${faults.join(', ')}.`,
  ];
}

function sayReady(quality: Quality, ready: string | undefined): Words {
  const rows = ready === undefined ? undefined : quality.total.flags[ready];
  if (rows === undefined) return [];
  return [
    `Production ready: ${sayNumber(rows)} of ${count(quality.total.rows, 'row')} (${sayShare(rows, quality.total.rows)}).`,
  ];
}

/** Duplicates, missing entities, NULL rates and flags as a list, what is wrong first. */
export function qualityFindings(quality: Quality, room: Room): Words[] {
  return [
    ...sayDuplicates(quality),
    ...sayMissing(quality, room),
    ...sayShort(quality),
    ...sayNulls(quality),
    ...sayFlags(quality),
  ];
}

function sayDuplicates(quality: Quality): Words[] {
  const dates = quality.dates.filter((date) => date.duplicates > 0);
  if (dates.length === 0) return [];
  const worst = dates.reduce((a, b) => (b.duplicates > a.duplicates ? b : a));
  const figures = `${sayNumber(worst.rows)} rows for ${sayNumber(worst.entities)} keys`;
  const example = dates.length === 1 ? `: ${figures}` : `; worst ${sayDays([worst.date])}: ${figures}`;
  const all = count(quality.total.duplicates, 'duplicate row');
  return [[bold(all), ` on ${sayDays(dates.map((date) => date.date))}${example}`]];
}

function sayMissing(quality: Quality, room: Room): Words[] {
  const byName = new Map<string, string[]>();
  for (const date of quality.dates) {
    for (const name of date.missing) byName.set(name, [...(byName.get(name) ?? []), date.date]);
  }
  const names = [...byName].sort((a, b) => b[1].length - a[1].length || a[0].localeCompare(b[0]));
  const said = names
    .slice(0, room.items)
    .map(([name, dates]): Words => [bold(`${clip(name, 40)} is missing`), ` on ${sayDays(dates)}`]);
  return names.length > room.items
    ? [...said, [`and ${count(names.length - room.items, 'more entity', 'more entities')} missing`]]
    : said;
}

/** Dates with less than half of the rows of their neighbours. */
function sayShort(quality: Quality): Words[] {
  const median = medianOf(quality.dates.filter((date) => date.rows > 0).map((date) => date.rows));
  const short = quality.dates.filter((date) => date.rows > 0 && date.rows * 2 < median);
  if (short.length === 0) return [];
  return [
    [
      bold('Few rows'),
      ` on ${sayDays(short.map((date) => date.date))}: less than half of the usual ${sayNumber(median)}`,
    ],
  ];
}

function medianOf(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}

function sayNulls(quality: Quality): Words[] {
  const said = Object.entries(quality.total.nulls)
    .sort((a, b) => b[1] - a[1])
    .slice(0, 8)
    .map(([column, nulls]) => `${column} ${sayShare(nulls, quality.total.rows)}`);
  return said.length === 0 || quality.total.rows === 0 ? [] : [[`NULL: ${said.join(', ')}`]];
}

function sayFlags(quality: Quality): Words[] {
  const said = Object.entries(quality.total.flags)
    .slice(0, 10)
    .map(([flag, rows]) => `${flag} ${sayShare(rows, quality.total.rows)}`);
  return said.length === 0 || quality.total.rows === 0 ? [] : [[`Flags that are true: ${said.join(', ')}`]];
}

function dateTable(quality: Quality, ready: string | undefined, room: Room): Part {
  const nulls = Object.keys(quality.total.nulls);
  const heads = [
    'Date',
    'Rows',
    'Keys',
    'Duplicates',
    ...(ready === undefined ? [] : ['Ready']),
    ...(nulls.length === 0 ? [] : ['Most NULL']),
    'Missing',
  ];
  const rows = worstFirst(quality.dates, nulls)
    .slice(0, room.rows)
    .map((date) => [
      date.date,
      sayNumber(date.rows),
      sayNumber(date.entities),
      sayNumber(date.duplicates),
      ...(ready === undefined ? [] : [sayShare(date.flags[ready] ?? 0, date.rows)]),
      ...(nulls.length === 0 ? [] : [sayMostNull(date, nulls)]),
      date.missing.length === 0 ? 'none' : clip(sayNames(date.missing), 60),
    ]);
  return { kind: 'table', rows: [heads, ...rows], right: ready === undefined ? [1, 2, 3] : [1, 2, 3, 4] };
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

/** Duplicates, then missing entities, then NULLs; equal dates in the calendar's order. */
function worstFirst(dates: readonly QualityDate[], nulls: readonly string[]): QualityDate[] {
  const share = (date: QualityDate) =>
    Math.round((10 * Math.max(0, ...nulls.map((name) => date.nulls[name] ?? 0))) / Math.max(1, date.rows));
  return [...dates].sort(
    (a, b) =>
      b.duplicates - a.duplicates ||
      b.missing.length - a.missing.length ||
      share(b) - share(a) ||
      a.date.localeCompare(b.date),
  );
}
