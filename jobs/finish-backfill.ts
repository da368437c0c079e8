/** Ends a backfill: reads the quality of what is there now, decides the result, and says both. May be repeated. */
import type { BackfillView } from '../src/core/backfill/backfill.ts';
import type { BackfillResult, BackfillRollUp, Unblocked } from '../src/core/backfill/backfill-report.ts';
import { engine } from '../src/core/backfill/steering.ts';
import { indexOf } from '../src/core/coverage/coverage.ts';
import type { Judging } from '../src/core/judge/judgement.ts';
import { judgementOf } from '../src/core/judge/judgement.ts';
import type { Quality } from '../src/core/quality/quality-report.ts';
import { answerQuality } from '../src/engine/answer-quality.ts';
import { assess } from '../src/engine/assess.ts';
import { ringQueued } from '../src/engine/ring.ts';
import { askedDates, rollUpBackfill } from '../src/engine/roll-up-backfill.ts';
import { findRetry } from '../src/engine/steer.ts';
import { answerUnblocked } from '../src/engine/unblock.ts';
import { findView, resultOf } from '../src/engine/view.ts';
import { type SummaryOffers, summaryMessage } from '../src/messages/summary-message.ts';
import { listLaunches, mostLaunches } from '../src/messages/unblocked-words.ts';
import type { Ports } from '../src/ports.ts';
import { recordAudit } from '../src/store/audit.ts';
import { finishBackfill as recordFinish } from '../src/store/backfills.ts';
import { listMendedFor } from '../src/store/failure-dates.ts';
import { listQueuedAfter } from '../src/store/queue.ts';
import type { Query } from '../src/store/store.ts';
import { refreshHomeOf } from './publish-home.ts';
import { type Bell, offerOf, offerSteering, put, putProgress, putView, ring, rootKey } from './show-progress.ts';
import { tellFollowers } from './tell-followers.ts';

/** Does nothing for a backfill that has cells left, or that is finished. */
export async function finishBackfill(ports: Ports, task: { readonly backfill: string }): Promise<void> {
  const view = await findView(ports.store.query, task.backfill);
  if (view?.backfill.state !== 'finishing') return;
  const { id, target } = view.backfill;
  const quality = await answerQuality(ports, target, targetDates(view));
  const { judging } = await assess(ports, [target], askedDates(view.backfill, view.cells));
  const result = resultOf(view);
  // Before the end is recorded: whoever dies in between does it again.
  for (const mended of await listMendedFor(ports.store.query, id)) await putProgress(ports, mended);
  const end: End = {
    result,
    quality,
    unblocked: await answerUnblocked(ports, view),
    again: (await findRetry(ports, view.backfill)).again.length,
    expectedRows: sumExpected(judging, view),
    coverage: await rollUpBackfill(ports, judging, view.backfill, view.cells),
  };
  const bells = await ports.store.transaction((query) => record(ports, query, view, end));
  ports.log.info({ backfill: id, target, result, cells: view.cells.length }, 'backfill finished');
  await ring(ports, bells);
  await refreshHomeOf(ports, id);
  await ringQueued(ports, await listQueuedAfter(ports.store.query, id));
}

type End = {
  readonly result: BackfillResult;
  readonly quality: Quality;
  readonly expectedRows: number | null;
  readonly coverage: BackfillRollUp;
  readonly unblocked: readonly Unblocked[];
  /** Cells that a retry would take. */
  readonly again: number;
};

/** The end and the messages that tell of it in one transaction: who dies after it leaves nothing unsaid. */
async function record(ports: Ports, query: Query, view: BackfillView, end: End): Promise<Bell[]> {
  const { id, round, channel } = view.backfill;
  const { result, quality, expectedRows, coverage, unblocked, again } = end;
  const now = ports.clock.now();
  if (!(await recordFinish(query, { id, round, result, quality, coverage, unblocked, now }))) return [];
  await recordAudit(query, { at: now, actor: engine, action: 'finish', subject: id, detail: { result, round } });
  const done = await findView(query, id);
  if (!done) return [];
  const told = await tellFollowers(ports, query, done);
  if (channel === null) return told;
  const bells = await putView(ports, query, done);
  const { catalogue } = ports;
  const offers = await offerNext(ports, query, done, again);
  const content = summaryMessage(done, {
    catalogue,
    again,
    offers,
    ...(expectedRows === null ? {} : { expectedRows }),
  });
  const summary = await put(ports, query, { key: summaryKey(id, round), channel, threadOf: rootKey(id), content });
  return [...bells, ...(summary ? [summary] : []), ...told];
}

/** The retry is the one that the root message offers: of two clicks one acts. */
async function offerNext(ports: Ports, query: Query, view: BackfillView, again: number): Promise<SummaryOffers> {
  const { round, unblocked } = view.backfill;
  const retry = again > 0 ? (await offerSteering(ports, query, view)).retry : undefined;
  const launches: string[] = [];
  for (const [n, { words }] of listLaunches(ports.catalogue, unblocked ?? [])
    .slice(0, mostLaunches)
    .entries())
    launches.push(await offerOf(ports, query, view, `downstream-${round}-${n}`, words));
  return { launches, ...(retry === undefined ? {} : { retry }) };
}

/** A retry ends with a summary of its own, under the first one's in the thread. */
function summaryKey(backfill: string, round: number): string {
  return `backfill:${backfill}:summary${round === 1 ? '' : `:${round}`}`;
}

/** The target's dates that were asked and can have rows. */
export function targetDates(view: BackfillView): string[] {
  const { target, preflight } = view.backfill;
  const planned = view.cells.filter((cell) => cell.table === target).map((cell) => cell.date);
  const left = preflight.skipped.filter((cell) => cell.status !== 'not_expected').map((cell) => cell.date);
  return [...new Set([...planned, ...left])].sort();
}

/** Rows that are right for the target's dates together; null while any of them is not known. */
function sumExpected(judging: Judging, view: BackfillView): number | null {
  const dates = targetDates(view);
  const { target } = view.backfill;
  const judgement = judgementOf(judging, target);
  const expected = dates.map((date) => judgement.expected[indexOf(judging, date)] ?? -1);
  return expected.some((rows) => rows < 0) ? null : expected.reduce((sum, rows) => sum + rows, 0);
}
