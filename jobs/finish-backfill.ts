/** Ends a backfill: reads the quality of what is there now, decides the result, and says both. May be repeated. */
import type { BackfillView } from '../src/core/backfill.ts';
import { buildCoverage } from '../src/core/coverage.ts';
import { answerQuality } from '../src/engine/answers.ts';
import { assess } from '../src/engine/assess.ts';
import { findView, resultOf } from '../src/engine/view.ts';
import { summaryMessage } from '../src/messages/summary-message.ts';
import type { Ports } from '../src/ports.ts';
import { recordAudit } from '../src/store/audit.ts';
import { finishBackfill as recordFinish } from '../src/store/backfills.ts';
import { putProgress, rootKey, sendMessage } from './show-progress.ts';

/** Does nothing for a backfill that has cells left. */
export async function finishBackfill(ports: Ports, task: { readonly backfill: string }): Promise<void> {
  const view = await findView(ports.store.query, task.backfill);
  if (!view || (view.backfill.state !== 'finishing' && view.backfill.state !== 'done')) return;
  if (view.backfill.state === 'finishing') await record(ports, view);
  const done = await findView(ports.store.query, task.backfill);
  if (done) await tell(ports, done);
}

async function record(ports: Ports, view: BackfillView): Promise<void> {
  const { id, target, requestedBy } = view.backfill;
  const quality = await answerQuality(ports, target, targetDates(view));
  const result = resultOf(view);
  const now = ports.clock.now();
  await ports.store.transaction(async (query) => {
    const first = await recordFinish(query, { id, result, quality, now });
    if (first)
      await recordAudit(query, { at: now, actor: requestedBy, action: 'finish', subject: id, detail: { result } });
  });
  ports.log.info({ backfill: id, target, result, cells: view.cells.length }, 'backfill finished');
}

/** The target's dates that were asked and can have rows. */
export function targetDates(view: BackfillView): string[] {
  const { target, preflight } = view.backfill;
  const planned = view.cells.filter((cell) => cell.table === target).map((cell) => cell.date);
  const left = preflight.skipped.filter((cell) => cell.status !== 'not_expected').map((cell) => cell.date);
  return [...new Set([...planned, ...left])].sort();
}

async function tell(ports: Ports, view: BackfillView): Promise<void> {
  const { channel, id } = view.backfill;
  if (channel === null) return;
  await putProgress(ports, id);
  const expectedRows = await sumExpected(ports, view);
  const content = summaryMessage(view, {
    catalogue: ports.catalogue,
    ...(expectedRows === null ? {} : { expectedRows }),
  });
  await sendMessage(ports, { key: `backfill:${id}:summary`, channel, threadOf: rootKey(id), content });
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
