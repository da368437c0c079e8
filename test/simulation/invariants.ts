/** B1 to B9 on what is stored: between two commits, and when all has come to rest. What they find is a line. */
import { accessTo } from '../../src/core/access/access.ts';
import type { Catalogue } from '../../src/core/catalogue/catalogue.ts';
import { findView } from '../../src/engine/view.ts';
import { progressMessage } from '../../src/messages/progress-message.ts';
import type { Store } from '../../src/store/store.ts';
import { fullRows } from '../jobs/lab-catalogue.ts';
import { type Cells, doClash } from './cells.ts';
import type { Shown } from './slack.ts';

type Backfill = {
  id: string;
  by: string;
  state: string;
  round: number;
  planned: number;
  key: string;
  started: number | null;
};
type Stored = {
  b: string;
  t: string;
  d: string;
  state: string;
  final: boolean;
  ended: number | null;
  planned: string;
  reason: string | null;
};
type Attempt = {
  id: string;
  b: string;
  t: string;
  d: string;
  live: boolean;
  number: number;
  started: number;
  state: string | null;
  reason: string | null;
  detail: string | null;
  ended: number | null;
};
/** What a second person was shown, and said. */
type Answer = {
  b: string;
  plan: { steps: { table: string; dates: string[]; overwritten: string[] }[] };
  decision: { kind: string; by: string } | null;
};
type Edge = { b: string; t: string; d: string; u: string; f: string; e: string; strict: boolean };
export type Dump = {
  readonly backfills: Backfill[];
  readonly cells: Stored[];
  readonly attempts: Attempt[];
  readonly edges: Edge[];
  readonly answers: Answer[];
};

const dumpSql = `select
  (select coalesce(jsonb_agg(jsonb_build_object('id', id, 'by', requested_by, 'state', state, 'round', round, 'planned', planned, 'key', request_key, 'started', started_at) order by id), '[]') from backfills) as backfills,
  (select coalesce(jsonb_agg(jsonb_build_object('b', backfill_id, 't', table_name, 'd', cell_date, 'state', state, 'final', finished_at is not null, 'ended', finished_at, 'planned', planned_status, 'reason', reason) order by backfill_id, table_name, cell_date), '[]') from cells) as cells,
  (select coalesce(jsonb_agg(jsonb_build_object('id', id, 'b', backfill_id, 't', table_name, 'd', cell_date, 'live', live, 'number', number, 'started', started_at, 'state', state, 'reason', reason, 'detail', detail, 'ended', ended_at) order by id), '[]') from attempts) as attempts,
  (select coalesce(jsonb_agg(jsonb_build_object('b', backfill_id, 't', table_name, 'd', cell_date, 'u', needs_table, 'f', needs_from, 'e', needs_to, 'strict', strict) order by backfill_id, table_name, cell_date, needs_table), '[]') from edges) as edges,
  (select coalesce(jsonb_agg(jsonb_build_object('b', backfill_id, 'plan', shown->'plan', 'decision', decision) order by backfill_id), '[]') from approvals) as answers`;

export const emptyDump: Dump = { backfills: [], cells: [], attempts: [], edges: [], answers: [] };

export async function dumpStore(store: Store): Promise<Dump> {
  const [dump] = await store.query<Dump>(dumpSql);
  return dump ?? emptyDump;
}

type World = { readonly catalogue: Catalogue; readonly cells: Cells };

/** What one commit did that may not be. */
export function checkCommit(was: Dump, is: Dump, world: World): string[] {
  return [
    ...checkFinals(was, is),
    ...checkEnds(is),
    ...checkLive(is, world),
    ...is.attempts.flatMap((attempt) => {
      const before = was.attempts.find(({ id }) => id === attempt.id);
      if (before && !before.live && before.ended !== attempt.ended)
        return [`B3: ${attempt.id} of ${nameOf(attempt)} ended twice`];
      if (before && before.live === attempt.live) return [];
      return attempt.live
        ? [...checkStart(is, attempt), ...checkApproved(is, attempt, world)]
        : checkOutcome(attempt, world);
    }),
  ];
}

function nameOf({ b, t, d }: { b: string; t: string; d: string }): string {
  return `${t} ${d} of ${b}`;
}

