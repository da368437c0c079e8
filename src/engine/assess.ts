/** Reads what is needed and judges it: one round trip to the warehouse, one or three statements to the store. */
import { closureOf, rangeToRead } from '../core/catalogue/closure.ts';
import type { Held } from '../core/coverage/explain.ts';
import { type CalendarDate, dateIn } from '../core/dates.ts';
import { judgeSteps } from '../core/judge/judge.ts';
import type { Judging } from '../core/judge/judgement.ts';
import type { Ports } from '../ports.ts';
import { listHeldCells } from '../store/backfills.ts';
import { listFailedCells } from '../store/cells.ts';
import { listGaps } from '../store/gaps.ts';
import { inSteps } from './in-steps.ts';
import { nameMissing } from './name-missing.ts';

export type Assessed = { readonly judging: Judging; readonly held: Held };
type Needed = Pick<Ports, 'catalogue' | 'warehouse' | 'store' | 'clock'>;

/**
 * `names: false` leaves out who lacks on thin dates, which is another question to the warehouse. `inBackfill`: by the
 * lower figures that hold for backfills. `rulesAsOf`: by the rules of that day; today's if absent. `owners: false` leaves
 * out who holds a cell and what failed there, which changes no status.
 */
export type AssessOptions = {
  readonly names?: boolean;
  readonly inBackfill?: boolean;
  readonly rulesAsOf?: CalendarDate | undefined;
  readonly owners?: boolean;
};

/** Judges tables and everything upstream of them over dates (ascending). Throws a Fault if nothing could be read. */
export async function assess(
  ports: Needed,
  tables: readonly string[],
  dates: readonly CalendarDate[],
  options: AssessOptions = {},
): Promise<Assessed> {
  const { catalogue, clock } = ports;
  const now = clock.now();
  const today = dateIn(catalogue.timeZone, now);
  const closure = closureOf(catalogue, tables);
  const asked = { from: dates[0] ?? today, to: dates.at(-1) ?? today, today };
  const [facts, cells, failures, gaps] = await Promise.all([
    ports.warehouse.readFacts(closure, rangeToRead(catalogue, closure, asked)),
    options.owners === false ? [] : listHeldCells(ports.store.query, catalogue.pipeline),
    options.owners === false ? [] : listFailedCells(ports.store.query, catalogue.pipeline),
    listGaps(ports.store.query, catalogue.pipeline),
  ]);
  const accepted = new Set(gaps.flatMap((gap) => gap.dates.map((date) => `${gap.table} ${date}`)));
  const failed = new Map(failures.map((cell) => [`${cell.table} ${cell.date}`, cell.reason]));
  const held = new Map(
    cells.map(({ table, date, backfill, requestedBy, channel, ts }) => [
      `${table} ${date}`,
      { backfill, by: requestedBy, channel, ts },
    ]),
  );
  const known = { now, failed, accepted, inBackfill: options.inBackfill, rulesAsOf: options.rulesAsOf };
  const judging = await inSteps(clock, judgeSteps(catalogue, facts, known));
  if (options.names === false) return { judging, held };
  const missing = await nameMissing(ports, judging);
  if (missing.size === 0) return { judging, held };
  return { judging: await inSteps(clock, judgeSteps(catalogue, facts, { ...known, missing })), held };
}
