/**
 * The root message of a backfill: one message, edited in place. It is derived from the store's view alone, so that two
 * edits that arrive in the wrong order can only differ in age (B5). When all is done the same message shows the result.
 */
import type { BackfillCell, BackfillView } from '../core/backfill/backfill.ts';
import type { CellState } from '../core/backfill/backfill-report.ts';
import { engine, type SteerVerb } from '../core/backfill/steering.ts';
import { type AnswerOffers, approvalMessage, sayNotApproved } from './approval-message.ts';
import { buttons, grid, lines, list, note, type Offer, type Part, title } from './blocks.ts';
import { fitMessage, type Room } from './fit-message.ts';
import type { Message } from './message.ts';
import { sayOptions, sayOverrides } from './option-words.ts';
import { sayHeldShort } from './outage-message.ts';
import { sayLeftTo } from './overlap-message.ts';
import { cellStateWords, count, sayDays, sayNumber, sayRange } from './phrases.ts';
import { sayDuration, sayEstimated, sayTimeLeft } from './time-words.ts';
import { at, bold, clip, code, person, type Words } from './words.ts';

/** At most so many lines of dates, whatever the room. */
const linesShown = 15;

/** Ids of stored offers behind its buttons: what makes sense in its state. */
export type SteerOffers = Partial<Record<SteerVerb, string>> & AnswerOffers;

/** The question while it waits for a second person, progress while it runs, the result when it is done. */
export function progressMessage(view: BackfillView, offers: SteerOffers = {}): Message {
  const { backfill, approval } = view;
  if (backfill.state === 'waiting_approval' && approval) return approvalMessage(backfill, approval, offers);
  return fitMessage((room) => [
    title(`Backfill of ${view.backfill.target}, ${sayRange(view.backfill.from, view.backfill.to)}`),
    lines(
      sayStateLine(view),
      ...sayReason(view, room),
      ...sayOverrides(view),
      ...sayLeftTo(view.backfill.preflight.skipped),
    ),
    ...(isOver(view) || view.backfill.state === 'preflight'
      ? []
      : [grid(`${drawBar(view.progress.done, view.progress.total)}  ${sayDone(view)}`)]),
    ...(view.backfill.state === 'preflight' || view.backfill.result === 'refused' ? [] : [lines(sayFigures(view))]),
    dateLines(view, room),
    steerButtons(offers),
    note(
      'By ',
      person(view.backfill.requestedBy),
      ', ',
      at(view.backfill.createdAt),
      ` · id ${view.backfill.id}`,
      ...sayOptions({ ...view.backfill.options, reason: null }),
    ),
  ]);
}

const steerTexts: Readonly<Record<SteerVerb, string>> = {
  pause: 'Pause',
  resume: 'Resume',
  cancel: 'Cancel',
  retry: 'Retry what failed',
};

/** Buttons of what may be done to a backfill. */
export function steerButtons(offers: SteerOffers): Part {
  const verbs = ['resume', 'pause', 'cancel', 'retry'] as const;
  return buttons(
    ...verbs.flatMap((verb): Offer[] => {
      const value = offers[verb];
      return value === undefined ? [] : [{ action: `${verb}-backfill`, text: steerTexts[verb], value }];
    }),
  );
}

function isOver(view: BackfillView): boolean {
  return view.backfill.state === 'done' || view.backfill.state === 'canceled';
}

/** Nothing starts, and what is under way ends by itself. */
function isStopping({ backfill: { state } }: BackfillView): boolean {
  return state === 'paused' || state === 'canceling';
}

/** Counts of cells by state. */
export function countStates(cells: readonly BackfillCell[]): Readonly<Record<CellState, number>> {
  const counts = { waiting: 0, ready: 0, running: 0, succeeded: 0, failed: 0, blocked: 0, skipped: 0, canceled: 0 };
  for (const cell of cells) counts[cell.state] += 1;
  return counts;
}

