/**
 * The dates that need work as a table: what is wrong and the first cause above. A season has more of them than anybody
 * reads, so there dates of one table that are wrong in the same way share a row.
 */

import type { Coverage } from '../core/coverage/coverage-report.ts';
import type { CalendarDate } from '../core/dates.ts';
import { type Cause, type Reason, type Status, statuses, type Verdict } from '../core/verdict.ts';
import type { Part } from './blocks.ts';
import { count, sayCause, sayCauseOf, sayDays, sayNumber, sayWhy, statusMarks, statusWords } from './phrases.ts';
import { clip } from './words.ts';

/** Cells of one table that are shown together: one, or all that have the same status and first cause, by date. */
export type ProblemRow = {
  readonly table: string;
  /** Of the table among those asked. */
  readonly place: number;
  readonly cells: readonly [Verdict, ...Verdict[]];
};

/** The cells that need work. */
export type Problems = {
  readonly count: number;
  /** Those that are wrong in the same way together, in the order in which they are shown. */
  readonly groups: readonly ProblemRow[];
};

/** Rows to be shown, and the cells that found no room. */
export type FoldedProblems = { readonly rows: readonly ProblemRow[]; readonly more: number };

/** Finds the cells that need work, in one look at each: there can be hundreds of thousands. */
export function findProblems({ tables }: Pick<Coverage, 'tables'>): Problems {
  const groups = tables.flatMap(({ table, cells }, place) => groupAlike(table, place, cells));
  const unread = ({ cells: [first] }: ProblemRow) => (first.status === 'unknown' ? 0 : 1);
  return {
    count: groups.reduce((sum, { cells }) => sum + cells.length, 0),
    groups: groups.sort((a, b) => unread(a) - unread(b) || b.cells.length - a.cells.length || compareWorst(a, b)),
  };
}

/** The order of precedence of their statuses, what is unknown or blocked first; then by date. */
function compareWorst(a: ProblemRow, b: ProblemRow): number {
  const [one, other] = [a.cells[0], b.cells[0]];
  if (one.status !== other.status) return statuses.indexOf(one.status) - statuses.indexOf(other.status);
  if (one.date !== other.date) return one.date < other.date ? -1 : 1;
  return a.place - b.place;
}

/** The cell that is worst. */
export function worstOf({ groups }: Problems): { readonly table: string; readonly cell: Verdict } | undefined {
  const [first] = [...groups].sort(compareWorst);
  return first && { table: first.table, cell: first.cells[0] };
}

/**
 * A row per cell where there are at most `most`, the worst first; otherwise dates that are wrong in the same way together,
 * most dates first.
 */
export function foldProblems({ count, groups }: Problems, most: number): FoldedProblems {
  if (count <= most) {
    const single = groups.flatMap(({ cells, ...of }) => cells.map((cell): ProblemRow => ({ ...of, cells: [cell] })));
    return { rows: single.sort(compareWorst), more: 0 };
  }
  const shown = groups.slice(0, most);
  return { rows: shown, more: count - shown.reduce((sum, row) => sum + row.cells.length, 0) };
}

type Group = ProblemRow & { readonly cells: [Verdict, ...Verdict[]] };

function groupAlike(table: string, place: number, cells: readonly Verdict[]): Group[] {
  const groups = new Map<Status, Map<string, Map<Reason | null, Group>>>();
  for (const cell of cells) {
    if (cell.status === 'complete' || cell.status === 'not_expected' || cell.status === 'running') continue;
    const cause = firstAbove(table, cell);
    // Texts that are there already: to put together one for every cell takes longer than all the rest.
    const ofStatus = innerMap(groups, cell.status);
    const ofCause = innerMap(ofStatus, cause?.table ?? '');
    const reason = cause?.reason ?? cell.reason;
    const known = ofCause.get(reason);
    if (known) known.cells.push(cell);
    else ofCause.set(reason, { table, place, cells: [cell] });
  }
  return [...groups.values()].flatMap((ofStatus) => [...ofStatus.values()].flatMap((all) => [...all.values()]));
}

function innerMap<K, L, V>(outer: Map<K, Map<L, V>>, key: K): Map<L, V> {
  const known = outer.get(key) ?? new Map<L, V>();
  outer.set(key, known);
  return known;
}

type RowWords = { readonly dates: string; readonly status: string; readonly why: string; readonly rows: string };

