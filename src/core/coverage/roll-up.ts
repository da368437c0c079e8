/**
 * Coverage added up by phase, by month and by named period, against the catalogue's targets: how a pipeline is spoken of
 * when nobody has time for its dates.
 */
import type { Catalogue } from '../catalogue/catalogue.ts';
import { eachOf, type Steps } from '../steps.ts';
import type { RollUp, RollUpLine, TableCoverage } from './coverage-report.ts';

type Counted = {
  readonly coverage: Pick<TableCoverage, 'table' | 'cells'>;
  /** Of each cell whether every root can be mended from here. */
  readonly reachable: Uint8Array;
};
type Sum = { calendar: number; expected: number; reachable: number; complete: number };

/** Adds up in one pass over the cells; all tables have the same dates. */
export function* rollUp(catalogue: Catalogue, tables: readonly Counted[]): Steps<RollUp> {
  const phases = new Map<number, Sum>();
  const months = new Map<string, Sum>();
  const dates = tables[0]?.coverage.cells.map((cell) => cell.date) ?? [];
  const monthOf = dates.map((date) => sumOf(months, date.slice(0, 7)));
  const periods = catalogue.periods.map((period) => ({ period, sum: emptySum() }));
  yield* eachOf(tables, dates.length, ({ coverage, reachable }) => {
    const phase = catalogue.tables.get(coverage.table)?.phase;
    const ofPhase = phase === undefined ? undefined : sumOf(phases, phase);
    coverage.cells.forEach(({ date, status }, n) => {
      const isReachable = reachable[n] === 1;
      const month = monthOf[n];
      if (month) count(month, status, isReachable);
      if (ofPhase) count(ofPhase, status, isReachable);
      for (const { period, sum } of periods)
        if (period.from <= date && date <= period.to) count(sum, status, isReachable);
    });
  });
  const asked = new Set(tables.map(({ coverage }) => coverage.table));
  return {
    phases: [...phases]
      .sort(([a], [b]) => a - b)
      .map(([phase, sum]) => ({
        ...lineOf(`phase ${phase}`, sum, catalogue.targets.get(phase)),
        ...partOf(catalogue, phase, asked),
      })),
    months: [...months].sort(([a], [b]) => (a < b ? -1 : 1)).map(([month, sum]) => lineOf(month, sum)),
    periods: periods.filter(({ sum }) => sum.calendar > 0).map(({ period, sum }) => lineOf(period.name, sum)),
  };
}

function emptySum(): Sum {
  return { calendar: 0, expected: 0, reachable: 0, complete: 0 };
}

function sumOf<K>(sums: Map<K, Sum>, key: K): Sum {
  const known = sums.get(key);
  if (known) return known;
  const sum = emptySum();
  sums.set(key, sum);
  return sum;
}

function count(sum: Sum, status: string, isReachable: boolean): void {
  sum.calendar++;
  if (status === 'complete') sum.complete++;
  if (status === 'not_expected') return;
  sum.expected++;
  if (isReachable) sum.reachable++;
}

function partOf(catalogue: Catalogue, phase: number, asked: ReadonlySet<string>): Pick<RollUpLine, 'part'> {
  const all = [...catalogue.tables.values()].filter((table) => table.phase === phase);
  const some = all.filter((table) => asked.has(table.alias));
  return some.length === all.length ? {} : { part: { tables: some.length, of: all.length } };
}

function lineOf(name: string, sum: Sum, target?: number): RollUpLine {
  return { name, ...sum, share: sum.expected === 0 ? null : sum.complete / sum.expected, target: target ?? null };
}
