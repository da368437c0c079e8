/** Backfills as text for a terminal. */
import type { BackfillView } from '../core/backfill.ts';
import type { BackfillReport, CellReport, PlanReport, Preflight } from '../core/reports.ts';
import {
  cellStateWords,
  count,
  reasonWords,
  sayCause,
  sayDays,
  sayDuration,
  sayTimeLeft,
} from '../messages/phrases.ts';
import { layOut, type Output } from './output.ts';
import { printPlan, printQuality } from './print-coverage.ts';

/** One line of progress. */
export function sayProgress(view: BackfillView): string {
  const { done, total, running, rowsWritten, timeLeft } = view.progress;
  const failed = view.cells.filter((cell) => cell.state === 'failed').length;
  const parts = [
    `${done} of ${total} cells`,
    `${running} running`,
    `${rowsWritten} rows written`,
    ...(failed > 0 ? [`${failed} failed`] : []),
    ...(timeLeft ? [sayTimeLeft(timeLeft)] : []),
  ];
  return parts.join(', ');
}

/** Why nothing ran, and what would mend it. */
export function printRefused(preflight: Preflight, repair: PlanReport | null, output: Output): void {
  output.data(
    `Nothing ran: ${count(preflight.blocked.length, 'asked date')} blocked, ${preflight.ready.length} ready.`,
  );
  const rows = preflight.blocked.map((cell) => [
    `  ${cell.table}`,
    cell.date,
    cell.causes.slice(0, 3).map(sayCause).join('; '),
  ]);
  for (const line of layOut(rows, output.columns)) output.data(line);
  if (repair && repair.cells > 0) {
    output.data('');
    output.data('What would mend them:');
    printPlan(repair, output);
    output.say('Run it with --with-upstream, or only what is ready with --ready-only.');
  } else output.say('Run what is ready with --ready-only.');
}

/** The result: counts, what failed and why, quality. */
export function printReport(report: BackfillReport, view: BackfillView, output: Output): void {
  const { counts } = report;
  const took =
    view.backfill.finishedAt === null || view.backfill.startedAt === null
      ? ''
      : ` in ${sayDuration(view.backfill.finishedAt - view.backfill.startedAt)}`;
  output.data(`Backfill ${report.id} of ${report.target}: ${report.result ?? report.state}${took}`);
  output.data(
    Object.entries(counts)
      .filter(([, n]) => n > 0)
      .map(([state, n]) => `${n} ${state}`)
      .join(', ') || 'nothing to do',
  );
  const rows = report.cells.filter((cell) => cell.state !== 'skipped').map(sayCell);
  for (const line of layOut(rows, output.columns)) output.data(line);
  const skipped = report.cells.filter((cell) => cell.state === 'skipped');
  if (skipped.length > 0) output.data(`  left alone: ${sayDays(skipped.map((cell) => cell.date))}`);
  const warned = report.preflight.warnings.length;
  if (warned > 0)
    output.say(`${count(warned, 'cell')} had holes in a window they read; see --json, preflight.warnings.`);
  if (report.quality && report.quality.dates.length > 0) {
    output.data('');
    printQuality(report.quality, output);
  }
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