/** A message is tried with fewer rows until it fits, and these are of thousands of cells. */
const saidRows = new WeakMap<ProblemRow, RowWords>();

/** A row in words. */
export function sayProblem(row: ProblemRow): RowWords {
  const said = saidRows.get(row) ?? sayRow(row);
  saidRows.set(row, said);
  return said;
}

function sayRow({ table, cells }: ProblemRow): RowWords {
  const [first, second] = cells;
  return {
    dates: second === undefined ? first.date : sayManyDays(cells.map((cell) => cell.date)),
    status: statusWords[first.status],
    why: second === undefined ? sayOneWhy(table, first) : sayManyWhy(table, cells),
    rows: sayRows(cells),
  };
}

function sayManyDays(dates: readonly CalendarDate[]): string {
  const said = sayDays(dates);
  return /^\d[\d,]* dates? from/.test(said) ? said : `${said} (${count(dates.length, 'date')})`;
}

/** The rows as a table block. */
export function problemTable(rows: readonly ProblemRow[], oneTable: boolean): Part {
  const heads = ['Date', ...(oneTable ? [] : ['Table']), 'Status', 'Why', 'Rows / expected'];
  const said = rows.map((row) => {
    const { dates, status, why, rows: figures } = sayProblem(row);
    const mark = statusMarks[row.cells[0].status];
    return [dates, ...(oneTable ? [] : [row.table]), `${mark} ${status}`, clip(why, 120), figures];
  });
  const why = heads.indexOf('Why');
  const folded = rows.some((row) => row.cells.length > 1);
  return { kind: 'table', rows: [heads, ...said], right: [why + 1], wrap: [...(folded ? [0] : []), why] };
}

/** Only a sum of which all is known is one. */
function sayRows(cells: readonly Verdict[]): string {
  if (cells.some((cell) => cell.rows === null)) return 'unread';
  const rows = cells.reduce((sum, cell) => sum + (cell.rows ?? 0), 0);
  if (cells.some((cell) => cell.expected === null)) return sayNumber(rows);
  return `${sayNumber(rows)} / ${sayNumber(cells.reduce((sum, cell) => sum + (cell.expected ?? 0), 0))}`;
}

/** Whether a cause of a cell is another cell. */
function isAbove(cause: Cause, table: string, cell: Verdict): boolean {
  return cause.table !== table || cause.date !== cell.date;
}

function firstAbove(table: string, cell: Verdict): Cause | undefined {
  return cell.causes.find((cause) => isAbove(cause, table, cell));
}

/** The root, and the table through which it comes: "pgs never ran on 16 Nov 2021 (through pdc); +2 more". */
function sayOneWhy(table: string, cell: Verdict): string {
  const [first, ...others] = cell.causes.filter((cause) => isAbove(cause, table, cell));
  if (first === undefined) return sayWhy(cell);
  const direct = cell.failing[0]?.table;
  const through = direct === undefined || direct === first.table ? '' : ` (through ${direct})`;
  return `${sayCause(first)}${through}${others.length > 0 ? `; +${others.length} more` : ''}`;
}

function sayManyWhy(table: string, cells: readonly [Verdict, ...Verdict[]]): string {
  const first = firstAbove(table, cells[0]);
  if (first === undefined) return sayWhy(cells[0]);
  const alike = causesAlike(table, cells, first);
  const missing = [...new Set(alike.flatMap((cause) => cause.missing ?? []))].sort();
  const dates = [...new Set(alike.map((cause) => cause.date))].sort();
  const said = sayCauseOf(first.table, first.reason, dates, missing.length > 0 ? missing : undefined);
  return dates.join() === cells.map((cell) => cell.date).join() ? said.replace(sayDays(dates), 'the same dates') : said;
}

/** Causes above the cells of the table and reason of the first, each once. Neighbours often share one list. */
function causesAlike(table: string, cells: readonly Verdict[], first: Cause): Cause[] {
  const alike = new Set<Cause>();
  let last: Verdict['causes'] | undefined;
  for (const cell of cells) {
    if (cell.causes === last && first.table !== table) continue;
    last = cell.causes;
    for (const cause of last)
      if (cause.table === first.table && cause.reason === first.reason && isAbove(cause, table, cell)) alike.add(cause);
  }
  return [...alike];
}
