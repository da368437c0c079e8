/** Quality of a table over dates: figures, what is unlike the dates around, who is missing, and all of it added up. */
import { buildCalendar, firstNotDue } from '../catalogue/calendar.ts';
import type { Catalogue, Table } from '../catalogue/catalogue.ts';
import { type CalendarDate, toDay } from '../dates.ts';
import type { Facts } from '../facts.ts';
import { listNotExpected } from '../judge/not-expected.ts';
import type { ComparedDate } from './quality-measures.ts';
import type { Quality, QualityDate } from './quality-report.ts';
import { remarkDates } from './remarks.ts';

/** What was read: the dates asked, those around them that have rows, and the schedule over all of these. */
export type QualityFacts = {
  readonly dates: readonly QualityDate[];
  readonly around: readonly QualityDate[];
  /** Facts of the schedule alone. */
  readonly schedule: Facts;
};

/**
 * Judges what was read of a table's dates. Nobody is missing where no rows can be (R1), or where somebody has accepted
 * that (`accepted`: dates of this table). `now` in epoch milliseconds.
 */
export function judgeQuality(
  catalogue: Catalogue,
  table: Table,
  facts: QualityFacts,
  { now, accepted }: { readonly now: number; readonly accepted: ReadonlySet<CalendarDate> },
): Quality {
  const { dates, around, schedule } = facts;
  const calendar = buildCalendar(catalogue, schedule);
  const off = listNotExpected(catalogue, table, calendar, firstNotDue(catalogue, table, calendar, now));
  const indexOf = (date: CalendarDate) => toDay(date) - toDay(schedule.from);
  const isExpected = (date: CalendarDate) => (off[indexOf(date)] ?? 0) === 0;
  const compared = [...dates, ...around]
    .filter(({ date }) => isExpected(date))
    .sort((a, b) => (a.date < b.date ? -1 : 1))
    .map((figures): ComparedDate => {
      const games = calendar.games[indexOf(figures.date)] ?? 0;
      return { figures, games: table.dates === 'games' ? Math.max(0, games) : null };
    });
  const remarks = remarkDates(new Set(dates.map(({ date }) => date)), compared);
  const isNamed = ({ date, rows }: QualityDate) =>
    isExpected(date) && !accepted.has(date) && (rows > 0 || !isRampUp(table, calendar.dayOfSeason[indexOf(date)] ?? 0));
  return totalQuality(
    table.alias,
    dates.map((date) => ({
      ...date,
      missing: isNamed(date) ? date.missing : [],
      remarks: remarks.get(date.date) ?? [],
    })),
  );
}

function isRampUp(table: Table, dayOfSeason: number): boolean {
  return dayOfSeason <= table.mayBeEmptyUntilDay;
}

/** Puts the dates of a table together with their total. */
export function totalQuality(table: string, dates: readonly QualityDate[]): Quality {
  return {
    table,
    dates,
    total: {
      rows: sum(dates.map((date) => date.rows)),
      entities: sum(dates.map((date) => date.entities)),
      duplicates: sum(dates.map((date) => date.duplicates)),
      flags: addUp(dates.map((date) => date.flags)),
      nulls: addUp(dates.map((date) => date.nulls)),
      missing: [...new Set(dates.flatMap((date) => date.missing))].sort(),
      remarks: dates.flatMap((date) => date.remarks ?? []),
    },
  };
}

/** What a table's quality was on the dates of a later one, so that the two can stand side by side. */
export function qualityOn(before: Quality, after: Quality): Quality {
  const wanted = new Set(after.dates.map(({ date }) => date));
  return totalQuality(
    before.table,
    before.dates.filter(({ date }) => wanted.has(date)),
  );
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, n) => total + n, 0);
}

function addUp(records: readonly Readonly<Record<string, number>>[]): Record<string, number> {
  const total: Record<string, number> = {};
  for (const record of records) for (const [key, n] of Object.entries(record)) total[key] = (total[key] ?? 0) + n;
  return total;
}
