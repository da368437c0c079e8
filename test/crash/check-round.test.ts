/** A checker is trusted once it has failed: each way in which the witnesses may disagree is shown to it. */
import { describe, expect, it } from 'vitest';
import type { BackfillReport } from '../../src/core/backfill/backfill-report.ts';
import type { Message } from '../../workspace/server/wire.ts';
import { checkRound, type Seen } from './check-round.ts';
import type { Call } from './pipeline.ts';

type Cell = BackfillReport['cells'][number];
const cell = (table: string, over: Partial<Cell> = {}): Cell =>
  ({ table, date: '2023-01-01', state: 'succeeded', attempts: 1, reason: null, ...over }) as Cell;
const called = (table: string): Call => ({ table, date: '2023-01-01', attempt: 'a', manner: 'whole', ended: true });
const message = (text: string): Message => ({ text, blocks: [] }) as unknown as Message;
const counts = { succeeded: 2, failed: 0, blocked: 0, skipped: 0, canceled: 0 };
const report = { state: 'done', cells: [cell('sums'), cell('report')], counts } as unknown as BackfillReport;
const evidence = (over: { rows?: [string, number][]; calls?: Call[]; overlaps?: string[] } = {}) =>
  ({
    calls: over.calls ?? [called('sums'), called('report')],
    overlaps: over.overlaps ?? [],
    countRows: async () =>
      new Map(
        over.rows ?? [
          ['sums 2023-01-01', 3],
          ['report 2023-01-01', 3],
        ],
      ),
  }) as unknown as Seen['pipeline'];
const good: Seen = {
  report,
  planned: 2,
  pipeline: evidence(),
  roots: [message('*Done*: 2 cells filled')],
  thread: [message('Summary: report\n2 cells filled')],
};
const withCells = (first: Partial<Cell>): BackfillReport => ({
  ...report,
  cells: [cell('sums', first), cell('report')],
});

const disagreements: readonly (readonly [string, Partial<Seen>])[] = [
  ['succeeded without its rows', { pipeline: evidence({ rows: [['report 2023-01-01', 3]] }) }],
  ['failed, and its rows are there', { report: withCells({ state: 'failed', reason: 'run_failed' }) }],
  ['is blocked, and was called', { report: withCells({ state: 'blocked', reason: 'upstream_missing' }) }],
  ['succeeded without a call', { pipeline: evidence({ calls: [called('report')] }) }],
  ['was called 2 times', { pipeline: evidence({ calls: [called('sums'), called('sums'), called('report')] }) }],
  ['is not final', { report: withCells({ state: 'running' }) }],
  ['it ended as running', { report: { ...report, state: 'running' } }],
  ['1 cells in 2 lines', { report: { ...report, cells: [cell('sums'), cell('sums')] } }],
  ['its counts add up to 1', { report: { ...report, counts: { ...counts, succeeded: 1 } } }],
  ['sums was called while', { pipeline: evidence({ overlaps: ['sums was called while sums was at work'] }) }],
  ['0 root messages', { roots: [] }],
  ['2 root messages', { roots: [...good.roots, ...good.roots] }],
  ['2 summaries', { thread: [...good.thread, ...good.thread] }],
  ['the root message does not say', { roots: [message('*Running*: 1 of 3')] }],
  ['the summary does not say', { thread: [message('Summary: report\n1 cell filled')] }],
];

describe('the comparison of the witnesses', () => {
  it('finds nothing where they agree', async () => {
    expect(await checkRound(good)).toEqual([]);
  });

  it.each(disagreements)('finds "%s"', async (words, changed) => {
    expect((await checkRound({ ...good, ...changed })).join('\n')).toContain(words);
  });
});
