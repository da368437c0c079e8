/** Who lacks on thin dates, by name, against the reference that the catalogue gives. */
import type { CalendarDate } from '../core/dates.ts';
import { dateAt, isThin, type Judging, type TableJudgement } from '../core/judgement.ts';
import type { Ports } from '../ports.ts';

/** Dates of one table that are asked for names at most: a table that is thin everywhere has another trouble. */
const mostNamed = 400;

/** Who lacks on thin dates, by name: one more question for each table that is thin somewhere and has a reference. */
export async function nameMissing(
  ports: Pick<Ports, 'catalogue' | 'warehouse'>,
  judging: Judging,
): Promise<Map<string, readonly string[]>> {
  const missing = new Map<string, readonly string[]>();
  for (const judgement of judging.tables.values()) {
    const { table } = judgement;
    if (table.quality.reference === undefined) continue;
    const dates = listThin(judging, judgement);
    if (dates.length === 0) continue;
    // A name that cannot be read is not worth an answer that is lost.
    const named = await ports.warehouse.readQuality(table, dates, ports.catalogue).catch(() => []);
    for (const found of named) {
      if (found.missing.length > 0) missing.set(`${table.alias} ${found.date}`, found.missing);
    }
  }
  return missing;
}

function listThin(judging: Judging, judgement: TableJudgement): CalendarDate[] {
  const dates: CalendarDate[] = [];
  for (let i = 0; i < judging.calendar.days && dates.length < mostNamed; i++) {
    if (isThin(judgement, i)) dates.push(dateAt(judging, i));
  }
  return dates;
}
