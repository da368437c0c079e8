/** Values that messages are made from: what the engine says of a small November with holes, and a backfill of it. */
import type { Backfill, BackfillCell, BackfillView, FailureGroup } from '../../src/core/backfill/backfill.ts';
import { buildCoverage } from '../../src/core/coverage/coverage.ts';
import type { Coverage } from '../../src/core/coverage/coverage-report.ts';
import { buildWhy } from '../../src/core/coverage/why.ts';
import { daysBetween } from '../../src/core/dates.ts';
import { judge } from '../../src/core/judge/judge.ts';
import type { Judging } from '../../src/core/judge/judgement.ts';
import { reportPlan } from '../../src/core/plan/plan.ts';
import type { PlanReport, Preflight } from '../../src/core/plan/plan-report.ts';
import { prepareBackfill } from '../../src/core/plan/preflight.ts';
import type { Quality, QualityDate } from '../../src/core/quality/quality-report.ts';
import { noOptions } from '../../src/core/request/options.ts';
import { factsOf } from '../support/old-minima.ts';
import { smallCatalogue } from '../support/small-catalogue.ts';

export const catalogue = smallCatalogue;
export const now = Date.parse('2022-01-08T02:14:00Z');
const season = { from: '2021-10-19', to: '2022-01-07' };

/** Rows that a date has where nothing is wrong: seven games a day. */
const usual: Record<string, number> = { sched: 7, pgs: 147, psza: 320, pcf: 147, pdc: 140, mlfs: 147 };

/** Per table, the dates that depart from the usual: how many rows they have. */
const holes: Record<string, Record<string, number>> = {
  pgs: { '2021-11-16': 0, '2021-11-18': 0, '2021-11-21': 0 },
  pcf: { '2021-11-16': 0, '2021-11-18': 61, '2021-11-21': 0, '2021-11-28': 90 },
  pdc: { '2021-11-16': 0, '2021-11-18': 0, '2021-11-21': 0, '2021-11-24': 0 },
  mlfs: { '2021-11-16': 0, '2021-11-18': 61, '2021-11-21': 0, '2021-11-24': 0, '2021-11-27': 0, '2021-11-30': 40 },
};

function counts(): Record<string, Record<string, number>> {
  const dates = daysBetween(season.from, season.to);
  const early = (table: string, date: string) => table !== 'sched' && table !== 'pgs' && date < '2021-11-02';
  return Object.fromEntries(
    Object.entries(usual).map(([table, rows]) => [
      table,
      Object.fromEntries(dates.map((date) => [date, early(table, date) ? 0 : (holes[table]?.[date] ?? rows)])),
    ]),
  );
}

export function judging(): Judging {
  return judge(catalogue, factsOf(season.from, season.to, counts()), { now });
}

export function coverageOf(tables: readonly string[], from = '2021-11-01', to = '2021-11-30'): Coverage {
  return buildCoverage(judging(), { tables, dates: daysBetween(from, to) });
}

export const whyOf = (table: string, date: string) => buildWhy(judging(), table, date);

export const options = noOptions;

/** Four to seven minutes, as the store says after a hundred runs. */
export const estimate = { leastMs: 240_000, mostMs: 420_000, measured: 112 };

/** The pre-flight of a backfill of mlfs over November, and the plan that would mend it. */
export function preparedNovember(): { preflight: Preflight; repair: PlanReport | null } {
  const dates = daysBetween('2021-11-01', '2021-11-30');
  const prepared = prepareBackfill(judging(), {
    target: 'mlfs',
    dates,
    options,
    failedBefore: new Set(),
    held: new Map(),
  });
  return {
    preflight: prepared.preflight,
    repair: prepared.repair === null ? null : reportPlan(prepared.repair, estimate),
  };
}

export function backfill(over: Partial<Backfill> = {}): Backfill {
  return {
    id: 'k3v9x2',
    pipeline: 'small',
    target: 'mlfs',
    from: '2022-01-01',
    to: '2022-01-07',
    options: { ...options, withUpstream: true, reason: 'features for the January model' },
    state: 'running',
    result: null,
    round: 1,
    steered: null,
    requestedBy: 'mira',
    channel: 'C1',
    waitsFor: null,
    createdAt: Date.parse('2022-01-08T02:14:00Z'),
    startedAt: Date.parse('2022-01-08T02:14:05Z'),
    finishedAt: null,
    preflight: { ready: [], blocked: [], warnings: [], skipped: [] },
    quality: null,
    qualityBefore: null,
    coverageBefore: null,
    coverageAfter: null,
    unblocked: null,
    forecast: { estimate, paces: [], other: null, waits: [], lanes: [], concurrency: null },
    ...over,
  };
}

