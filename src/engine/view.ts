/** A backfill as people see it, always derived from the store (B5). */
import type { Backfill, BackfillCell, BackfillView, FailureGroup } from '../core/backfill.ts';
import type { BackfillReport, BackfillResult, CellReport } from '../core/reports.ts';
import { findBackfill } from '../store/backfills.ts';
import { loadCells } from '../store/cells.ts';
import type { Query } from '../store/store.ts';

/** The view of a backfill; undefined if there is none of this id. */
export async function findView(query: Query, id: string): Promise<BackfillView | undefined> {
  const backfill = await findBackfill(query, id);
  if (!backfill) return undefined;
  const cells = await loadCells(query, id);
  return viewOf(backfill, cells);
}

/** Puts a backfill and its cells together. */
export function viewOf(backfill: Backfill, cells: readonly BackfillCell[]): BackfillView {
  const final = cells.filter((cell) => isFinal(cell));
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
      timeLeft: estimate(cells, backfill),
    },
  };
}

function isFinal(cell: BackfillCell): boolean {
  return !['waiting', 'ready', 'running'].includes(cell.state);
}

/** Failed and blocked dates by table, state and reason; the details of one group are those of its first date. */
function groupFailures(cells: readonly BackfillCell[]): FailureGroup[] {
  const groups = new Map<string, FailureGroup>();
  for (const cell of cells) {
    if (cell.state !== 'failed' && cell.state !== 'blocked') continue;
    const key = [cell.table, cell.state, cell.reason].join(':');
    const known = groups.get(key);
    groups.set(key, {
      key,
      table: cell.table,
      state: cell.state,
      reason: cell.reason ?? '',
      detail: known?.detail ?? cell.detail ?? '',
      dates: [...(known?.dates ?? []), cell.date].sort(),
      errorIds: [...(known?.errorIds ?? []), ...(cell.errorId === null ? [] : [cell.errorId])],
    });
  }
  return [...groups.values()];
}

/** Time left from the durations measured in this backfill: of the fastest and the slowest quarter. */
function estimate(cells: readonly BackfillCell[], backfill: Backfill): BackfillView['progress']['timeLeft'] {
  const durations = cells
    .flatMap((cell) =>
      cell.state === 'succeeded' && cell.startedAt !== null && cell.finishedAt !== null
        ? [cell.finishedAt - cell.startedAt]
        : [],
    )
    .sort((a, b) => a - b);
  const left = cells.filter((cell) => !isFinal(cell)).length;
  const least = durations[Math.floor(durations.length / 4)];
  const most = durations[Math.floor((durations.length * 3) / 4)];
  if (least === undefined || most === undefined || left === 0) return null;
  const rounds = Math.ceil(left / Math.max(1, backfill.options.concurrency ?? 4));
  return { least: rounds * least, most: Math.max(rounds * most, (left * most) / 2) };
}

/**
 * The result of a backfill whose cells are all final: what was asked is complete, or there are gaps, or nothing was
 * filled. Asked dates that were left tainted, or blocked by --ready-only, are gaps.
 */
export function resultOf(view: BackfillView): BackfillResult {
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
    result: backfill.result,
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
    quality: backfill.quality,
  };
}

function cellReport(cell: BackfillCell): CellReport {
  const { table, date, state, attempts, rowsBefore, rowsAfter, reason, detail, errorId } = cell;
  return { table, date, state, attempts, rowsBefore, rowsAfter, reason, detail, errorId };
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