/** B1: what is final stays so within a round, and no planned cell is lost or made up. */
function checkFinals(was: Dump, is: Dump): string[] {
  const now = new Map(is.cells.map((cell) => [nameOf(cell), cell]));
  const rounds = new Map(is.backfills.map(({ id, round }) => [id, round]));
  const before = new Map(was.backfills.map(({ id, round }) => [id, round]));
  const changed = was.cells.flatMap((cell) => {
    const then = now.get(nameOf(cell));
    if (!then) return [`B1: ${nameOf(cell)} is gone`];
    const isSameRound = rounds.get(cell.b) === before.get(cell.b);
    if (!cell.final || !isSameRound || then.state === cell.state) return [];
    return [`B1: ${nameOf(cell)} was ${cell.state} and is ${then.state}`];
  });
  const counts = is.backfills.flatMap(({ id, planned, state }) => {
    const there = is.cells.filter((cell) => cell.b === id).length;
    return there === planned || state === 'preflight'
      ? []
      : [`B1: ${id} has ${there} cells, and ${planned} were planned`];
  });
  const unknown = is.cells
    .filter(({ planned }) => planned === 'unknown')
    .map((cell) => `B8: ${nameOf(cell)} was unknown`);
  return [...changed, ...counts, ...unknown];
}

/** B3 and B9. */
function checkEnds(is: Dump): string[] {
  const over = is.backfills.filter(({ state }) => ['finishing', 'done', 'canceled'].includes(state));
  const early = over.flatMap(({ id, state }) =>
    is.cells
      .filter((cell) => cell.b === id && !cell.final)
      .map((cell) => `B3: ${id} is ${state}, and ${nameOf(cell)} is ${cell.state}`),
  );
  const alive = is.backfills.filter((backfill) => !over.includes(backfill)).map(({ key }) => key);
  return new Set(alive).size === alive.length ? early : [...early, 'B9: one request is under way twice'];
}

/** B2 */
function checkLive(is: Dump, { catalogue }: World): string[] {
  const live = is.attempts.filter((attempt) => attempt.live);
  return live.flatMap((one, n) =>
    live
      .slice(n + 1)
      .filter((other) => doClash(catalogue, { table: one.t, date: one.d }, { table: other.t, date: other.d }))
      .map((other) => `B2: ${nameOf(one)} is live beside ${nameOf(other)}`),
  );
}

/** B4, B6, and three attempts at most. */
function checkStart(is: Dump, attempt: Attempt): string[] {
  const { state, started } = is.backfills.find(({ id }) => id === attempt.b) ?? {};
  // What an earlier round left is judged by a retry as it is now.
  const isOfRound = (cell: Stored) => (cell.ended ?? 0) >= (started ?? 0);
  const isBad = (cell: Stored) => isOfRound(cell) && cell.state !== 'succeeded' && cell.state !== 'skipped';
  const bad = is.edges.filter((edge) => edge.b === attempt.b && edge.t === attempt.t && edge.d === attempt.d);
  const needs = bad.flatMap((edge) =>
    is.cells
      .filter((cell) => cell.b === edge.b && cell.t === edge.u && cell.d >= edge.f && cell.d <= edge.e)
      .filter((cell) => nameOf(cell) !== nameOf(attempt))
      .filter((cell) => !cell.final || (edge.strict && isBad(cell)))
      .map((cell) => `B4: ${nameOf(attempt)} started, and ${nameOf(cell)} is ${cell.state}`),
  );
  return [
    ...needs,
    ...(state === 'running' ? [] : [`B6: ${nameOf(attempt)} started, and its backfill is ${state}`]),
    ...(attempt.number <= 3 ? [] : [`attempt ${attempt.number} of ${nameOf(attempt)}`]),
  ];
}

