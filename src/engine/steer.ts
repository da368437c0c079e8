/**
 * Steers a backfill: pause, resume, cancel, retry. Each is decided and written in one transaction, so that of two people
 * who press at once one acts and the other learns that it is done; what is to be rung for is rung for after the commit.
 */
import type { Backfill } from '../core/backfill/backfill.ts';
import { chooseRetry, type EndedCell, type Retry, type Stay } from '../core/backfill/retry.ts';
import { moveOf, type Steered, type Steering, type SteerVerb } from '../core/backfill/steering.ts';
import type { Person } from '../core/origin.ts';
import { type BackfillOptions, noOptions } from '../core/request/options.ts';
import { makeWhen } from '../core/request/when.ts';
import { writeRequest } from '../core/request/write-request.ts';
import { Fault, isRefusal, type Refusal, refuse } from '../fault.ts';
import { sayDays } from '../messages/phrases.ts';
import type { Ports } from '../ports.ts';
import { findApproval } from '../store/approvals.ts';
import { findBackfill, findRequestKey, findSame, listOwned, lockLaunches, type OwnedCell } from '../store/backfills.ts';
import { loadCells } from '../store/cells.ts';
import {
  cancelBackfill,
  countOpen,
  holdBackfill,
  listFailedAttempts,
  pauseBackfill,
  resumeBackfill,
  retryBackfill,
} from '../store/steering.ts';
import type { Query } from '../store/store.ts';
import { taskName } from '../tasks/task-name.ts';
import { refuseRetryUnasked } from './ask-second.ts';
import { assess } from './assess.ts';
import { ringCells, ringForEnd } from './ring.ts';

export type { Steered } from '../core/backfill/steering.ts';
export type SteerRequest = { readonly verb: SteerVerb; readonly id: string; readonly reason: string | null };

/** Does what is asked, or says why it cannot be done. May be repeated: the second time changes nothing. */
export async function steerBackfill(ports: Ports, request: SteerRequest, by: Person): Promise<Steered | Refusal> {
  const found = await findBackfill(ports.store.query, request.id);
  if (found?.pipeline !== ports.catalogue.pipeline)
    return refuse(`There is no backfill ${request.id}.`, '/backfill list');
  const retry = request.verb === 'retry' ? await planRetry(ports, found) : null;
  if (isRefusal(retry)) return retry;
  const unasked =
    retry && refuseRetryUnasked(ports, found, retry.again, await findApproval(ports.store.query, found.id), by);
  if (unasked) return unasked;
  const { user, ...origin } = by;
  const steering = { verb: request.verb, by: user, reason: request.reason, at: ports.clock.now(), ...origin };
  const done = await ports.store.transaction((query) => steer(query, found, steering, retry));
  if (isRefusal(done)) return done;
  if (!done.steered.already) await ringAfter(ports, done);
  return done.steered;
}

type Done = { readonly steered: Steered; readonly finished: boolean };

async function steer(query: Query, found: Backfill, steering: Steering, retry: Retry | null): Promise<Done | Refusal> {
  if (retry) await lockLaunches(query, found.pipeline);
  const backfill = await holdBackfill(query, found.pipeline, found.id);
  if (!backfill) throw new Fault(`backfill ${found.id} is not in the store any more`, 'never');
  const move = moveOf(steering.verb, backfill);
  if (typeof move === 'object') return refuseMove(backfill.id, move.why);
  if (move === 'already')
    return { steered: await describe(query, backfill, { verb: steering.verb, already: true }), finished: false };
  // It has ended since the cells were chosen: those were others.
  if (retry && (retry.again.length === 0 || backfill.round !== found.round))
    return refuseMove(backfill.id, 'has ended in this moment; ask again');
  return change(query, backfill, steering, retry);
}

async function change(
  query: Query,
  backfill: Backfill,
  steering: Steering,
  retry: Retry | null,
): Promise<Done | Refusal> {
  const { id } = backfill;
  switch (steering.verb) {
    case 'pause':
      await pauseBackfill(query, id, steering);
      break;
    case 'resume':
      await resumeBackfill(query, id, steering);
      break;
    case 'cancel': {
      const { stopped, finished } = await cancelBackfill(query, id, steering);
      return { steered: await describe(query, await load(query, id), { stopped }), finished };
    }
    case 'retry': {
      const { again, stay } = retry ?? { again: [], stay: [] };
      const refusal = await refuseOwned(query, backfill, again);
      if (refusal) return refusal;
      await retryBackfill(query, id, steering, { again, stay: stay.length });
      return { steered: await describe(query, await load(query, id), { again, stay }), finished: false };
    }
  }
  return { steered: await describe(query, await load(query, id), {}), finished: false };
}

async function load(query: Query, id: string): Promise<Backfill> {
  const found = await findBackfill(query, id);
  if (!found) throw new Fault(`backfill ${id} is not in the store any more`, 'never');
  return found;
}

async function describe(query: Query, backfill: Backfill, figures: Partial<Steered>): Promise<Steered> {
  const { id, target, state, steered } = backfill;
  const { waiting, running } = await countOpen(query, id);
  const none = { verb: steered?.verb ?? 'resume', already: false, stopped: 0, again: [], stay: [] };
  return { ...none, id, target, state, steering: steered, waiting, running, ...figures };
}

