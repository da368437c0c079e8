/** What a picture says in words: the point above it, the dates below that, and one sentence for who does not see it. */

import type { Coverage, TableCoverage } from '../core/coverage/coverage-report.ts';
import { sayDates } from '../core/dates.ts';
import { listed, sayStatus } from './marks.ts';

/** 1234567 -> "1,234,567". */
export function groupDigits(value: number): string {
  return String(Math.round(value)).replace(/\B(?=(\d{3})+$)/g, ',');
}

/** The point of a coverage: "mlfs: 14 of 28 dates complete, 14 need work; pdc holds up 12 of them". */
export function sayPoint(coverage: Coverage): string {
  const [only, second] = coverage.tables;
  if (only === undefined) return 'No tables';
  if (second === undefined) return `${only.table}: ${sayOne(only)}${sayHolder([only])}`;
  const complete = sum(coverage.tables, (table) => table.complete);
  const expected = sum(coverage.tables, (table) => table.expected);
  const tables = `${coverage.tables.length} tables`;
  if (expected === 0) return `No rows are expected in ${tables} on these dates`;
  if (complete === expected) return `All ${groupDigits(expected)} expected cells of ${tables} complete`;
  const said = `${groupDigits(complete)} of ${groupDigits(expected)} expected cells of ${tables} complete`;
  return `${said}${sayHolder(coverage.tables)}`;
}

function sayOne(table: TableCoverage): string {
  if (table.expected === 0) return 'no rows are expected on these dates';
  if (table.complete === table.expected)
    return table.expected === 1
      ? 'the one expected date is complete'
      : `all ${groupDigits(table.expected)} expected dates complete`;
  const work = table.expected - table.complete - (table.byStatus.running ?? 0);
  const need = work === 0 ? '' : `, ${groupDigits(work)} ${work === 1 ? 'needs' : 'need'} work`;
  return `${groupDigits(table.complete)} of ${groupDigits(table.expected)} ${table.expected === 1 ? 'date' : 'dates'} complete${need}`;
}

/** The table that stands in the way of most cells of others. */
function sayHolder(tables: readonly TableCoverage[]): string {
  const held = new Map<string, number>();
  for (const { table, cells } of tables) {
    for (const cell of cells) {
      if (cell.status === 'complete' || cell.status === 'not_expected' || cell.status === 'running') continue;
      for (const name of new Set(cell.causes.map((cause) => cause.table))) {
        if (name !== table) held.set(name, (held.get(name) ?? 0) + 1);
      }
    }
  }
  const [most] = [...held].sort((a, b) => b[1] - a[1]);
  if (most === undefined) return '';
  return `; ${most[0]} holds up ${groupDigits(most[1])}${tables.length === 1 ? ' of them' : ''}`;
}

/** "1-30 Nov 2021 · 30 dates, 28 expected · read 2022-01-08 02:14 UTC". */
export function sayWhen(coverage: Coverage): string {
  const dates = datesOf(coverage);
  const [only, second] = coverage.tables;
  const expected = only !== undefined && second === undefined ? `, ${groupDigits(only.expected)} expected` : '';
  const many = `${groupDigits(dates.length)} ${dates.length === 1 ? 'date' : 'dates'}${expected}`;
  return `${sayDates(dates)} · ${many} · read ${sayInstant(coverage.asOf)}`;
}

/** All dates of a coverage, ascending. */
export function datesOf(coverage: Coverage): string[] {
  return [...new Set(coverage.tables.flatMap((table) => table.cells.map((cell) => cell.date)))].sort();
}

function sayInstant(iso: string): string {
  return /^\d{4}-\d\d-\d\dT\d\d:\d\d/.test(iso) ? `${iso.slice(0, 16).replace('T', ' ')} UTC` : iso;
}

/** One sentence that says what the picture shows, for screen readers. */
export function describePicture(coverage: Coverage, kind = 'Heat map'): string {
  const counts = countStatuses(coverage.tables).map(([status, many]) => `${groupDigits(many)} ${sayStatus(status)}`);
  const shown = counts.length === 0 ? 'nothing' : counts.join(', ');
  const names = coverage.tables.length > 12 ? `${coverage.tables.length} tables` : listNames(coverage.tables);
  return `${kind} of ${names}, ${sayDates(datesOf(coverage))}: ${shown}.`;
}

function listNames(tables: readonly TableCoverage[]): string {
  const names = tables.map((table) => table.table);
  return names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;
}

/** The statuses that occur, from well to ill, with how many cells have them. */
export function countStatuses(tables: readonly TableCoverage[]) {
  return listed
    .map((status) => [status, sum(tables, (table) => table.byStatus[status] ?? 0)] as const)
    .filter(([, many]) => many > 0);
}

function sum(tables: readonly TableCoverage[], pick: (table: TableCoverage) => number): number {
  return tables.reduce((total, table) => total + pick(table), 0);
}
