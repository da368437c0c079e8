/** Dates that a warehouse does not keep: BigQuery drops partitions by themselves, some days after their date. */
import { addDays, type CalendarDate, dateIn, sayDates } from '../core/dates.ts';
import { type Refusal, refuse } from '../fault.ts';
import type { Ports } from '../ports.ts';

/** Rows of a date whose partition has expired are dropped as soon as they are written, and every look would find none. */
export async function refuseExpired(
  ports: Pick<Ports, 'catalogue' | 'warehouse' | 'clock'>,
  cells: readonly { readonly table: string; readonly date: CalendarDate }[],
): Promise<Refusal | null> {
  const names = [...new Set(cells.map(({ table }) => table))];
  const tables = names.flatMap((name) => ports.catalogue.tables.get(name) ?? []);
  const kept = await ports.warehouse.readRetention(tables);
  // Partitions end with the days of UTC, whatever zone the pipeline is in.
  const today = dateIn('UTC', ports.clock.now());
  for (const [table, days] of kept) {
    const oldest = addDays(today, 1 - Math.floor(days));
    const dates = cells.flatMap((cell) => (cell.table === table ? [cell.date] : [])).sort();
    const gone = dates.filter((date) => date < oldest);
    if (gone.length === 0) continue;
    const stay = dates.filter((date) => date >= oldest);
    return refuse(
      `${table} keeps its partitions for ${days} days in the warehouse, so rows of ${sayDates(gone)} would be gone as soon as they are written. Nothing was started.`,
      stay.length === 0 ? undefined : `/backfill ${table} ${stay[0]} ${stay.at(-1)}`,
    );
  }
  return null;
}
