/** Builds the coverage answer: verdicts of the dates asked, the three denominators (R8), and causes grouped over all. */
import { type CauseFinder, causeFinder, isMendable } from './causes.ts';
import { type CalendarDate, toDay } from './dates.ts';
import { explain, type Held } from './explain.ts';
import { type Judging, judgementOf } from './judgement.ts';
import type { CauseGroup, Coverage, StatusCounts, TableCoverage } from './reports.ts';
import { rollUp } from './roll-up.ts';
import type { Cause, Verdict } from './verdict.ts';

/** Coverage of tables over dates (ascending). The judging must cover the dates and everything upstream of the tables. */
export function buildCoverage(
  judging: Judging,
  asked: { tables: readonly string[]; dates: readonly CalendarDate[]; held?: Held | undefined },
): Coverage {
  const finder = causeFinder(judging);
  const tables = asked.tables.map((alias) => coverTable(finder, alias, asked.dates, asked.held));
  return {
    pipeline: judging.catalogue.pipeline,
    from: asked.dates[0] ?? judging.facts.from,
    to: asked.dates.at(-1) ?? judging.facts.from,
    asOf: new Date(judging.now).toISOString(),
    tables,
    rollUp: rollUp(judging.catalogue, tables, (verdict) => isReachable(judging, verdict)),
    causes: groupCauses(tables.flatMap((table) => table.cells)),
    unread: [...judging.facts.unread].map(([table, problem]) => ({ table, problem })),
  };
}

/** The index of a date in the run. */
export function indexOf(judging: Judging, date: CalendarDate): number {
  return toDay(date) - toDay(judging.facts.from);
}

function coverTable(
  finder: CauseFinder,
  alias: string,
  dates: readonly CalendarDate[],
  held: Held | undefined,
): TableCoverage {
  const judgement = judgementOf(finder.judging, alias);
  const cells = dates.map((date) => explain(finder, judgement, indexOf(finder.judging, date), held));
  const expected = cells.filter((cell) => cell.status !== 'not_expected');
  return {
    table: alias,
    calendar: cells.length,
    expected: expected.length,
    reachable: expected.filter((cell) => isReachable(finder.judging, cell)).length,
    complete: cells.filter((cell) => cell.status === 'complete').length,
    byStatus: countStatuses(cells),
    cells,
  };
}

/** Whether every root of a cell can be mended from here (R8). */
function isReachable(judging: Judging, verdict: Verdict): boolean {
  return verdict.causes.every((cause) => isMendable(judging, cause));
}

function countStatuses(cells: readonly Verdict[]): StatusCounts {
  const counts: StatusCounts = {};
  for (const { status } of cells) counts[status] = (counts[status] ?? 0) + 1;
  return counts;
}

/** Roots of the same table and reason together, with how many of the cells have one of them; most explaining first. */
export function groupCauses(cells: readonly { readonly causes: readonly Cause[] }[]): CauseGroup[] {
  const groups = new Map<
    string,
    { table: string; reason: Cause['reason']; dates: Set<CalendarDate>; cells: Set<number>; missing: Set<string> }
  >();
  cells.forEach((cell, n) => {
    for (const cause of cell.causes) {
      const key = `${cause.table} ${cause.reason}`;
      const group = groups.get(key) ?? {
        table: cause.table,
        reason: cause.reason,
        dates: new Set(),
        cells: new Set(),
        missing: new Set(),
      };
      group.dates.add(cause.date);
      group.cells.add(n);
      for (const name of cause.missing ?? []) group.missing.add(name);
      groups.set(key, group);
    }
  });
  return [...groups.values()]
    .map((g) => ({
      table: g.table,
      reason: g.reason,
      dates: [...g.dates].sort(),
      ...(g.missing.size > 0 ? { missing: [...g.missing].sort() } : {}),
      explains: g.cells.size,
    }))
    .sort((a, b) => b.explains - a.explains || (a.table < b.table ? -1 : 1));
}
