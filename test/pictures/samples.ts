/** Coverages to draw: of any size, with every status, and what is read back from a picture. */

import type { Coverage, TableCoverage } from '../../src/core/coverage/coverage-report.ts';
import { fromDay, toDay } from '../../src/core/dates.ts';
import { type Status, statuses, type Verdict } from '../../src/core/verdict.ts';

export function cellOf(date: string, status: Status, over: Partial<Verdict> = {}): Verdict {
  return {
    date,
    status,
    reason: status === 'complete' ? null : 'rows_short',
    also: [],
    rows: status === 'missing' || status === 'blocked' ? 0 : 120,
    entities: 120,
    expected: status === 'not_expected' ? null : 130,
    rule: 'a rule',
    failing: [],
    causes: [],
    writtenAt: null,
    notes: [],
    ...over,
  };
}

export function tableOf(table: string, cells: readonly Verdict[]): TableCoverage {
  const byStatus: Partial<Record<Status, number>> = {};
  for (const { status } of cells) byStatus[status] = (byStatus[status] ?? 0) + 1;
  const expected = cells.length - (byStatus.not_expected ?? 0);
  const complete = byStatus.complete ?? 0;
  return { table, calendar: cells.length, expected, reachable: expected, complete, byStatus, cells };
}

export function coverageOfTables(tables: readonly TableCoverage[]): Coverage {
  const dates = tables.flatMap(({ cells }) => cells.map(({ date }) => date)).sort();
  const [from, to] = [dates[0] ?? '2021-11-01', dates.at(-1) ?? '2021-11-01'];
  return {
    pipeline: 'small',
    from,
    to,
    asOf: '2022-01-08T02:14:00.000Z',
    tables,
    rollUp: { phases: [], months: [], periods: [] },
    causes: [],
    unread: [],
  };
}

/** Every status in turn over so many dates from 1 November 2021 on. */
export function mixedCoverage(tables: number, days: number): Coverage {
  const first = toDay('2021-11-01');
  return coverageOfTables(
    Array.from({ length: tables }, (_, n) =>
      tableOf(
        `table_${n + 1}`,
        Array.from({ length: days }, (_unused, day) =>
          cellOf(fromDay(first + day), statuses[(day * 7 + n) % statuses.length] ?? 'unknown'),
        ),
      ),
    ),
  );
}

/** How many cells of each status a picture repeats. */
export function countCells(svg: string): Partial<Record<string, number>> {
  const found: Record<string, number> = {};
  for (const [, status = ''] of svg.matchAll(/<use href="#cell-(\w+)"/g)) found[status] = (found[status] ?? 0) + 1;
  return found;
}

/** All texts of a picture, as they are read. */
export function textsOf(svg: string): string[] {
  return [...svg.matchAll(/<text [^>]*>([^<]*)<\/text>/g)].map((found) =>
    (found[1] ?? '')
      .replaceAll('&lt;', '<')
      .replaceAll('&gt;', '>')
      .replaceAll('&quot;', '"')
      .replaceAll('&#39;', "'")
      .replaceAll('&amp;', '&'),
  );
}

/** Width and height in pixels. */
export function sizeOf(svg: string): [width: number, height: number] {
  const [, width, height] = /^<svg [^>]*?width="(\d+)" height="(\d+)"/.exec(svg) ?? [];
  return [Number(width), Number(height)];
}
