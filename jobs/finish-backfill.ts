/** Ends a backfill: reads the quality of what is there now, decides the result, and says both. May be repeated. */
import type { BackfillView } from '../src/core/backfill.ts';
import { buildCoverage } from '../src/core/coverage.ts';
import type { BackfillResult, Quality } from '../src/core/reports.ts';
import { answerQuality } from '../src/engine/answer-quality.ts';
import { assess } from '../src/engine/assess.ts';
import { findView, resultOf } from '../src/engine/view.ts';
import { summaryMessage } from '../src/messages/summary-message.ts';
import type { Ports } from '../src/ports.ts';
import { recordAudit } from '../src/store/audit.ts';
import { finishBackfill as recordFinish } from '../src/store/backfills.ts';
import type { Query } from '../src/store/store.ts';
import { type Bell, put, putView, ring, rootKey } from './show-progress.ts';

/** Does nothing for a backfill that has cells left, or that is finished. */
export async function finishBackfill(ports: Ports, task: { readonly backfill: string }): Promise<void> {
  const view = await findView(ports.store.query, task.backfill);
  if (view?.backfill.state !== 'finishing') return;
  const { id, target } = view.backfill;
  const quality = await answerQuality(ports, target, targetDates(view));
  const expectedRows = await sumExpected(ports, view);
  const result = resultOf(view);
  const bells = await ports.store.transaction((query) => record(ports, query, view, { result, quality, expectedRows }));
  ports.log.info({ backfill: id, target, result, cells: view.cells.length }, 'backfill finished');
  await ring(ports, bells);
}

type End = {
  readonly result: BackfillResult;
  readonly quality: Quality;
  readonly expectedRows: number | null;
};

/** The end and the messages that tell of it in one transaction: who dies after it leaves nothing unsaid. */
async function record(ports: Ports, query: Query, view: BackfillView, end: End): Promise<Bell[]> {
  const { id, requestedBy, channel } = view.backfill;
  const { result, quality, expectedRows } = end;
  const now = ports.clock.now();
  if (!(await recordFinish(query, { id, result, quality, now }))) return [];
  await recordAudit(query, { at: now, actor: requestedBy, action: 'finish', subject: id, detail: { result } });
  const done = await findView(query, id);
  if (!done || channel === null) return [];
  const bells = await putView(ports, query, done);
  const { catalogue } = ports;
  const content = summaryMessage(done, { catalogue, ...(expectedRows === null ? {} : { expectedRows }) });
  const summary = await put(ports, query, { key: `backfill:${id}:summary`, channel, threadOf: rootKey(id), content });
  return summary ? [...bells, summary] : bells;
}

/** The target's dates that were asked and can have rows. */
export function targetDates(view: BackfillView): string[] {
  const { target, preflight } = view.backfill;
  const planned = view.cells.filter((cell) => cell.table === target).map((cell) => cell.date);
  const left = preflight.skipped.filter((cell) => cell.status !== 'not_expected').map((cell) => cell.date);
  return [...new Set([...planned, ...left])].sort();
}

/** Rows that are right for the target's dates together; null while any of them is not known. */
async function sumExpected(ports: Ports, view: BackfillView): Promise<number | null> {
  const dates = targetDates(view);
  const { target } = view.backfill;
  const { judging } = await assess(ports, [target], dates);
  const [table] = buildCoverage(judging, { tables: [target], dates }).tables;
  const expected = table?.cells.map((cell) => cell.expected) ?? [];
  return expected.some((rows) => rows === null) ? null : expected.reduce<number>((sum, rows) => sum + (rows ?? 0), 0);
}
