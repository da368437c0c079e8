/** What to type next about a backfill, as it stands: every command is one that is read and does something now. */

import type { Handover, HandoverNext } from '../core/backfill/handover.ts';
import type { Retry } from '../core/backfill/retry.ts';
import type { CalendarDate } from '../core/dates.ts';
import type { PlanBlocked, PlanReport } from '../core/plan/plan-report.ts';
import { makeWhen } from '../core/request/when.ts';
import { writeRequest } from '../core/request/write-request.ts';
import type { Reason } from '../core/verdict.ts';
import { count, sayCauseOf, sayDays, typeDates } from './phrases.ts';

export type Ways = {
  /** What a retry would take. */
  readonly retry: Retry;
  /** What would mend the target's dates that are not right; null where all are. */
  readonly plan: PlanReport | null;
};

/** The commands in the order in which they are to be considered. */
export function listNext(handover: Handover, { retry, plan }: Ways): HandoverNext[] {
  const { id, target, state, remains } = handover;
  if (state === 'paused')
    return [
      { command: `/backfill resume ${id}`, why: 'goes on with it' },
      { command: `/backfill cancel ${id}`, why: 'ends it; rows that were written stay' },
    ];
  if (state === 'preflight' || state === 'waiting_approval')
    return [
      ...(state === 'waiting_approval'
        ? [{ command: `/backfill approve ${id}`, why: 'the yes of a second person, who did not ask for it' }]
        : []),
      { command: `/backfill status ${id}`, why: 'what it waits for' },
      { command: `/backfill cancel ${id}`, why: 'ends it before anything of it runs' },
    ];
  if (state !== 'done' && state !== 'canceled')
    return [{ command: `/backfill status ${id}`, why: 'how far it is; ask for this note again when it is over' }];
  const all = remains.filter(({ table }) => table === target).flatMap(({ dates }) => dates);
  return [
    ...nextRetry(id, retry),
    ...nextFill(target, retry, plan),
    ...nextOthers(handover, retry, plan),
    ...nextBlocked(target, plan?.blocked ?? []),
    ...nextGaps(handover, retry),
    ...(all.length === 0
      ? []
      : [{ command: `/coverage ${target} ${typeDates(all.sort())}`, why: 'how these dates stand' }]),
  ];
}

function nextRetry(id: string, { again }: Retry): HandoverNext[] {
  if (again.length === 0) return [];
  const tables = [...new Set(again.map(({ table }) => table))];
  const said = tables.map((table) => `${table} ${sayDays(datesOf(again, table))}`).join('; ');
  return [{ command: `/backfill retry ${id}`, why: `runs ${count(again.length, 'cell')} again: ${said}` }];
}

function datesOf(cells: readonly { readonly table: string; readonly date: CalendarDate }[], table: string) {
  return cells.filter((cell) => cell.table === table).map(({ date }) => date);
}

/** What a retry leaves, but for dates that need upstream cells which the retry takes. */
function nextFill(target: string, retry: Retry, plan: PlanReport | null): HandoverNext[] {
  const taken = new Set(datesOf(retry.again, target));
  const dates = (plan?.steps.find(({ table }) => table === target)?.dates ?? []).filter((date) => !taken.has(date));
  if (dates.length === 0) return [];
  const others = (plan?.steps ?? []).filter(({ table }) => table !== target).map(({ table }) => table);
  const upstream = others.length > 0;
  const why = `fills ${count(dates.length, 'date')}${upstream ? `, and before that what they need of ${others.join(', ')}` : ''}`;
  return [{ command: `/backfill ${target} ${typeDates([...dates].sort())}${upstream ? ' --with-upstream' : ''}`, why }];
}

/** Cells of other tables that this backfill was to fill, and that nothing above takes up. */
function nextOthers({ target, remains }: Handover, retry: Retry, plan: PlanReport | null): HandoverNext[] {
  const planned = (plan?.steps ?? []).flatMap(({ table, dates }) => dates.map((date) => `${table} ${date}`));
  const taken = new Set([...planned, ...retry.again.map(({ table, date }) => `${table} ${date}`)]);
  const tables = [...new Set(remains.map(({ table }) => table))].filter((table) => table !== target);
  return tables.flatMap((table) => {
    const own = remains.filter((each) => each.table === table && each.heldBy === null).flatMap(({ dates }) => dates);
    const left = own.filter((date) => !taken.has(`${table} ${date}`)).sort();
    if (left.length === 0) return [];
    return [{ command: `/coverage plan ${table} ${typeDates(left)}`, why: `what would mend ${table}` }];
  });
}

/** Time or a rule mends these, and nobody should declare them a gap for it. */
const notToAccept: ReadonlySet<Reason> = new Set<Reason>([
  'unreadable',
  'upstream_unknown',
  'not_due',
  'threshold_unreachable',
]);

function nextBlocked(target: string, blocked: readonly PlanBlocked[]): HandoverNext[] {
  const kinds = new Set(blocked.map(({ cause }) => `${cause.table} ${cause.reason}`));
  return [...kinds].flatMap((kind) => {
    const alike = blocked.filter(({ cause }) => `${cause.table} ${cause.reason}` === kind);
    const [first] = alike;
    if (first === undefined) return [];
    const { table, reason } = first.cause;
    const cause = sayCauseOf(
      table,
      reason,
      alike.map((each) => each.cause.date),
    );
    if (notToAccept.has(reason))
      return [{ command: `/coverage why ${target} ${first.date}`, why: `nothing can be filled while ${cause}` }];
    return [
      accept(
        target,
        alike.map(({ date }) => date),
        cause,
      ),
    ];
  });
}

/** What a processor said it did, and did not: perhaps there is nothing to write. */
function nextGaps({ target, failures, remains }: Handover, { again }: Retry): HandoverNext[] {
  const taken = new Set(datesOf(again, target));
  const empty = remains
    .filter(({ table, status }) => table === target && status === 'missing')
    .flatMap(({ dates }) => dates);
  const said = failures.find(({ table, reason }) => table === target && reason === 'empty_success')?.dates ?? [];
  const dates = said.filter((date) => empty.includes(date) && !taken.has(date));
  return dates.length === 0 ? [] : [accept(target, dates, sayCauseOf(target, 'empty_success', dates))];
}

function accept(table: string, dates: readonly CalendarDate[], reason: string): HandoverNext {
  const when = makeWhen([dates[0] ?? '', ...dates.slice(1)]);
  const command = writeRequest({ verb: 'accept', table, when, reason }, '/coverage');
  return { command, why: 'only if these dates will never be filled' };
}
