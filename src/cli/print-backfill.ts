/** Backfills as text for a terminal. */
import type { BackfillView } from '../core/backfill/backfill.ts';
import type { BackfillReport, CellReport } from '../core/backfill/backfill-report.ts';
import type { Catalogue } from '../core/catalogue/catalogue.ts';
import { writeLaunchOptions } from '../core/request/write-request.ts';
import { sayShownStep, sayTakesSecond } from '../messages/approval-message.ts';
import { sayOverrides } from '../messages/option-words.ts';
import { sayHeldShort } from '../messages/outage-message.ts';
import { cellStateWords, count, reasonWords, sayDays } from '../messages/phrases.ts';
import { sayForeseen } from '../messages/progress-message.ts';
import { sayRollUpChange } from '../messages/roll-up-change.ts';
import { sayDuration, sayTimeLeft } from '../messages/time-words.ts';
import { listLaunches } from '../messages/unblocked-words.ts';
import { toPlain } from '../messages/words.ts';
import { layOut, type Output, wrap } from './output.ts';
import { printBeforeAfter, printQuality } from './print-quality.ts';

/** One line of progress. */
export function sayProgress(view: BackfillView): string {
  if (view.backfill.waitsFor !== null) return `waits for ${view.backfill.waitsFor}`;
  if (view.backfill.state === 'waiting_approval') return 'waits for a second person to approve it';
  const { done, total, running, rowsWritten, timeLeft } = view.progress;
  const failed = view.cells.filter((cell) => cell.state === 'failed').length;
  const parts = [
    `${done} of ${total} cells`,
    `${running} running`,
    `${rowsWritten} rows written`,
    ...(failed > 0 ? [`${failed} failed`] : []),
    ...sayHeldShort(view.outages),
    ...(timeLeft && view.backfill.state !== 'paused' ? [sayTimeLeft(timeLeft)] : []),
  ];
  return parts.join(', ');
}

/** The result: counts, what failed and why, quality. */
export function printReport(report: BackfillReport, view: BackfillView, output: Output): void {
  const { counts } = report;
  const took =
    view.backfill.finishedAt === null || view.backfill.startedAt === null
      ? ''
      : ` in ${sayDuration(view.backfill.finishedAt - view.backfill.startedAt)}${sayForeseen(view)}`;
  output.data(`Backfill ${report.id} of ${report.target}: ${report.result ?? report.state}${took}`);
  const nothing = report.state === 'waiting_approval' ? 'nothing has run' : 'nothing to do';
  output.data(
    Object.entries(counts)
      .filter(([, n]) => n > 0)
      .map(([state, n]) => `${n} ${state}`)
      .join(', ') || nothing,
  );
  printOptions(view, output);
  printApproval(view, output);
  const rows = report.cells.filter((cell) => cell.state !== 'skipped').map(sayCell);
  for (const line of layOut(rows, output.columns)) output.data(line);
  const skipped = report.cells.filter((cell) => cell.state === 'skipped');
  if (skipped.length > 0) output.data(`  left alone: ${sayDays(skipped.map((cell) => cell.date))}`);
  const warned = report.preflight.warnings.length;
  if (warned > 0)
    output.say(`${count(warned, 'cell')} had holes in a window they read; see --json, preflight.warnings.`);
  printCoverageChange(report, output);
  if (report.quality && report.quality.dates.length > 0) {
    output.data('');
    printBeforeAfter(view, output);
    printQuality(report.quality, output);
  }
}

/** How it was asked for, and what it set aside. */
function printOptions(view: BackfillView, output: Output): void {
  const typed = writeLaunchOptions(view.backfill.options);
  if (typed !== '') for (const line of wrap(`Asked with ${typed}`, output.columns, 2)) output.data(line);
  for (const words of sayOverrides(view)) for (const line of wrap(toPlain(words), output.columns, 2)) output.data(line);
}

/** What waits for a second person, and why it takes one. */
function printApproval({ backfill, approval }: BackfillView, output: Output): void {
  if (backfill.state !== 'waiting_approval' || !approval) return;
  const why = toPlain(sayTakesSecond(approval.why));
  for (const line of wrap(why, output.columns, 2)) output.data(line);
  for (const step of approval.plan.steps)
    for (const line of wrap(`  ${toPlain(sayShownStep(step, { letters: 1000 }))}`, output.columns, 4))
      output.data(line);
}

/** What to type next downstream. On stderr, as all that is advice. */
export function printUnblocked(catalogue: Catalogue, report: BackfillReport, output: Output): void {
  for (const { tables, dates, words } of listLaunches(catalogue, report.unblocked)) {
    output.say(`${tables.join(', ')} can be filled now for ${count(dates.length, 'date')}, ${sayDays(dates)}:`);
    output.say(`  backcourt backfill ${words}`);
  }
}

/** How far the tables and the targets were on the asked dates, and are now. */
function printCoverageChange({ coverage }: BackfillReport, output: Output): void {
  if (!coverage?.after) return;
  const changes = sayRollUpChange(coverage.before, coverage.after);
  if (changes.length === 0) return;
  output.data('');
  output.data('Coverage of these dates:');
  const rows = changes.map(([name, words]) => [`  ${name}`, words]);
  for (const line of layOut(rows, output.columns)) output.data(line);
}

function sayCell(cell: CellReport): string[] {
  const rows = `${cell.rowsBefore ?? '-'} -> ${cell.rowsAfter ?? '-'}`;
  const reason = cell.reason === null ? '' : reasonWords[cell.reason];
  return [
    `  ${cell.table}`,
    cell.date,
    cellStateWords[cell.state],
    rows,
    [reason, cell.detail ?? ''].filter((text) => text !== '').join(': '),
  ];
}

/** A line per backfill. */
export function printList(views: readonly BackfillView[], output: Output): void {
  if (views.length === 0) output.say('There are no backfills yet.');
  const rows = views.map((view) => [
    view.backfill.id,
    view.backfill.target,
    `${view.backfill.from}..${view.backfill.to}`,
    view.backfill.result ?? view.backfill.state,
    view.backfill.requestedBy,
    sayProgress(view),
  ]);
  for (const line of layOut(rows, output.columns)) output.data(line);
}
