/**
 * What somebody who takes a backfill over has to know, as a value: what was asked, what ran, what is there now, and what
 * remains and why. Half of it is history and half a fresh look, so it carries the instant of that look.
 */

import type { Coverage } from '../coverage/coverage-report.ts';
import type { CalendarDate } from '../dates.ts';
import { overridesOf } from '../plan/overrides.ts';
import { groupLeft } from '../plan/plan.ts';
import type { CellGroup } from '../plan/plan-report.ts';
import { makeWhen } from '../request/when.ts';
import { writeRequest } from '../request/write-request.ts';
import type { BackfillCell, BackfillView, FailureGroup } from './backfill.ts';
import type { BackfillResult, BackfillRollUp, BackfillState, CellState } from './backfill-report.ts';
import { groupBy, groupRemains, listAccepted, type Remains, type Told } from './remains.ts';

/** One thing that was done to the backfill; `by` is `engine` where no person did it. */
export type HandoverStep = {
  /** ISO, as all instants here. */
  readonly at: string;
  readonly by: string;
  /** The name that goes with an id. */
  readonly name: string | null;
  readonly action: string;
  readonly reason: string | null;
  readonly result: string | null;
};

export type HandoverAsked = {
  readonly by: string;
  readonly name: string | null;
  readonly at: string;
  /** "slack C024BE91L"; null in what was stored before it was kept. */
  readonly from: string | null;
  readonly typed: string;
  /** Whether a button was pressed that stands for these words. */
  readonly pressed: boolean;
  readonly reason: string | null;
  readonly overrides: readonly string[];
};

/** What ran of one table. `ms`: of all its attempts together whose end was seen. */
export type HandoverRan = {
  readonly table: string;
  readonly states: readonly { readonly state: CellState; readonly dates: readonly CalendarDate[] }[];
  readonly rowsWritten: number;
  readonly attempts: number;
  readonly ms: number;
};

type Figures = { readonly complete: number; readonly expected: number };
export type HandoverCoverage = {
  readonly table: string;
  readonly before: Figures | null;
  readonly after: Figures | null;
  readonly now: Figures;
};

/** A command as it is typed in the chat, and what it is for. */
export type HandoverNext = { readonly command: string; readonly why: string };

export type Handover = {
  readonly id: string;
  readonly target: string;
  readonly from: CalendarDate;
  readonly to: CalendarDate;
  readonly asOf: string;
  readonly state: BackfillState;
  readonly result: BackfillResult | null;
  readonly round: number;
  readonly progress: { readonly done: number; readonly total: number; readonly running: number };
  /** Of the last round; null while it runs. */
  readonly tookMs: number | null;
  readonly asked: HandoverAsked;
  readonly steps: readonly HandoverStep[];
  readonly ran: readonly HandoverRan[];
  /** Asked dates that were no part of the plan: those that needed nothing, and those that were blocked. */
  readonly leftAlone: readonly CellGroup[];
  readonly failures: readonly FailureGroup[];
  readonly coverage: readonly HandoverCoverage[];
  readonly remains: readonly Remains[];
  readonly accepted: readonly { readonly table: string; readonly dates: readonly CalendarDate[] }[];
  readonly unread: readonly { readonly table: string; readonly problem: string }[];
  readonly next: readonly HandoverNext[];
};

type Entry = {
  readonly at: number;
  readonly actor: string;
  readonly action: string;
  readonly detail: Readonly<Record<string, unknown>>;
};

/** What is known of it before the next commands are. `now` and `look`: null where the target is not in the pipeline. */
export type HandoverFacts = {
  readonly view: BackfillView;
  readonly asOf: number;
  /** Oldest first. */
  readonly audit: readonly Entry[];
  readonly runs: readonly { readonly table: string; readonly attempts: number; readonly ms: number }[];
  readonly dates: readonly CalendarDate[];
  readonly now: BackfillRollUp | null;
  readonly look: Coverage | null;
};

