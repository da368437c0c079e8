/** The quality of a table's dates as a value: what the command line prints, and messages and summaries are made from. */
import type { CalendarDate } from '../core/dates.ts';
import { judgeQuality } from '../core/quality/quality.ts';
import type { Quality } from '../core/quality/quality-report.ts';
import { Fault } from '../fault.ts';
import type { Ports } from '../ports.ts';
import { listGaps } from '../store/gaps.ts';

/** Figures of a table's dates, what is unlike the dates around, and who is missing. One question to the warehouse. */
export async function answerQuality(
  ports: Pick<Ports, 'catalogue' | 'warehouse' | 'store' | 'clock'>,
  alias: string,
  dates: readonly CalendarDate[],
): Promise<Quality> {
  const { catalogue } = ports;
  const table = catalogue.tables.get(alias);
  if (!table) throw new Fault(`there is no table ${alias}`, 'never');
  const [facts, gaps] = await Promise.all([
    ports.warehouse.readQuality(table, dates, catalogue),
    listGaps(ports.store.query, catalogue.pipeline),
  ]);
  const accepted = new Set(gaps.filter((gap) => gap.table === alias).flatMap((gap) => gap.dates));
  return judgeQuality(catalogue, table, facts, { now: ports.clock.now(), accepted });
}
