/** Remarks in words, one sentence for all dates of a column, with the worst one as its example. */
import type { Quality, Remark } from '../core/quality/quality-report.ts';
import { count, sayDays, sayNumber, sayShare } from './phrases.ts';
import { clip } from './words.ts';

/** Sentences, the one with most dates first: "matchup_score is 0 on all 212 rows of 5 Nov 2021 (usually 3.0 %)". */
export function sayRemarks(quality: Quality): string[] {
  const groups = new Map<string, Remark[]>();
  for (const remark of quality.total.remarks ?? []) {
    const key = `${remark.what} ${remark.have > remark.usual} ${remark.against} ${remark.column}`;
    groups.set(key, [...(groups.get(key) ?? []), remark]);
  }
  return [...groups.values()].sort((a, b) => b.length - a.length).map(sayGroup);
}

/** "2 dates look wrong"; null where none does. */
export function countWrong(quality: Quality): string | null {
  const remarks = quality.total.remarks ?? [];
  const dates = new Set(remarks.map(({ date }) => date)).size;
  if (dates === 0) return null;
  const least = remarks.some(({ lasts }) => lasts) ? 'at least ' : '';
  return `${least}${count(dates, 'date')} ${dates === 1 ? 'looks' : 'look'} wrong`;
}

function sayGroup(remarks: readonly Remark[]): string {
  const [first, ...rest] = [...remarks].sort((a, b) => offBy(b) - offBy(a));
  if (first === undefined) return '';
  const others = rest.length === 0 ? '' : `, and likewise on ${sayDays(rest.map(({ date }) => date))}`;
  return `${sayRemark(first)}${others}`;
}

/** How much of the date is off. */
function offBy({ have, usual, rows }: Remark): number {
  return Math.abs(have - usual) / Math.max(1, rows, usual);
}

function sayRemark(remark: Remark): string {
  const { have, usual, rows, date } = remark;
  const column = clip(remark.column ?? '', 60);
  const on = `of ${sayDays([date])}${sayLasts(remark)}`;
  const share = `(${sayUsual(remark, sayShare(usual, rows))})`;
  switch (remark.what) {
    case 'rows':
      return `${count(have, 'row')} on ${sayDays([date])}${sayLasts(remark)} (${sayUsual(remark, sayNumber(Math.round(usual)))} for such a date)`;
    case 'nulls':
      return `${column} is NULL on ${sayPart(have, rows)} ${on} ${share}`;
    case 'zeros':
      return `${column} is 0 on ${sayPart(have, rows)} ${on} ${share}`;
    case 'few_values':
      return `${column} has ${count(have, 'distinct value')} in ${count(rows, 'row')} ${on} (${sayUsual(remark, sayNumber(Math.round(usual)))})`;
    case 'flag':
      return `${column} is true on ${sayPart(have, rows)} ${on} ${share}`;
  }
}

function sayPart(have: number, rows: number): string {
  return have === rows ? `all ${count(rows, 'row')}` : `${sayNumber(have)} of ${count(rows, 'row')}`;
}

/** What lasts for weeks is said of the date where it begins or ends. */
function sayLasts({ lasts, against }: Remark): string {
  if (!lasts) return '';
  return against === 'before' ? ' and the dates after it' : ' and the dates before it';
}

/** Where a column changed for good, "usually" would be said of one half only. */
function sayUsual({ against }: Remark, usual: string): string {
  if (against === 'both') return `usually ${usual}`;
  return `${usual} ${against === 'before' ? 'before' : 'after'}`;
}
