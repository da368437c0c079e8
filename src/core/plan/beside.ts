/**
 * What a backfill may run beside others that are not over. A cell has one owner, whether it runs or waits; and a cell
 * that reads what an owner is still to write would be stale as soon as it is there, so it is left out as well.
 */
import type { Plan, PlannedCell } from '../backfill/backfill.ts';
import type { Held } from '../coverage/explain.ts';
import type { CalendarDate } from '../dates.ts';
import type { Judging } from '../judge/judgement.ts';
import { buildPlan, groupLeft, readsOf } from './plan.ts';
import type { Preflight, PreflightBlocked } from './plan-report.ts';
import { type Asked, type Prepared, prepareBackfill } from './preflight.ts';
import { firstNotBefore } from './waiting.ts';

type Name = { readonly table: string; readonly date: CalendarDate };
/** A cell that another backfill owns, and which one. */
export type Taken = Name & { readonly backfill: string };

export type Beside = {
  /** As if there were no other backfill. */
  readonly whole: Prepared;
  /** Of the whole the cells that others own; of blocked dates, those that block them. */
  readonly taken: readonly Taken[];
  /** The whole without these, and without what reads what others are still to write. */
  readonly rest: Prepared;
  /** What of the whole is not in the rest, each with the backfill that it is left to. */
  readonly left: readonly Taken[];
};

/**
 * Decides what a backfill would do, and what of it while others go on.
 * @param owned the cells of all backfills that are not over, as far as they are not final
 */
export function prepareBeside(judging: Judging, asked: Omit<Asked, 'held'>, owned: Held): Beside {
  const alone = prepareBackfill(judging, { ...asked, held: new Map() });
  const whole = { ...alone, preflight: { ...alone.preflight, skipped: alone.preflight.skipped.map(markHeld(owned)) } };
  const blocking = asked.options.readyOnly ? [] : whole.preflight.blocked.flatMap((cell) => findOwned(cell, owned));
  const taken = new Map([...whole.plan.cells, ...blocking].flatMap((cell) => nameOwner(cell, owned)));
  if (owned.size === 0 || (taken.size === 0 && !asked.options.rest)) return { whole, taken: [], rest: whole, left: [] };
  const left = findLeft(judging, whole.plan, owned);
  const leftCells = [...left].map(([key, backfill]) => ({ ...nameOf(key), backfill }));
  return {
    whole,
    taken: [...taken.values()],
    rest: leaveOwned(judging, asked, whole, { owned, left }),
    left: leftCells,
  };
}

const keyOf = ({ table, date }: Name) => `${table} ${date}`;

function nameOwner({ table, date }: Name, owned: Held): [string, Taken][] {
  const holder = owned.get(`${table} ${date}`);
  return holder ? [[`${table} ${date}`, { table, date, backfill: holder.backfill }]] : [];
}

/** Of a blocked cell itself and its causes those that somebody owns. */
function findOwned({ table, date, causes }: PreflightBlocked, owned: Held): Name[] {
  return [{ table, date }, ...causes].filter((cell) => owned.has(keyOf(cell)));
}

type Skipped = Preflight['skipped'][number];

function markHeld(owned: Held): (cell: Skipped) => Skipped {
  return (cell) => {
    const holder = owned.get(keyOf(cell));
    return holder ? { ...cell, status: 'running', heldBy: holder.backfill } : cell;
  };
}

type Others = { readonly owned: Held; readonly left: ReadonlyMap<string, string> };

