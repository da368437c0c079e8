/** Quality of a table over dates, added up. */
import type { Quality, QualityDate } from './reports.ts';

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
    },
  };
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, n) => total + n, 0);
}

function addUp(records: readonly Readonly<Record<string, number>>[]): Record<string, number> {
  const total: Record<string, number> = {};
  for (const record of records) for (const [key, n] of Object.entries(record)) total[key] = (total[key] ?? 0) + n;
  return total;
}
