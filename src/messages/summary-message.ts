/**
 * The end of a backfill, in its thread. Written, verified and production ready are three figures: rows can be there and
 * not be enough, and be enough and not be fit for use.
 */
import type { BackfillCell, BackfillView } from '../core/backfill/backfill.ts';
import type { Catalogue } from '../core/catalogue/catalogue.ts';
import { sayQualityBeforeAfter, sayRowsBeforeAfter } from './before-after.ts';
import { buttons, lines, list, note, type Offer, type Part, title } from './blocks.ts';
import { fitMessage, type Room, takeFirst } from './fit-message.ts';
import type { Message } from './message.ts';
import { sayOptions, sayOverrides } from './option-words.ts';
import { count, sayDays, sayNumber, sayRange, sayShare, typeDatesBriefly, typeRange } from './phrases.ts';
import { sayElapsed, sayForeseen, sayResult } from './progress-message.ts';
import { qualityFindings } from './quality-message.ts';
import { sayRollUpChange } from './roll-up-change.ts';
import { listLaunches, mostLaunches, sayLaunch, type UnblockedLaunch } from './unblocked-words.ts';
import { bold, clip, code, person, type Words } from './words.ts';

export type SummaryContext = {
  readonly catalogue: Catalogue;
  /** Rows that are right for the target's dates of this backfill, where all of them are known. */
  readonly expectedRows?: number;
  /** Cells that a retry would take now; none if absent. */
  readonly again?: number;
  readonly offers?: SummaryOffers;
};

/** Ids of stored offers: the retry, and the launches downstream in the order of `listLaunches`. */
export type SummaryOffers = { readonly retry?: string; readonly launches: readonly string[] };

/** What a backfill did, for its thread. */
export function summaryMessage(view: BackfillView, context: SummaryContext): Message {
  return fitMessage((room) => [
    title(`Summary: ${view.backfill.target}, ${sayRange(view.backfill.from, view.backfill.to)}`),
    lines(
      [bold(headline(view)), `: ${sayResult(view)}${sayElapsed(view)}${sayForeseen(view)}.`],
      ...sayOverrides(view),
    ),
    list([sayWritten(view, context), sayVerified(view), sayReady(view, context), ...sayBefore(view, room)]),
    ...coveragePart(view, room),
    ...qualityPart(view, room),
    lines(...sayDownstream(view, context), ...sayNext(view, context)),
    nextButtons(view, context),
    note('By ', person(view.backfill.requestedBy), ` · id ${view.backfill.id}`, ...sayOptions(view.backfill.options)),
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

function sayBefore(view: BackfillView, room: Room): Words[] {
  const [own, ...others] = sayRowsBeforeAfter(view);
  const shown = others.slice(0, room.items);
  const more = others.length - shown.length;
  const quality = sayQualityBeforeAfter(view);
  return [
    ...(own === undefined ? [] : [[bold('Before and after:'), ' ', own]]),
    ...shown.map((line): Words => [line]),
    ...(more > 0 ? [[`and ${count(more, 'more table')}`]] : []),
    ...(quality === null ? [] : [[bold('Quality before and after:'), ' ', clip(quality, 2 * room.letters)]]),
  ];
}

/** How far the tables and the targets were on these dates, and are now. */
function coveragePart({ backfill }: BackfillView, room: Room): Part[] {
  const { coverageBefore, coverageAfter } = backfill;
  if (coverageBefore === null || coverageAfter === null) return [];
  const { shown, more } = takeFirst(sayRollUpChange(coverageBefore, coverageAfter), room.items);
  if (shown.length === 0) return [];
  const said = shown.map(([name, words]): Words => [bold(name), `: ${words}`]);
  return [lines([bold('Coverage of these dates')]), list([...said, ...(more > 0 ? [[`and ${more} more`]] : [])])];
}

function qualityPart(view: BackfillView, room: Room): Part[] {
  const { quality } = view.backfill;
  if (quality === null) return [];
  const findings = qualityFindings(quality, room);
  const clean: Words[] = quality.total.duplicates === 0 ? [['No duplicate rows.']] : [];
  return [lines([bold(`Quality of ${quality.table}`)]), list([...clean, ...findings])];
}

/** What to type next: the failed dates again, or a look at the whole. */
function sayNext(view: BackfillView, { again = 0 }: SummaryContext): Words[] {
  const { target, from, to } = view.backfill;
  const open = view.cells.filter(
    (cell) => cell.state === 'failed' || cell.state === 'blocked' || cell.state === 'canceled',
  );
  const own = open.filter((cell) => cell.table === target).map((cell) => cell.date);
  const others = open.some((cell) => cell.table !== target);
  const look: Words = ['See the whole: ', code(`/coverage ${target} ${typeRange(from, to)}`)];
  if (open.length === 0) return [look];
  const dates = own.length > 0 ? own : open.map((cell) => cell.date);
  const notFilled = `Not filled: ${sayDays(dates)}. `;
  if (again > 0) {
    const cells = again === open.length ? 'again' : `again ${count(again, 'cell')} of ${sayNumber(open.length)}`;
    return [[notFilled, `Run ${cells}: `, code(`/backfill retry ${view.backfill.id}`)], look];
  }
  const launch = `/backfill ${target} ${typeDatesBriefly(dates)}${others ? ' --with-upstream' : ''}`;
  return [[notFilled, 'When the cause is mended: ', code(launch)], look];
}

function launchesOf({ backfill }: BackfillView, { catalogue }: SummaryContext): UnblockedLaunch[] {
  return listLaunches(catalogue, backfill.unblocked ?? []).slice(0, mostLaunches);
}

function sayDownstream(view: BackfillView, context: SummaryContext): Words[] {
  return launchesOf(view, context).map(sayLaunch);
}

/** Slack refuses a message with two buttons of one action. */
function nextButtons(view: BackfillView, context: SummaryContext): Part {
  const { retry, launches = [] } = context.offers ?? {};
  const offers = launchesOf(view, context).flatMap(({ tables, dates }, n): Offer[] => {
    const value = launches[n];
    const text = `Fill ${tables.at(-1) ?? ''} (${count(dates.length, 'date')})`;
    const action = n === 0 ? 'fill-downstream' : `fill-downstream-${n + 1}`;
    return value === undefined ? [] : [{ action, text, value }];
  });
  const again: Offer[] =
    retry === undefined ? [] : [{ action: 'retry-backfill', text: 'Retry what failed', value: retry }];
  return buttons(...again, ...offers);
}