export function cell(table: string, date: string, over: Partial<BackfillCell> = {}): BackfillCell {
  return {
    table,
    date,
    state: 'waiting',
    attempts: 0,
    rowsBefore: 0,
    rowsAfter: null,
    reason: null,
    detail: null,
    errorId: null,
    status: 'missing',
    size: null,
    startedAt: null,
    finishedAt: null,
    ...over,
  };
}

const week = daysBetween('2022-01-01', '2022-01-07');
const done = (rows: number): Partial<BackfillCell> => ({ state: 'succeeded', attempts: 1, rowsAfter: rows });

/** A week in which pcf is ahead of mlfs, one date failed, and what needs it is blocked. */
export function runningCells(): BackfillCell[] {
  return [
    ...week.map((date, index) =>
      index === 3
        ? cell('pcf', date, { state: 'failed', attempts: 3, rowsAfter: 0, reason: 'empty_success', errorId: 'e7f3a1' })
        : cell('pcf', date, index < 5 ? done(140 + index) : { state: index === 5 ? 'running' : 'ready' }),
    ),
    ...week.map((date, index) =>
      index === 3
        ? cell('mlfs', date, { state: 'blocked', reason: 'upstream_missing' })
        : cell('mlfs', date, index < 2 ? done(139) : {}),
    ),
  ];
}

export function finishedCells(): BackfillCell[] {
  return runningCells().map((each) =>
    each.state === 'failed' || each.state === 'blocked' || each.state === 'succeeded'
      ? each
      : { ...each, ...done(141) },
  );
}

export function canceledCells(): BackfillCell[] {
  const open = new Set(['waiting', 'ready', 'running']);
  return runningCells().map((each) => (open.has(each.state) ? { ...each, state: 'canceled' } : each));
}

export const failures: readonly FailureGroup[] = [
  {
    key: 'pcf empty_success',
    table: 'pcf',
    state: 'failed',
    reason: 'empty_success',
    detail:
      'HTTP 200 after 41 s, status completed; 0 rows in nba_precompute.player_composite_factors afterwards; 3 attempts',
    dates: ['2022-01-04'],
    errorIds: ['e7f3a1'],
  },
  {
    key: 'mlfs upstream_missing',
    table: 'mlfs',
    state: 'blocked',
    reason: 'upstream_missing',
    detail: 'pcf failed on 2022-01-04',
    dates: ['2022-01-04'],
    errorIds: [],
  },
];

export function view(over: Partial<Backfill> = {}, cells: readonly BackfillCell[] = runningCells()): BackfillView {
  const final = cells.filter((each) => !['waiting', 'ready', 'running'].includes(each.state));
  return {
    backfill: backfill(over),
    cells,
    failures,
    progress: {
      done: final.length,
      total: cells.length,
      running: cells.filter((each) => each.state === 'running').length,
      rowsWritten: cells.reduce((sum, each) => sum + (each.state === 'succeeded' ? (each.rowsAfter ?? 0) : 0), 0),
      timeLeft: { least: 240_000, most: 420_000 },
    },
  };
}

export const finished: Partial<Backfill> = {
  state: 'done',
  result: 'succeeded_with_gaps',
  finishedAt: Date.parse('2022-01-08T02:26:00Z'),
};

export function quality(dates: readonly string[] = week): Quality {
  const perDate = dates.map(
    (date, index): QualityDate => ({
      date,
      rows: index === 4 ? 294 : 147,
      entities: 147,
      duplicates: index === 4 ? 147 : 0,
      flags: { is_production_ready: 28 + index },
      nulls: { fatigue_score: index === 2 ? 12 : 0, usage_rate: 1 },
      missing: index === 5 ? ['ATL'] : [],
    }),
  );
  const sum = (pick: (date: QualityDate) => number) => perDate.reduce((total, date) => total + pick(date), 0);
  return {
    table: 'pcf',
    dates: perDate,
    total: {
      rows: sum((date) => date.rows),
      entities: sum((date) => date.entities),
      duplicates: sum((date) => date.duplicates),
      flags: { is_production_ready: sum((date) => date.flags.is_production_ready ?? 0) },
      nulls: { fatigue_score: sum((date) => date.nulls.fatigue_score ?? 0), usage_rate: sum(() => 1) },
      missing: ['ATL'],
    },
  };
}
