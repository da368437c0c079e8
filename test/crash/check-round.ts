/** Whether the four witnesses agree about one backfill: the store, the warehouse, the service's journal, the messages. */
import type { BackfillReport } from '../../src/core/backfill/backfill-report.ts';
import type { Message } from '../../workspace/server/wire.ts';
import { wordsOf } from '../support/slack-client.ts';
import { type CrashPipeline, wholeDate } from './pipeline.ts';

const finals = ['succeeded', 'failed', 'blocked', 'skipped', 'canceled'];

export type Seen = {
  readonly report: BackfillReport;
  readonly planned: number;
  readonly pipeline: CrashPipeline;
  /** Messages of this backfill that everybody sees: its root, and what stands in its thread. */
  readonly roots: readonly Message[];
  readonly thread: readonly Message[];
};

/** Every disagreement, as a sentence; none when all is well. */
export async function checkRound(seen: Seen): Promise<string[]> {
  const rows = await seen.pipeline.countRows();
  return [
    ...seen.pipeline.overlaps,
    ...checkStates(seen),
    ...seen.report.cells.flatMap((cell) => checkCell(cell, rows.get(`${cell.table} ${cell.date}`) ?? 0, seen)),
    ...checkMessages(seen),
  ];
}

function checkStates({ report, planned }: Seen): string[] {
  const names = new Set(report.cells.map(({ table, date }) => `${table} ${date}`));
  const counted = Object.values(report.counts).reduce((sum, count) => sum + count, 0);
  return [
    ...(report.state === 'done' ? [] : [`it ended as ${report.state}`]),
    ...(names.size === planned && report.cells.length === planned
      ? []
      : [`${names.size} cells in ${report.cells.length} lines, ${planned} were planned`]),
    ...(counted === planned ? [] : [`its counts add up to ${counted}, ${planned} were planned`]),
  ];
}

type Cell = BackfillReport['cells'][number];

function checkCell({ table, date, state, reason, attempts }: Cell, rows: number, { pipeline }: Seen): string[] {
  const name = `${table} ${date} (${state}, ${reason}, ${attempts} attempts, ${rows} rows)`;
  const calls = pipeline.calls.filter((call) => call.table === table && call.date === date);
  const problems: string[] = [];
  if (!finals.includes(state)) problems.push(`${name} is not final`);
  if (state === 'succeeded' && rows !== wholeDate) problems.push(`${name} succeeded without its rows`);
  if (state === 'failed' && rows === wholeDate) problems.push(`${name} failed, and its rows are there`);
  if (state === 'blocked' && calls.length > 0) problems.push(`${name} is blocked, and was called`);
  if (state === 'succeeded' && calls.length === 0) problems.push(`${name} succeeded without a call`);
  if (calls.length > attempts || calls.length > 3) problems.push(`${name} was called ${calls.length} times`);
  return problems;
}

function checkMessages({ report, roots, thread }: Seen): string[] {
  const { succeeded, failed, blocked } = report.counts;
  const total = report.cells.length;
  const summaries = thread.filter((message) => /Summary: /.test(wordsOf(message)));
  const figures =
    succeeded === total ? new RegExp(`\\b${total}\\b`) : new RegExp(`${succeeded} of ${total} cells filled`);
  const says = (message: Message | undefined, what: RegExp) => message !== undefined && what.test(wordsOf(message));
  return [
    ...(roots.length === 1 ? [] : [`${roots.length} root messages`]),
    ...(summaries.length === 1 ? [] : [`${summaries.length} summaries`]),
    ...(says(roots[0], figures) ? [] : [`the root message does not say ${figures}: ${roots[0] && wordsOf(roots[0])}`]),
    ...(says(summaries[0], figures) ? [] : [`the summary does not say ${figures}`]),
    ...(failed === 0 || says(summaries[0], new RegExp(`${failed} failed`))
      ? []
      : [`the summary hides ${failed} failed`]),
    ...(blocked === 0 || says(summaries[0], new RegExp(`${blocked} blocked`)) ? [] : [`the summary hides ${blocked}`]),
  ];
}
