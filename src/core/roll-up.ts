/**
 * Coverage added up by phase, by month and by named period, against the catalogue's targets: how a pipeline is spoken of
 * when nobody has time for its dates.
 */
import type { Catalogue } from './catalogue.ts';
import type { RollUp, RollUpLine, TableCoverage } from './reports.ts';
import type { Verdict } from './verdict.ts';

type Counted = { readonly verdict: Verdict; readonly phase: number | undefined; readonly reachable: boolean };

/** Adds up. `isReachable`: whether every root of a cell can be mended from here. */
export function rollUp(
  catalogue: Catalogue,
  tables: readonly Pick<TableCoverage, 'table' | 'cells'>[],
  isReachable: (verdict: Verdict) => boolean,
): RollUp {
  const cells = tables.flatMap(({ table, cells: verdicts }): Counted[] => {
    const phase = catalogue.tables.get(table)?.phase;
    return verdicts.map((verdict) => ({ verdict, phase, reachable: isReachable(verdict) }));
  });
  const phases = [...new Set(cells.flatMap((cell) => (cell.phase === undefined ? [] : [cell.phase])))].sort(
    (a, b) => a - b,
  );
  const months = [...new Set(cells.map((cell) => cell.verdict.date.slice(0, 7)))].sort();
  return {
    phases: phases.map((phase) =>
      addUp(
        `phase ${phase}`,
        cells.filter((cell) => cell.phase === phase),
        catalogue.targets.get(phase),
      ),
    ),
    months: months.map((month) =>
      addUp(
        month,
        cells.filter((cell) => cell.verdict.date.startsWith(month)),
      ),
    ),
    periods: catalogue.periods
      .map(({ name, from, to }) =>
        addUp(
          name,
          cells.filter(({ verdict }) => from <= verdict.date && verdict.date <= to),
        ),
      )
      .filter((line) => line.calendar > 0),
  };
}

function addUp(name: string, cells: readonly Counted[], target?: number): RollUpLine {
  const expected = cells.filter((cell) => cell.verdict.status !== 'not_expected');
  const complete = cells.filter((cell) => cell.verdict.status === 'complete').length;
  return {
    name,
    calendar: cells.length,
    expected: expected.length,
    reachable: expected.filter((cell) => cell.reachable).length,
    complete,
    share: expected.length === 0 ? null : complete / expected.length,
    target: target ?? null,
  };
}