/** "38 of 42 cells done, 2 failed, 2 blocked", without what is zero. */
export function sayResult(view: BackfillView): string {
  const counts = countStates(view.cells);
  const rest = (['skipped', 'failed', 'blocked', 'canceled'] as const)
    .filter((state) => counts[state] > 0)
    .map((state) => `${sayNumber(counts[state])} ${cellStateWords[state]}`);
  return [`${sayNumber(counts.succeeded)} of ${count(view.progress.total, 'cell')} filled`, ...rest].join(', ');
}

/** How long it took, from its start (or its request) to its end; empty while it runs. */
export function sayElapsed(view: BackfillView): string {
  const { startedAt, createdAt, finishedAt } = view.backfill;
  return finishedAt === null ? '' : ` in ${sayDuration(finishedAt - (startedAt ?? createdAt))}`;
}

/** What was foreseen when it began, beside how long it took; empty where nothing was. */
export function sayForeseen({ backfill }: BackfillView): string {
  const estimate = backfill.forecast?.estimate;
  return estimate ? ` (foreseen: ${sayEstimated(estimate)})` : '';
}

function sayStateLine(view: BackfillView): Words {
  const { state, result } = view.backfill;
  const figures = `: ${sayResult(view)}${sayElapsed(view)}.`;
  if (state === 'canceled' || result === 'canceled') return [bold('Canceled'), ...saySteerer(view), figures];
  if (view.backfill.waitsFor !== null && state === 'preflight') return sayWaiting(view.backfill.waitsFor);
  if (result === 'refused' && view.approval) return sayNotApproved(view.approval);
  if (result === 'refused') return [bold('Not started'), ': its turn came, and it cannot run. The thread says why.'];
  if (state !== 'done') return [bold(stateWords[state]), ...saySteerer(view)];
  if (result === 'succeeded') return [bold('Done'), figures, ' The summary is in the thread.'];
  if (result === 'succeeded_with_gaps')
    return [bold('Done, with gaps'), figures, ' The thread says why, and what to do.'];
  return [bold('Failed'), figures, ' The thread says why, and what to do.'];
}

function sayWaiting(id: string): Words {
  return [bold('Waiting'), ' for ', code(id), ' to be over. What is there is judged anew then.'];
}

/** Who holds it up, and why. */
function saySteerer({ backfill: { state, steered } }: BackfillView): Words {
  const verb = state === 'paused' ? 'pause' : 'cancel';
  if (steered?.verb !== verb || state === 'running') return [];
  const by: Words = steered.by === engine ? [] : ['by ', person(steered.by)];
  const why = steered.reason === null ? '' : clip(steered.reason, 300);
  return [' (', ...by, by.length > 0 && why !== '' ? `: ${why})` : `${why})`];
}

const stateWords = {
  preflight: 'Checking what is there before anything runs',
  waiting_approval: 'Waiting for approval',
  running: 'Running',
  paused: 'Paused: no new cell starts',
  finishing: 'All cells are final; reading back what was written',
  canceling: 'Canceling: no new cell starts, running ones end by themselves',
} as const;

function sayReason(view: BackfillView, room: Room): Words[] {
  const { reason } = view.backfill.options;
  return reason === null || reason.trim() === '' ? [] : [['Reason: ', clip(reason, room.letters)]];
}

/** A bar of 20 marks. It is full only when all is done, and empty only when nothing is. */
export function drawBar(done: number, total: number): string {
  const width = 20;
  const share = total <= 0 ? 0 : done / total;
  const full = share >= 1 ? width : share <= 0 ? 0 : Math.min(width - 1, Math.max(1, Math.round(share * width)));
  return `${'█'.repeat(full)}${'░'.repeat(width - full)}`;
}

function sayDone(view: BackfillView): string {
  return `${sayNumber(view.progress.done)} of ${count(view.progress.total, 'cell')}`;
}

