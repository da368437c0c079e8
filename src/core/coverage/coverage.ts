/** Builds the coverage answer: verdicts of the dates asked, the three denominators (R8), and causes grouped over all. */
import { type CauseFinder, causeFinder, countCauses, isReachable, prepareCauses } from '../causes/causes.ts';
import { groupRoots } from '../causes/group-roots.ts';
import { type CalendarDate, toDay } from '../dates.ts';
import { type Judging, judgementOf, type TableJudgement } from '../judge/judgement.ts';
import { cellsPerStep, runSteps, type Steps } from '../steps.ts';
import type { Verdict } from '../verdict.ts';
import type { Coverage, StatusCounts, TableCoverage } from './coverage-report.ts';
import { explain, type Held, mostTold } from './explain.ts';
import { countFailingDates } from './failing.ts';
import { rollUp } from './roll-up.ts';

/** What was asked; dates ascend. */
export type AskedCoverage = {
  readonly tables: readonly string[];
  readonly dates: readonly CalendarDate[];
  readonly held?: Held | undefined;
};

/** A table with its verdicts and, of each, whether all its roots can be mended from here. */
export type CoveredTable = { readonly coverage: TableCoverage; readonly reachable: Uint8Array };

/** Coverage of tables over dates. The judging must cover the dates and everything upstream of the tables. */
export function buildCoverage(judging: Judging, asked: AskedCoverage): Coverage {
  return runSteps(coverageSteps(judging, asked));
}

/** The same in steps of a few milliseconds. */
export function* coverageSteps(judging: Judging, asked: AskedCoverage): Steps<Coverage> {
  const finder = causeFinder(judging);
  const roots = yield* prepareCauses(finder);
  const judgements = asked.tables.map((alias) => judgementOf(judging, alias));
  const indices = asked.dates.map((date) => indexOf(judging, date));
  const most = yield* chooseMost(finder, judgements, indices);
  const covered: CoveredTable[] = [];
  for (const judgement of judgements) covered.push(yield* coverTable(finder, judgement, indices, { ...asked, most }));
  const sums = yield* rollUp(judging.catalogue, covered);
  const groups = yield* groupRoots(roots, judgements, indices);
  return {
    pipeline: judging.catalogue.pipeline,
    from: asked.dates[0] ?? judging.facts.from,
    to: asked.dates.at(-1) ?? judging.facts.from,
    asOf: new Date(judging.now).toISOString(),
    tables: covered.map(({ coverage }) => coverage),
    rollUp: sums,
    causes: groups,
    unread: [...judging.facts.unread].map(([table, problem]) => ({ table, problem })),
  };
}

/** The index of a date in the run. */
export function indexOf(judging: Judging, date: CalendarDate): number {
  return toDay(date) - toDay(judging.facts.from);
}

/** Causes and dates that one answer can tell of all its cells together: above that it could not be sent. */
const mostInAnswer = 3_000_000;
const choices = [mostTold, 300, 100, 30, 10];

/** How many causes are told of a cell: a thousand, and fewer only where a decade of deep windows is asked at once. */
function* chooseMost(
  finder: CauseFinder,
  judgements: readonly TableJudgement[],
  indices: readonly number[],
): Steps<number> {
  const sums = choices.map(() => 0);
  for (const cell of judgements) {
    for (const i of indices) {
      const causes = countCauses(finder, cell, i);
      if (causes === 0) continue;
      const size = causes + countFailingDates(finder, cell, i);
      choices.forEach((choice, n) => {
        sums[n] = (sums[n] ?? 0) + Math.min(size, choice);
      });
    }
    yield;
  }
  return choices.find((_, n) => (sums[n] ?? 0) <= mostInAnswer) ?? choices.at(-1) ?? mostTold;
}

function* coverTable(
  finder: CauseFinder,
  judgement: TableJudgement,
  indices: readonly number[],
  { held, most }: { held?: Held | undefined; most: number },
): Steps<CoveredTable> {
  const cells: Verdict[] = [];
  const reachable = new Uint8Array(indices.length);
  const byStatus: StatusCounts = {};
  let reached = 0;
  for (const [n, i] of indices.entries()) {
    const cell = explain(finder, judgement, i, held, most);
    cells.push(cell);
    byStatus[cell.status] = (byStatus[cell.status] ?? 0) + 1;
    reachable[n] = isReachable(finder, judgement, i) ? 1 : 0;
    if (reachable[n] && cell.status !== 'not_expected') reached++;
    if (n % cellsPerStep === cellsPerStep - 1) yield;
  }
  const coverage = {
    table: judgement.table.alias,
    calendar: cells.length,
    expected: cells.length - (byStatus.not_expected ?? 0),
    reachable: reached,
    complete: byStatus.complete ?? 0,
    byStatus,
    cells,
  };
  return { coverage, reachable };
}