function refuseMove(id: string, why: string): Refusal {
  return refuse(`Backfill ${id} ${why}. Nothing was changed.`, `/backfill status ${id}`);
}

/** Judges the cells that did not end well as they are now. A Refusal: none of them can be run again. */
export async function planRetry(ports: Ports, backfill: Backfill): Promise<Retry | Refusal> {
  if (moveOf('retry', backfill) !== 'move') return { again: [], stay: [] };
  const retry = await findRetry(ports, backfill);
  if (retry.again.length > 0) return retry;
  if (retry.stay.length > 0) return refuseRetry(backfill, retry.stay);
  return refuse(`Backfill ${backfill.id} has nothing to run again: no cell of it failed or was left out.`);
}

/** What a retry of a backfill without a cell under way would take; both empty where no cell ended badly. */
export async function findRetry(ports: Ports, { id, preflight }: Backfill): Promise<Retry> {
  const cells = await loadEnded(ports, id);
  const open = cells.filter(({ state }) => ['failed', 'blocked', 'canceled'].includes(state));
  if (open.length === 0) return { again: [], stay: [] };
  const tables = [...new Set(open.map(({ table }) => table))];
  const dates = [...new Set(open.map(({ date }) => date))].sort();
  const { judging } = await assess(ports, tables, dates, { names: false, inBackfill: true });
  return chooseRetry(judging, cells, preflight.overridden);
}

async function loadEnded(ports: Ports, id: string): Promise<EndedCell[]> {
  const { query } = ports.store;
  const attempts = await listFailedAttempts(query, id);
  const last = new Map(attempts.map((attempt) => [`${attempt.table} ${attempt.date}`, attempt]));
  return (await loadCells(query, id)).map((cell) => {
    const { transient = null, inputs = null } = last.get(`${cell.table} ${cell.date}`) ?? {};
    return { ...cell, transient, inputs };
  });
}

function refuseRetry(backfill: Backfill, stay: readonly Stay[]): Refusal {
  const said = stay.slice(0, 3).map(({ table, date, why }) => `${table} ${date}: ${why}`);
  const more = stay.length > said.length ? `; and ${stay.length - said.length} more` : '';
  return refuse(
    `Backfill ${backfill.id}: none of its dates would end otherwise now. ${said.join('; ')}${more}. When the cause is mended, retry again.`,
    `/backfill status ${backfill.id}`,
  );
}

/** A retry takes cells as a launch does: not those that another backfill owns, nor beside its own request. */
async function refuseOwned(
  query: Query,
  backfill: Backfill,
  again: readonly { table: string; date: string }[],
): Promise<Refusal | null> {
  const { id, pipeline } = backfill;
  const same = await findSame(query, pipeline, await findRequestKey(query, id));
  if (same !== undefined)
    return refuse(`Backfill ${id} was asked for anew and is under way as ${same}.`, `/backfill status ${same}`);
  const owned = await listOwned(query, pipeline, again);
  return owned.length === 0 ? null : refuseTaken(backfill, again, owned);
}

type Named = { readonly table: string; readonly date: string };

/** The roads that a launch has, since a retry has no options: its cells as a request of their own. */
function refuseTaken(backfill: Backfill, again: readonly Named[], owned: readonly OwnedCell[]): Refusal {
  const [first] = owned;
  if (!first) throw new Fault('nothing is taken', 'never');
  const held = owned.filter((cell) => cell.backfill === first.backfill);
  const tables = [...new Set(held.map(({ table }) => table))];
  const said = tables.map((table) => `${table} ${sayDays(held.filter((c) => c.table === table).map((c) => c.date))}`);
  const write = (changed: Partial<BackfillOptions>) => writeRetry(backfill.target, again, changed);
  const message = `Backfill ${first.backfill} is working on ${said.join(', ')}. Nothing was started.`;
  const roads = [write({ rest: true }), `/backfill follow ${first.backfill}`];
  return { ...refuse(message, write({ after: first.backfill })), roads, owner: first.requestedBy };
}

function writeRetry(target: string, again: readonly Named[], changed: Partial<BackfillOptions>): string {
  const own = again.filter((cell) => cell.table === target);
  const [date, ...dates] = (own.length > 0 ? own : again).map((cell) => cell.date);
  if (date === undefined) throw new Fault('a retry of nothing', 'never');
  const options = { ...noOptions, withUpstream: own.length < again.length, ...changed };
  return writeRequest({ verb: 'launch', table: target, when: makeWhen([date, ...dates]), options }, '/backfill');
}

/** After the commit; what is lost here the sweep makes good. */
async function ringAfter(ports: Ports, { steered, finished }: Done): Promise<void> {
  const { verb, id } = steered;
  if (verb === 'resume' || verb === 'retry') await ringCells(ports);
  if (finished) await ringForEnd(ports, id);
  const name = taskName(['steered', id, verb, ports.clock.now()]);
  await ports.tasks.enqueue([{ name, task: { v: 1, kind: 'refresh-progress', backfill: id } }]);
}