function sayFigures(view: BackfillView): Words {
  const counts = countStates(view.cells);
  const { rowsWritten, running } = view.progress;
  const said = [
    `${sayNumber(rowsWritten)} rows written`,
    ...(isStopping(view) && counts.waiting + counts.ready > 0
      ? [`${sayNumber(counts.waiting + counts.ready)} waiting`]
      : []),
    ...(running > 0 ? [`${sayNumber(running)} ${isStopping(view) ? 'finishing' : 'running'}`] : []),
    ...(view.slow === undefined ? [] : [`${sayNumber(view.slow.length)} unusually slow`]),
    ...(counts.failed > 0 ? [`${sayNumber(counts.failed)} failed`] : []),
    ...(counts.blocked > 0 ? [`${sayNumber(counts.blocked)} blocked`] : []),
    ...sayHeldOrLeft(view),
  ];
  return [said.join(' · ')];
}

/** While calls are held nobody can say how long it takes. */
function sayHeldOrLeft(view: BackfillView): string[] {
  const held = isOver(view) ? [] : sayHeldShort(view.outages);
  return held.length > 0 ? held : sayLeftOver(view);
}

/** The time left, while anything is left and more of it may start. */
function sayLeftOver(view: BackfillView): string[] {
  const { done, total, timeLeft } = view.progress;
  if (done >= total || isOver(view) || isStopping(view)) return [];
  return [timeLeft === null ? 'no estimate yet: nothing has been measured' : sayTimeLeft(timeLeft)];
}

type Run = { readonly table: string; readonly state: CellState; readonly dates: string[]; rows: number };

const stateOrder: readonly CellState[] = [
  'failed',
  'blocked',
  'running',
  'ready',
  'waiting',
  'canceled',
  'succeeded',
  'skipped',
];

function dateLines(view: BackfillView, room: Room): Part {
  const most = Math.min(linesShown, room.items);
  const fine = groupCells(view.cells, (last, cell) => last.state === cell.state);
  const runs = fine.length <= most ? fine : mergeStates(fine);
  const shown = runs.length <= most ? runs : runs.slice(0, most - 1);
  const rest = runs.slice(shown.length).reduce((sum, run) => sum + run.dates.length, 0);
  return list([...shown.map(sayRun), ...(rest > 0 ? [[`and ${count(rest, 'more cell')}`]] : [])]);
}

/** Neighbours in a table's own order of dates form a run while they are in one state. */
function groupCells(cells: readonly BackfillCell[], same: (last: Run, cell: BackfillCell) => boolean): Run[] {
  const tables = [...new Set(cells.map((cell) => cell.table))];
  return tables.flatMap((table) => {
    const runs: Run[] = [];
    const own = cells.filter((cell) => cell.table === table).sort((a, b) => a.date.localeCompare(b.date));
    for (const cell of own) {
      const last = runs.at(-1);
      const rows = cell.state === 'succeeded' ? (cell.rowsAfter ?? 0) : 0;
      if (last === undefined || !same(last, cell)) runs.push({ table, state: cell.state, dates: [cell.date], rows });
      else {
        last.dates.push(cell.date);
        last.rows += rows;
      }
    }
    return runs;
  });
}

/** Too many runs: one line per table and state, what needs attention first. */
function mergeStates(runs: readonly Run[]): Run[] {
  const merged = new Map<string, Run>();
  for (const run of runs) {
    const key = `${run.table} ${run.state}`;
    const last = merged.get(key);
    merged.set(key, last ? { ...last, dates: [...last.dates, ...run.dates], rows: last.rows + run.rows } : run);
  }
  return [...merged.values()].sort((a, b) => stateOrder.indexOf(a.state) - stateOrder.indexOf(b.state));
}

function sayRun(run: Run): Words {
  const rows = run.state === 'succeeded' ? `, ${sayNumber(run.rows)} rows` : '';
  const dates = run.dates.length > 1 ? ` (${run.dates.length})` : '';
  return [bold(run.table), ` ${sayDays(run.dates)}${dates}: ${cellStateWords[run.state]}${rows}`];
}