function leaveOwned(judging: Judging, asked: Omit<Asked, 'held'>, whole: Prepared, others: Others): Prepared {
  const { owned, left } = others;
  const isLeft = (cell: Name) => left.has(keyOf(cell));
  const { overridden } = whole.preflight;
  const waits = new Map(
    whole.preflight.blocked.flatMap((cell): [string, string][] => {
      const holder = findOwned(cell, owned)[0];
      return holder ? [[keyOf(cell), owned.get(keyOf(holder))?.backfill ?? '']] : [];
    }),
  );
  const blocked = whole.preflight.blocked.filter((cell) => !waits.has(keyOf(cell)));
  const plan = buildPlan(
    judging,
    asked.target,
    asked.dates,
    whole.plan.cells.filter((cell) => !isLeft(cell)),
  );
  const skipped = [
    ...whole.preflight.skipped,
    ...whole.plan.cells
      .filter((cell) => cell.table === asked.target && isLeft(cell))
      .map((cell) => leave(cell, left.get(keyOf(cell)) ?? '', owned)),
    ...whole.preflight.blocked
      .filter((cell) => waits.has(keyOf(cell)))
      .map((cell) => leave({ ...cell, status: 'blocked' }, waits.get(keyOf(cell)) ?? '', owned)),
  ].sort((a, b) => a.date.localeCompare(b.date));
  const preflight = {
    ...whole.preflight,
    ready: plan.cells.map(({ table, date }) => ({ table, date })),
    blocked,
    warnings: whole.preflight.warnings.filter((cell) => !isLeft(cell)),
    ...(overridden ? { overridden: overridden.filter((cell) => !isLeft(cell)) } : {}),
    skipped,
  };
  const { planned } = whole;
  return {
    ...whole,
    preflight,
    plan,
    planned: {
      ...planned,
      plan,
      blocked: planned.blocked.filter((cell) => !waits.has(keyOf(cell))),
      staysTainted: planned.staysTainted.filter((cell) => !isLeft(cell)),
      needNothing: groupLeft(skipped.filter(({ status }) => ['complete', 'not_expected', 'running'].includes(status))),
    },
    refused: whole.refused && blocked.length > 0,
    repair: blocked.length === 0 ? null : whole.repair,
  };
}

/** An asked cell that is left to another backfill: itself, or what it needs. */
function leave(
  { table, date, status }: Pick<PlannedCell, 'table' | 'date' | 'status'>,
  by: string,
  owned: Held,
): Skipped {
  const isOwned = owned.has(`${table} ${date}`);
  return { table, date, status: isOwned ? 'running' : status, reason: null, rows: null, heldBy: by };
}

/** The cells of a plan that somebody owns, or that read such a cell or one that is left out for it; by whom each. */
function findLeft(judging: Judging, plan: Plan, owned: Held): Map<string, string> {
  const left = new Map<string, string>();
  const written = datesOf([...owned].map(([key, { backfill }]) => ({ ...nameOf(key), backfill })));
  const readers = plan.cells.map((cell) => ({ cell, reads: readsOf(judging, cell) }));
  for (let before = -1; before < left.size; ) {
    before = left.size;
    const waiting = datesOf([...left].map(([key, backfill]) => ({ ...nameOf(key), backfill })));
    for (const { cell, reads } of readers) {
      if (left.has(keyOf(cell))) continue;
      const by =
        owned.get(keyOf(cell))?.backfill ??
        reads
          .map((read) => findWithin(written, read) ?? findWithin(waiting, read))
          .find((found) => found !== undefined);
      if (by !== undefined) left.set(keyOf(cell), by);
    }
  }
  return left;
}

function nameOf(key: string): Name {
  const [table = '', date = ''] = key.split(' ');
  return { table, date };
}

type Written = ReadonlyMap<string, { readonly dates: readonly CalendarDate[]; readonly by: readonly string[] }>;

/** Per table its dates, ascending, and who writes each. */
function datesOf(cells: readonly Taken[]): Written {
  const tables = new Map<string, { dates: CalendarDate[]; by: string[] }>();
  for (const { table, date, backfill } of [...cells].sort((a, b) => a.date.localeCompare(b.date))) {
    const known = tables.get(table) ?? { dates: [], by: [] };
    known.dates.push(date);
    known.by.push(backfill);
    tables.set(table, known);
  }
  return tables;
}

/** Who writes something that is read. */
function findWithin(
  written: Written,
  { table, from, to }: { table: string; from: CalendarDate; to: CalendarDate },
): string | undefined {
  const known = written.get(table);
  if (!known) return undefined;
  const first = firstNotBefore(known.dates, from);
  const date = known.dates[first];
  return date !== undefined && date <= to ? known.by[first] : undefined;
}
