/**
 * The end of a backfill, in its thread. Written, verified and production ready are three figures: rows can be there and
 * not be enough, and be enough and not be fit for use.
 */
import type { BackfillCell, BackfillView } from '../core/backfill.ts';
import type { Catalogue } from '../core/catalogue.ts';
import { lines, list, note, type Part, title } from './blocks.ts';
import { fitMessage, type Room } from './fit-message.ts';
import type { Message } from './message.ts';
import { count, sayDays, sayNumber, sayRange, sayShare, typeDatesBriefly, typeRange } from './phrases.ts';
import { sayElapsed, sayResult } from './progress-message.ts';
import { qualityFindings } from './quality-message.ts';
import { bold, code, person, type Words } from './words.ts';

export type SummaryContext = {
  readonly catalogue: Catalogue;
  /** Rows that are right for the target's dates of this backfill, where all of them are known. */
  readonly expectedRows?: number;
};

/** What a backfill did, for its thread. */
export function summaryMessage(view: BackfillView, context: SummaryContext): Message {
  return fitMessage((room) => [
    title(`Summary: ${view.backfill.target}, ${sayRange(view.backfill.from, view.backfill.to)}`),
    lines([bold(headline(view)), `: ${sayResult(view)}${sayElapsed(view)}.`]),
    list([sayWritten(view, context), sayVerified(view), sayReady(view, context), ...sayBefore(view)]),
    ...qualityPart(view, room),
    lines(...sayNext(view)),
    note('By ', person(view.backfill.requestedBy), ` · id ${view.backfill.id}`),
  ]);
}

function headline(view: BackfillView): string {
  const { result, state } = view.backfill;
  if (result === 'canceled' || state === 'canceled') return 'Canceled';
  if (result === 'succeeded') return 'All filled';
  return result === 'failed' ? 'Failed' : 'Filled with gaps';
}

function targetCells(view: BackfillView): BackfillCell[] {
  return view.cells.filter((cell) => cell.table === view.backfill.target);
}

function rowsOf(cells: readonly BackfillCell[]): number {
  return cells.reduce((sum, cell) => sum + (cell.rowsAfter ?? 0), 0);
}

function sayWritten(view: BackfillView, context: SummaryContext): Words {
  const filled = view.cells.filter((cell) => cell.state === 'succeeded');
  const tables = new Set(filled.map((cell) => cell.table));
  const where = tables.size > 1 ? ` in ${count(tables.size, 'table')}` : '';
  const own = rowsOf(targetCells(view).filter((cell) => cell.state === 'succeeded'));
  const against = context.expectedRows === undefined ? '' : sayAgainst(view.backfill.target, own, context.expectedRows);
  return [
    bold('Written:'),
    ' ',
    `${count(rowsOf(filled), 'row')} on ${count(filled.length, 'cell')}${where}${against}`,
  ];
}

/** What is expected is a minimum as a rule, so only a shortfall is a share of it. */
function sayAgainst(target: string, rows: number, expected: number): string {
  const of = sayNumber(expected);
  if (rows >= expected) return `; ${target} ${sayNumber(rows)}, at least ${of} expected`;
  return `; ${target} ${sayNumber(rows)} of ${of} expected (${sayShare(rows, expected)})`;
}

/** Succeeded and read back as complete; what was built on holes, or could not be told from old rows, is said apart. */
function sayVerified(view: BackfillView): Words {
  const filled = view.cells.filter((cell) => cell.state === 'succeeded');
  const sure = filled.filter((cell) => cell.reason === null);
  const tainted = filled.filter((cell) => cell.reason === 'built_on_bad_input');
  const unsure = filled.filter((cell) => cell.reason === 'unverified');
  const parts = [
    `${count(sure.length, 'cell')} read back and complete`,
    ...(tainted.length > 0 ? [`${sayNumber(tainted.length)} built on missing or bad input`] : []),
    ...(unsure.length > 0 ? [`${sayNumber(unsure.length)} with rows that did not change`] : []),
  ];
  return [bold('Verified:'), ' ', parts.join('; ')];
}

function sayReady(view: BackfillView, context: SummaryContext): Words {
  const flag = context.catalogue.tables.get(view.backfill.target)?.quality.ready;
  const { quality, qualityBefore } = view.backfill;
  const head: Words = [bold('Production ready:'), ' '];
  if (flag === undefined) return [...head, 'not measured, the catalogue names no flag for it'];
  const rows = quality?.total.flags[flag];
  if (quality === null || rows === undefined) return [...head, 'not measured'];
  const before = qualityBefore?.total.flags[flag];
  const was = before === undefined ? '' : `, before ${sayNumber(before)}`;
  return [
    ...head,
    `${sayNumber(rows)} of ${count(quality.total.rows, 'row')} (${sayShare(rows, quality.total.rows)})${was}`,
  ];
}

function sayBefore(view: BackfillView): Words[] {
  const changed = targetCells(view).filter((cell) => cell.state === 'succeeded' || cell.state === 'failed');
  if (changed.length === 0) return [];
  const before = changed.reduce((sum, cell) => sum + (cell.rowsBefore ?? 0), 0);
  const empty = changed.filter((cell) => (cell.rowsBefore ?? 0) === 0).length;
  const after = changed.filter((cell) => (cell.rowsAfter ?? 0) === 0).length;
  return [
    [
      bold('Before and after:'),
      ' ',
      `${view.backfill.target} had ${count(before, 'row')}, now ${sayNumber(rowsOf(changed))}; empty dates ${empty}, now ${after}`,
    ],
  ];
}

function qualityPart(view: BackfillView, room: Room): Part[] {
  const { quality } = view.backfill;
  if (quality === null) return [];
  const findings = qualityFindings(quality, room);
  const clean: Words[] = quality.total.duplicates === 0 ? [['No duplicate rows.']] : [];
  return [lines([bold(`Quality of ${quality.table}`)]), list([...clean, ...findings])];
}

/** What to type next: the failed dates again, or a look at the whole. */
function sayNext(view: BackfillView): Words[] {
  const { target, from, to } = view.backfill;
  const open = view.cells.filter(
    (cell) => cell.state === 'failed' || cell.state === 'blocked' || cell.state === 'canceled',
  );
  const own = open.filter((cell) => cell.table === target).map((cell) => cell.date);
  const others = open.some((cell) => cell.table !== target);
  const look: Words = ['See the whole: ', code(`/coverage ${target} ${typeRange(from, to)}`)];
  if (open.length === 0) return [look];
  const dates = own.length > 0 ? own : open.map((cell) => cell.date);
  const again = `/backfill ${target} ${typeDatesBriefly(dates)}${others ? ' --with-upstream' : ''}`;
  return [[`Not filled: ${sayDays(dates)}. When the cause is mended: `, code(again)], look];
}