/** Nothing that takes a second person runs but what another person than the asker was shown and said yes to. */
function checkApproved(is: Dump, attempt: Attempt, { catalogue: { access } }: World): string[] {
  if (access === undefined) return [];
  const of = is.backfills.find(({ id }) => id === attempt.b);
  const answer = is.answers.find(({ b }) => b === attempt.b);
  const cell = is.cells.find((each) => nameOf(each) === nameOf(attempt));
  const hadRows = !['missing', 'blocked', 'not_expected'].includes(cell?.planned ?? '');
  const takes = accessTo(access, attempt.t).protected || (hadRows && access.overwritesAbove === 0);
  if (!takes) return [];
  if (answer?.decision?.kind !== 'approved') return [`approval: ${nameOf(attempt)} started, and nobody said yes`];
  if (answer.decision.by === of?.by) return [`approval: ${nameOf(attempt)} started by a yes of whoever asked`];
  const step = answer.plan.steps.find(({ table }) => table === attempt.t);
  const shown = (hadRows ? step?.overwritten : step?.dates) ?? [];
  return shown.includes(attempt.d)
    ? []
    : [`approval: ${nameOf(attempt)} started, and was not in the plan that was shown`];
}

/** B7: good is what has its rows, written since it began; and what has them is not failed. */
function checkOutcome(attempt: Attempt, { cells }: World): string[] {
  const { rows, writtenAt } = cells.find(attempt.t, attempt.d);
  const isGood = rows === fullRows && writtenAt >= attempt.started;
  if (attempt.state === 'succeeded' && attempt.reason !== 'unverified' && !isGood)
    return [`B7: ${nameOf(attempt)} succeeded with ${rows} rows (${attempt.reason})`];
  if (attempt.state === 'failed' && isGood)
    return [`B7: ${nameOf(attempt)} failed (${attempt.detail}), and its rows are there`];
  return [];
}

/** What is not as it should be when nothing is left to do. */
export async function checkRest(store: Store, shown: readonly Shown[]): Promise<string[]> {
  const dump = await dumpStore(store);
  const ends = await store.query<{ subject: string; n: number }>(
    `select subject, count(*)::int4 as n from audit where action = 'finish' group by subject order by subject`,
  );
  const finishes = new Map(ends.map(({ subject, n }) => [subject, n]));
  const wrong = dump.backfills.flatMap(({ id, state, round, planned }) => [
    ...(state === 'done' || state === 'canceled' ? [] : [`it never ends: ${id} is ${state}`]),
    // One that waited for another, and then had nothing to run, has no end of its own.
    ...(finishes.get(id) === round || (planned === 0 && !finishes.has(id))
      ? []
      : [`B3: ${id} ended ${finishes.get(id) ?? 0} times in ${round} rounds`]),
  ]);
  const open = dump.attempts.filter(({ live }) => live).map((attempt) => `it never ends: ${nameOf(attempt)} is live`);
  const roots = await Promise.all(dump.backfills.map(({ id }) => checkRoot(store, id)));
  return [...wrong, ...open, ...roots.flat(), ...(await checkShown(store, shown))];
}

/** B5: the root message says how it ended. */
async function checkRoot(store: Store, id: string): Promise<string[]> {
  const view = await findView(store.query, id);
  const [row] = await store.query<{ text: string }>(
    `select content->>'text' as text from messages where key = 'backfill:' || $1::text || ':root'`,
    [id],
  );
  if (!view || !row || row.text === progressMessage(view).text) return [];
  return [`B5: ${id} shows "${row.text}"`];
}

/** B5: each message is there once and says what is stored. */
async function checkShown(store: Store, shown: readonly Shown[]): Promise<string[]> {
  const rows = await store.query<{ key: string; content: unknown; ts: string | null; state: string }>(
    `select key, content, ts, state from messages order by key`,
  );
  return rows.flatMap(({ key, content, ts, state }) => {
    const there = shown.filter((each) => each.key === key && !each.isGone);
    if (there.length > 1) return [`B5: ${key} is shown ${there.length} times`];
    if (state !== 'sent' || ts === null) return [`B5: ${key} is ${state}`];
    const message = shown[Number(ts) - 1]?.message;
    return sameJson(message, content) ? [] : [`B5: ${key} shows something old`];
  });
}

function sameJson(one: unknown, other: unknown): boolean {
  return JSON.stringify(sortKeys(one)) === JSON.stringify(sortKeys(other));
}

function sortKeys(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sortKeys);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([key, inner]) => [key, sortKeys(inner)]));
}
