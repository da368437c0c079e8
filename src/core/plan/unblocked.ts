/**
 * What a backfill made possible downstream: cells that waited for what it filled, or were built on what it replaced, and
 * can be filled now. What waits only for such cells counts too, since one launch with its upstream fills both.
 */

import type { Unblocked } from '../backfill/backfill-report.ts';
import type { Catalogue } from '../catalogue/catalogue.ts';
import { downstreamOf, needsOf } from '../catalogue/closure.ts';
import { indexOf } from '../coverage/coverage.ts';
import type { CalendarDate } from '../dates.ts';
import { windowStart } from '../judge/edges.ts';
import { type Edge, edgeState, type Judging, statusAt, type TableJudgement } from '../judge/judgement.ts';
import type { Status } from '../verdict.ts';

/** A cell that the backfill filled, with the status for which it was planned. */
type Filled = { readonly table: string; readonly date: CalendarDate; readonly status: Status };
/** By table: indexes of dates in the judging. */
type Marks = Map<string, Set<number>>;

/**
 * Finds them on the dates that were filled, in the order of the catalogue.
 * @param judging of now, over the tables downstream and the dates that were filled
 * @param taken cells, as `table date`, that are a backfill's own business
 */
export function findUnblocked(judging: Judging, filled: readonly Filled[], taken: ReadonlySet<string>): Unblocked[] {
  const dates = [...new Set(filled.map(({ date }) => date))].sort();
  const written = markAll(judging, filled);
  const mended = markAll(
    judging,
    filled.filter(({ status }) => !wasThere.includes(status)),
  );
  const opened: Marks = new Map();
  const found: Unblocked[] = [];
  for (const { alias, processor } of downstreamOf(judging.catalogue, [...written.keys()])) {
    const cell = judging.tables.get(alias);
    if (!cell || !processor) continue;
    const own = dates.filter(
      (date) =>
        !taken.has(`${alias} ${date}`) && isOpened(judging, cell, indexOf(judging, date), { written, mended, opened }),
    );
    if (own.length === 0) continue;
    opened.set(alias, new Set(own.map((date) => indexOf(judging, date))));
    found.push({ table: alias, dates: own });
  }
  return found;
}

/** What was built on such a cell was not blocked by it. */
const wasThere: readonly Status[] = ['complete', 'stale', 'tainted', 'over'];

function markAll(judging: Judging, cells: readonly Filled[]): Marks {
  const marks: Marks = new Map();
  for (const { table, date } of cells) marks.set(table, (marks.get(table) ?? new Set()).add(indexOf(judging, date)));
  return marks;
}

function isOpened(
  judging: Judging,
  cell: TableJudgement,
  i: number,
  { written, mended, opened }: Record<'written' | 'mended' | 'opened', Marks>,
): boolean {
  const required = cell.edges.filter(({ need }) => need.required);
  switch (statusAt(cell, i)) {
    case 'missing':
      return required.some((edge) => reads(judging, edge, i, mended));
    case 'stale':
      return required.some((edge) => reads(judging, edge, i, written));
    case 'blocked':
      return required.every((edge) => edge.state[i] === edgeState.met || reads(judging, edge, i, opened));
    default:
      return false;
  }
}

function reads(judging: Judging, { need }: Edge, i: number, marks: Marks): boolean {
  const from = windowStart(judging, need, i);
  const tables = need.fallback === undefined ? need.tables : [...need.tables, need.fallback];
  return tables.some((table) => [...(marks.get(table) ?? [])].some((j) => j >= from && j <= i));
}

/** One launch: `tables` are filled by it, the last of them is the one to ask for. */
export type NextLaunch = { readonly tables: readonly string[]; readonly dates: readonly CalendarDate[] };

/** The fewest launches that fill all of them, the one that goes furthest downstream first. */
export function planLaunches(catalogue: Catalogue, unblocked: readonly Unblocked[]): NextLaunch[] {
  const covered = new Set<string>();
  const launches: NextLaunch[] = [];
  for (const { table, dates } of [...unblocked].reverse()) {
    const open = dates.filter((date) => !covered.has(`${table} ${date}`));
    if (open.length === 0) continue;
    const above = upstreamAmong(catalogue, table, unblocked);
    const tables = above.filter((each) => each.dates.some((date) => open.includes(date))).map((each) => each.table);
    for (const each of tables) for (const date of open) covered.add(`${each} ${date}`);
    launches.push({ tables: [...tables, table], dates: open });
  }
  return launches;
}

function upstreamAmong(catalogue: Catalogue, alias: string, all: readonly Unblocked[]): Unblocked[] {
  const above = new Set<string>();
  const visit = (name: string): void => {
    const table = catalogue.tables.get(name);
    for (const need of table ? needsOf(table) : []) {
      if (above.has(need)) continue;
      above.add(need);
      visit(need);
    }
  };
  visit(alias);
  return all.filter(({ table }) => above.has(table));
}