/** Puts the note together, but for what to type next. */
export function buildHandover(facts: HandoverFacts): Handover {
  const { backfill, cells, progress, failures } = facts.view;
  const { id, target, from, to, state, result, round, preflight, startedAt, finishedAt } = backfill;
  const { done, total, running } = progress;
  const verdicts = facts.look === null ? [] : ownVerdicts(facts, facts.look);
  const blocked = preflight.blocked.map(({ date }) => ({ date, status: 'blocked' as const, reason: null }));
  return {
    ...{ id, target, from, to, state, result, round, failures },
    asOf: instant(facts.asOf),
    progress: { done, total, running },
    tookMs: finishedAt === null || startedAt === null ? null : finishedAt - startedAt,
    asked: readAsked(facts),
    // What somebody was not allowed to do was not done to it.
    steps: facts.audit.filter(({ action }) => action !== 'launch' && action !== 'forbidden').map(readStep),
    ran: groupRan(cells, facts.runs),
    leftAlone: groupLeft([...preflight.skipped, ...blocked]),
    coverage: compareCoverage(facts),
    remains: groupRemains(verdicts),
    accepted: listAccepted(verdicts),
    unread: facts.look?.unread ?? [{ table: target, problem: 'it is not in the pipeline any more' }],
    next: [],
  };
}

function instant(epochMs: number): string {
  return new Date(epochMs).toISOString();
}

function text(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}

function readAsked({ view: { backfill }, audit, dates }: HandoverFacts): HandoverAsked {
  const { target: table, options, requestedBy, createdAt } = backfill;
  const detail = audit.find(({ action }) => action === 'launch')?.detail ?? {};
  const when = makeWhen([dates[0] ?? backfill.from, ...dates.slice(1)]);
  return {
    by: requestedBy,
    name: text(detail.name),
    at: instant(createdAt),
    from: text(detail.from),
    typed: text(detail.typed) ?? writeRequest({ verb: 'launch', table, when, options }, '/backfill'),
    pressed: detail.pressed === true,
    reason: options.reason,
    overrides: overridesOf(options),
  };
}

function readStep({ at, actor, action, detail }: Entry): HandoverStep {
  const { name, reason, result } = detail;
  return { at: instant(at), by: actor, name: text(name), action, reason: text(reason), result: text(result) };
}

function groupRan(cells: readonly BackfillCell[], runs: HandoverFacts['runs']): HandoverRan[] {
  return [...groupBy(cells, ({ table }) => table)].map(([table, own]) => {
    const { attempts = 0, ms = 0 } = runs.find((run) => run.table === table) ?? {};
    const written = own.filter(({ state }) => state === 'succeeded');
    const states = [...groupBy(own, ({ state }) => state)].map(([, alike]) => {
      return { state: alike[0]?.state ?? 'waiting', dates: alike.map(({ date }) => date).sort() };
    });
    return { table, states, attempts, ms, rowsWritten: written.reduce((sum, cell) => sum + (cell.rowsAfter ?? 0), 0) };
  });
}

function compareCoverage({ view: { backfill }, now }: HandoverFacts): HandoverCoverage[] {
  const find = (rollUp: BackfillRollUp | null, name: string): Figures | null => {
    const line = rollUp?.tables.find((each) => each.name === name);
    return line === undefined ? null : { complete: line.complete, expected: line.expected };
  };
  const lines = (now?.tables ?? []).filter(({ calendar }) => calendar > 0);
  return lines.map(({ name, complete, expected }) => ({
    table: name,
    before: find(backfill.coverageBefore, name),
    after: find(backfill.coverageAfter, name),
    now: { complete, expected },
  }));
}

/** The target's on the dates that were asked, the other tables' on those that were planned. */
function ownVerdicts({ view, dates }: HandoverFacts, look: Coverage): Told[] {
  const { target } = view.backfill;
  const own = new Set(view.cells.map(({ table, date }) => `${table} ${date}`));
  for (const date of dates) own.add(`${target} ${date}`);
  return look.tables.flatMap(({ table, cells }) =>
    cells.filter(({ date }) => own.has(`${table} ${date}`)).map((cell) => ({ table, cell })),
  );
}
