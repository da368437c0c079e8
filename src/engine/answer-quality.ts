/** The quality of a table's dates as a value: what the command line prints, and messages and summaries are made from. */
import { indexOf } from '../core/coverage.ts';
import type { CalendarDate } from '../core/dates.ts';
import { judgementOf, statusAt } from '../core/judgement.ts';
import { totalQuality } from '../core/quality.ts';
import type { Quality } from '../core/reports.ts';
import { Fault } from '../fault.ts';
import type { Ports } from '../ports.ts';
import { assess } from './assess.ts';

/** Flags, duplicates, NULLs and missing entities of a table's dates. */
export async function answerQuality(ports: Ports, alias: string, dates: readonly CalendarDate[]): Promise<Quality> {
  const table = ports.catalogue.tables.get(alias);
  if (!table) throw new Fault(`there is no table ${alias}`, 'never');
  const [found, { judging }] = await Promise.all([
    ports.warehouse.readQuality(table, dates, ports.catalogue),
    assess(ports, [alias], dates),
  ]);
  const judgement = judgementOf(judging, alias);
  // Nobody is missing on a date that can have no rows.
  const isExpected = (date: CalendarDate) => statusAt(judgement, indexOf(judging, date)) !== 'not_expected';
  return totalQuality(
    alias,
    found.map((date) => (isExpected(date.date) ? date : { ...date, missing: [] })),
  );
}
