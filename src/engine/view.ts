/** A backfill as people see it, always derived from the store (B5). */
import { reportApproval } from '../core/backfill/approval-report.ts';
import { type Backfill, type BackfillCell, type BackfillView, isFinal } from '../core/backfill/backfill.ts';
import type { BackfillReport, BackfillResult, CellReport } from '../core/backfill/backfill-report.ts';
import { groupFailures } from '../core/backfill/failures.ts';
import { estimateLeft } from '../core/plan/estimate.ts';
import { listOverrides } from '../core/plan/overrides.ts';
import { qualityOn } from '../core/quality/quality.ts';
import { findApproval } from '../store/approvals.ts';
import { listSlow } from '../store/attempts.ts';
import { findBackfill } from '../store/backfills.ts';
import { loadCells } from '../store/cells.ts';
import { listOutages } from '../store/outages.ts';
import type { Query } from '../store/store.ts';

/** The view of a backfill; undefined if there is none of this id. */
export async function findView(query: Query, id: string): Promise<BackfillView | undefined> {
  const backfill = await findBackfill(query, id);
  if (!backfill) return undefined;
  const view = viewOf(backfill, await loadCells(query, id));
  const outages = await listOutages(query, id);
  const slow = view.progress.running === 0 ? [] : await listSlow(query, id);
  const approval = await findApproval(query, id);
  return {
    ...view,
    ...(approval ? { approval } : {}),
    ...(outages.length > 0 ? { outages } : {}),
    ...(slow.length > 0 ? { slow } : {}),
  };
}

/** Puts a backfill and its cells together. */
export function viewOf(backfill: Backfill, cells: readonly BackfillCell[]): BackfillView {
  const final = cells.filter((cell) => isFinal(cell.state));
  return {
    backfill,
    cells,
    failures: groupFailures(cells),
    progress: {
      done: final.length,
      total: cells.length,
      running: cells.filter((cell) => cell.state === 'running').length,
      rowsWritten: cells
        .filter((cell) => cell.state === 'succeeded')
        .reduce((sum, cell) => sum + (cell.rowsAfter ?? 0), 0),
      timeLeft: backfill.forecast && estimateLeft(cells, backfill.forecast),
    },
  };
}

/**
 * The result of a backfill whose cells are all final: what was asked is complete, or there are gaps, or nothing was
 * filled; or it was canceled, whatever had been filled by then. Asked dates that were left tainted, or blocked by --ready-only, are gaps.
 */
export function resultOf(view: BackfillView): BackfillResult {
  if (view.backfill.steered?.verb === 'cancel') return 'canceled';
  const { preflight } = view.backfill;
  const left =
    preflight.blocked.length +
    preflight.skipped.filter((s) => !['complete', 'not_expected', 'running'].includes(s.status)).length;
  const bad = view.cells.filter((cell) => cell.state !== 'succeeded' && cell.state !== 'skipped');
  const unsound = view.cells.filter((cell) => cell.reason === 'built_on_bad_input' || cell.reason === 'unverified');
  const good = view.cells.length - bad.length;
  if (bad.length > 0 && good === 0) return 'failed';
  return bad.length + unsound.length + left === 0 ? 'succeeded' : 'succeeded_with_gaps';
}

/** The report that `--json` prints: the cells that were run, and the asked ones that were not, each with its reason. */
export function reportOf(view: BackfillView): BackfillReport {
  const { backfill } = view;
  const cells = [...view.cells.map(cellReport), ...leftAlone(backfill)];
  const count = (state: CellReport['state']) => cells.filter((cell) => cell.state === state).length;
  return {
    id: backfill.id,
    state: backfill.state,
    waitsFor: backfill.waitsFor,
    result: backfill.result,
    round: backfill.round,
    steered: backfill.steered && {
      verb: backfill.steered.verb,
      by: backfill.steered.by,
      reason: backfill.steered.reason,
    },
    approval: reportApproval(view.approval, backfill),
    target: backfill.target,
    cells,
    counts: {
      succeeded: count('succeeded'),
      failed: count('failed'),
      blocked: count('blocked'),
      skipped: count('skipped'),
      canceled: count('canceled'),
    },
    preflight: backfill.preflight,
    quality: withBefore(backfill),
    estimate: backfill.forecast?.estimate ?? null,
    coverage:
      backfill.coverageBefore === null ? null : { before: backfill.coverageBefore, after: backfill.coverageAfter },
    options: backfill.options,
    overrides: listOverrides(backfill, view.cells),
    unblocked: backfill.unblocked ?? [],
  };
}

function cellReport(cell: BackfillCell): CellReport {
  const { table, date, state, attempts, rowsBefore, rowsAfter, reason, detail, errorId } = cell;
  return { table, date, state, attempts, rowsBefore, rowsAfter, reason, detail, errorId };
}

function withBefore({ quality, qualityBefore }: Backfill): BackfillReport['quality'] {
  if (quality === null) return null;
  return { ...quality, before: qualityBefore === null ? null : qualityOn(qualityBefore, quality) };
}

/** Asked dates that were never planned. */
export function leftAlone(backfill: Pick<Backfill, 'preflight'>): CellReport[] {
  const none = { attempts: 0, detail: null, errorId: null };
  const skipped = backfill.preflight.skipped.map(({ table, date, rows, reason }): CellReport => {
    return { ...none, table, date, state: 'skipped', rowsBefore: rows, rowsAfter: rows, reason };
  });
  const blocked = backfill.preflight.blocked.map(({ table, date, causes }): CellReport => {
    return {
      ...none,
      table,
      date,
      state: 'blocked',
      rowsBefore: null,
      rowsAfter: null,
      reason: causes[0]?.reason ?? null,
    };
  });
  return [...skipped, ...blocked];
}
