/** Who lacks on thin dates, by name, against the reference that the catalogue gives. */
import type { CalendarDate } from '../core/dates.ts';
import { dateAt, isThin, type Judging, type TableJudgement } from '../core/judge/judgement.ts';
import { Fault } from '../fault.ts';
import type { Ports } from '../ports.ts';

/** Dates of one table that are asked for names at most: a table that is thin everywhere has another trouble. */
const mostNamed = 400;

/** Who lacks on thin dates, by name: one more question, and only if a table that has a reference is thin somewhere. */
export async function nameMissing(
  ports: Pick<Ports, 'catalogue' | 'warehouse'>,
  judging: Judging,
): Promise<Map<string, readonly string[]>> {
  const asked = [...judging.tables.values()]
    .filter(({ table }) => table.quality.reference !== undefined)
    .map((judgement) => ({ table: judgement.table, dates: listThin(judging, judgement) }))
    .filter(({ dates }) => dates.length > 0);
  if (asked.length === 0) return new Map();
  // A name that cannot be read is not worth an answer that is lost.
  const found = await ports.warehouse.readMissing(asked, ports.catalogue).catch((error: unknown) => {
    if (error instanceof Fault) return [];
    throw error;
  });
  return new Map(found.map(({ table, date, names }) => [`${table} ${date}`, names]));
}

function listThin(judging: Judging, judgement: TableJudgement): CalendarDate[] {
  const dates: CalendarDate[] = [];
  for (let i = 0; i < judging.calendar.days && dates.length < mostNamed; i++) {
    if (isThin(judgement, i)) dates.push(dateAt(judging, i));
  }
  return dates;
}
