/** Writes the end of an attempt down, and rings for what may start now. Shared by the two jobs that end attempts. */
import type { Snapshot } from '../src/core/backfill/backfill.ts';
import type { Outcome, Said } from '../src/core/backfill/outcome.ts';
import { longestWait, waitToRetry } from '../src/core/backfill/retry-wait.ts';
import type { Service } from '../src/core/catalogue/catalogue.ts';
import type { Status } from '../src/core/verdict.ts';
import { ringForEnd } from '../src/engine/ring.ts';
import { Fault } from '../src/fault.ts';
import type { Ports } from '../src/ports.ts';
import type { LiveAttempt } from '../src/store/attempts.ts';
import type { ServiceName } from '../src/store/outages.ts';
import type { Recorded, Shown } from '../src/store/outcomes.ts';
import { taskName } from '../src/tasks/task-name.ts';
import type { CellWork } from './cell-work.ts';
import { showOutage } from './show-outage.ts';
import { showProgress } from './show-progress.ts';

/** R13: a cell is tried three times at most. */
export const mostAttempts = 3;

export type Attempt = {
  readonly id: string;
  readonly token: string;
  readonly backfill: string;
  readonly table: string;
  readonly date: string;
  readonly number: number;
  /** The status for which the cell was planned. */
  readonly planned: Status;
  /** Epoch milliseconds, as is `goneAt`: when the service has surely ended the call. */
  readonly startedAt: number;
  readonly goneAt: number;
};

/** What the store holds of a live attempt, as an attempt. */
export function attemptOf(live: LiveAttempt): Attempt {
  const { id, token, backfill, table, date, number, planned, startedAt, holdUntil } = live;
  return { id, token, backfill, table, date, number, planned, startedAt, goneAt: holdUntil };
}

type Left = {
  readonly state: 'skipped' | 'blocked';
  readonly reason: 'upstream_missing' | null;
  readonly detail: string;
};

/** Records the outcome (a retry where it can help), then rings for cells, and for the end if this was the last one. */
export async function settleAttempt(
  ports: Ports,
  work: CellWork,
  attempt: Attempt,
  before: Snapshot,
  after: Snapshot,
  outcome: Outcome | Left,
  said?: Said,
): Promise<void> {
  const now = ports.clock.now();
  const errorId = outcome.state === 'failed' ? ports.ids.next() : null;
  const retryAt = retryTime(ports, attempt, outcome, now, said);
  const shown = showService(ports, attempt, outcome, now, said);
  const { backfill, table, date } = attempt;
  const recorded = await work.record({
    attempt: attempt.id,
    token: attempt.token,
    now,
    outcome: {
      state: outcome.state,
      reason: outcome.reason,
      detail: outcome.detail,
      errorId,
      rowsBefore: before.rows,
      rowsAfter: after.rows,
      retryAt,
      transient: outcome.state === 'failed' && outcome.retry,
      ...(outcome.state === 'failed' && isSetup(said) ? { pause: said.detail } : {}),
    },
    ...(shown ? { shown } : {}),
  });
  const facts = {
    backfill,
    table,
    date,
    attempt: attempt.id,
    number: attempt.number,
    state: outcome.state,
    reason: outcome.reason,
    errorId,
    retryAt,
  };
  if (outcome.state === 'failed') ports.log.warn({ ...facts, detail: outcome.detail }, 'attempt failed');
  else ports.log.info({ ...facts, rows: after.rows }, 'attempt ended');
  if (recorded.kind === 'fenced') {
    ports.count?.('lease lost');
    ports.log.warn(facts, 'attempt had been taken over; its outcome was dropped');
    return;
  }
  await ringOn(ports, work, backfill, recorded);
  if (recorded.outage) await showOutage(ports, serviceName(ports, table), recorded.outage);
}

type Failed = Extract<Said, { kind: 'failed' }>;

function isSetup(said: Said | undefined): said is Failed {
  return said?.kind === 'failed' && said.about === 'setup';
}

/** Rings for what may start after a recording, and for the end if this was the last cell. */
export async function ringOn(ports: Ports, work: CellWork, backfill: string, recorded: Recorded): Promise<void> {
  await work.ring();
  if (recorded.kind === 'recorded' && recorded.finished) await ringForEnd(ports, backfill);
  else await showProgress(ports, backfill);
}

function retryTime(
  ports: Ports,
  { id, table, number }: Attempt,
  outcome: Outcome | Left,
  now: number,
  said: Said | undefined,
): number | null {
  if (outcome.state !== 'failed' || !outcome.retry || number >= mostAttempts) return null;
  const asked = said?.kind === 'failed' ? said.retryAfter : undefined;
  return now + waitToRetry({ first: serviceOf(ports, table).retryWait, number, attempt: id, asked });
}

/** What the attempt showed of its service; nothing where it was not called, or nobody knows what it did. */
function showService(
  ports: Ports,
  { table, startedAt }: Attempt,
  outcome: Outcome | Left,
  now: number,
  said: Said | undefined,
): Shown | undefined {
  if (said === undefined || (said.kind === 'ambiguous' && outcome.state !== 'succeeded')) return undefined;
  // Rows that it wrote count for more than what it said, here too.
  const failed = outcome.state === 'failed' && outcome.retry && said.kind === 'failed' ? said : undefined;
  const state = failed?.about === 'service' ? 'down' : failed?.about === 'busy' ? 'busy' : 'up';
  const { retryAfter } = failed ?? {};
  const waitUntil = retryAfter === undefined ? null : now + Math.min(retryAfter, longestWait);
  return { name: serviceName(ports, table), state, startedAt, waitUntil };
}

/** Looks again after a short while, more seldom the longer it takes; at the latest when the call is surely over. */
export async function verifySoon(ports: Ports, attempt: Attempt): Promise<void> {
  const now = ports.clock.now();
  const wait = Math.min(30_000, Math.max(250, (now - attempt.startedAt) / 4));
  const notBefore = now < attempt.goneAt ? Math.min(now + wait, attempt.goneAt) : now + wait;
  const { backfill, table, date } = attempt;
  await ports.tasks.enqueue([
    {
      name: taskName(['verify', attempt.id, Math.round(notBefore)]),
      task: { v: 1, kind: 'verify-cell', backfill, table, date },
      notBefore,
    },
  ]);
}

function serviceName(ports: Ports, table: string): ServiceName {
  const { name, maxConcurrent: max } = serviceOf(ports, table);
  const tables = [...ports.catalogue.tables.values()].filter(({ processor }) => processor?.service === name);
  return { pipeline: ports.catalogue.pipeline, service: name, tables: tables.map(({ alias }) => alias), max };
}

/** The service that fills a table. Throws a Fault where there is none: such a cell is never planned. */
export function serviceOf(ports: Ports, table: string): Service {
  const name = ports.catalogue.tables.get(table)?.processor?.service;
  const service = name === undefined ? undefined : ports.catalogue.services.get(name);
  if (!service)
    throw new Fault(`no service fills ${table}`, 'never', {
      remedy: 'give the table a processor in the pipeline file',
    });
  return service;
}
