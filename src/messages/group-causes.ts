/** Causes grouped as people mend them: per table and reason, with the cells that each one holds up. */
import type { Catalogue } from '../core/catalogue/catalogue.ts';
import type { CauseGroup, Coverage } from '../core/coverage/coverage-report.ts';
import type { CalendarDate } from '../core/dates.ts';
import type { Cause, Reason } from '../core/verdict.ts';
import { count, sayCauseOf, sayDays } from './phrases.ts';
import { bold, type Words } from './words.ts';

export type HeldCell = { readonly table: string; readonly date: CalendarDate; readonly causes: readonly Cause[] };

/** Causes of one table and reason, and the cells that have one of them as a root. */
export type HeldGroup = {
  readonly table: string;
  readonly reason: Reason;
  readonly dates: readonly CalendarDate[];
  readonly cells: readonly { readonly table: string; readonly date: CalendarDate }[];
};

/** Groups the causes of cells; the group that holds up most comes first. */
export function groupHeld(cells: readonly HeldCell[]): HeldGroup[] {
  const groups = new Map<string, { table: string; reason: Reason; dates: Set<string>; cells: Set<HeldCell> }>();
  for (const cell of cells) {
    for (const cause of cell.causes) {
      const key = `${cause.table} ${cause.reason}`;
      const group = groups.get(key) ?? { table: cause.table, reason: cause.reason, dates: new Set(), cells: new Set() };
      group.dates.add(cause.date);
      group.cells.add(cell);
      groups.set(key, group);
    }
  }
  return [...groups.values()]
    .map((group) => ({ ...group, dates: [...group.dates].sort(), cells: [...group.cells] }))
    .sort((a, b) => b.cells.length - a.cells.length || a.table.localeCompare(b.table));
}

/** "*pgs never ran on 16, 18 Nov 2021*: holds up 12 dates (16-27 Nov 2021)". */
export function sayHeldGroup(group: HeldGroup, catalogue: Catalogue): Words {
  const cause = sayCauseOf(group.table, group.reason, group.dates);
  return [bold(cause), `: holds up ${sayHeldCells(group)}`, sayElsewhere(group.table, catalogue)];
}

function sayHeldCells(group: HeldGroup): string {
  if (new Set(group.cells.map((cell) => cell.table)).size > 1) return count(group.cells.length, 'cell');
  const dates = group.cells.map((cell) => cell.date).sort();
  if (dates.join() === group.dates.join())
    return dates.length === 1 ? 'that date' : `those ${count(dates.length, 'date')}`;
  return `${count(dates.length, 'date')} (${sayDays(dates)})`;
}

/**
 * Causes in the order of mending: what explains most; of equals that which stands further upstream, which is a table that
 * was not asked, or one that was asked before.
 */
export function inMendingOrder({ causes, tables }: Pick<Coverage, 'causes' | 'tables'>): CauseGroup[] {
  const places = new Map(tables.map(({ table }, place) => [table, place]));
  const placeOf = (group: CauseGroup) => places.get(group.table) ?? -1;
  return [...causes].sort((a, b) => b.explains - a.explains || placeOf(a) - placeOf(b));
}

/** "*pgs never ran on 16, 18, 21 Nov 2021*: explains 14 dates; fix it first". `asked`: the tables of the question. */
export function sayCauseGroup(
  group: CauseGroup,
  options: { catalogue: Catalogue; thing: string; first: boolean; asked: ReadonlySet<string> },
): Words {
  const cause = bold(sayCauseOf(group.table, group.reason, group.dates, group.missing));
  const elsewhere = sayElsewhere(group.table, options.catalogue);
  const alone = options.asked.has(group.table) && group.explains === group.dates.length;
  if (alone)
    return [cause, elsewhere || (fillable.has(group.reason) ? ': can be filled now' : ': nothing else hangs on it')];
  const advice = options.first && group.explains > 1 ? '; fix it first' : '';
  return [cause, `: explains ${count(group.explains, options.thing)}`, elsewhere || advice];
}

/** Roots that only wait for a backfill. */
const fillable: ReadonlySet<Reason> = new Set<Reason>(['never_run', 'run_failed', 'empty_success']);

/** Said of tables that nothing here can fill. */
function sayElsewhere(table: string, catalogue: Catalogue): string {
  const known = catalogue.tables.get(table);
  return known !== undefined && known.processor === undefined
    ? `; ${table} is loaded elsewhere, Backcourt cannot fill it`
    : '';
}
