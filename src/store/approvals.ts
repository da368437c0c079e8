/**
 * Asking a second person, and the answer. Only one answer counts, whoever is how fast: every change looks whether the
 * backfill still waits, and holds its row while it does.
 */
import type { Approval, Decision, Shown } from '../core/backfill/approval.ts';
import type { Backfill } from '../core/backfill/backfill.ts';
import { findSame, type Inserted, insertRow, lockBackfill, lockLaunches, type NewBackfill } from './backfills.ts';
import { toJson } from './json.ts';
import { startStored } from './queue.ts';
import type { Query } from './store.ts';

/** A plan that is shown, until when. */
export type Question = {
  readonly fingerprint: string;
  readonly shown: Shown;
  /** Epoch milliseconds. */
  readonly now: number;
  readonly expiresAt: number;
};

/** Stores a backfill in state `waiting_approval`. The same request while it waits, or runs, makes no second one (B9). */
export async function insertAsking(
  query: Query,
  created: { readonly backfill: Backfill; readonly requestKey: string; readonly asked: string },
  question: Question,
): Promise<Exclude<Inserted, { kind: 'overlap' }>> {
  const { backfill, requestKey, asked } = created;
  await lockLaunches(query, backfill.pipeline);
  const same = await findSame(query, backfill.pipeline, requestKey);
  if (same) return { kind: 'same', id: same };
  const { target, from, to } = backfill;
  await insertRow(query, backfill, requestKey, { target, from, to, cells: [], edges: [] }, asked);
  await insertQuestion(query, backfill.id, question);
  return { kind: 'created' };
}

/** Has a backfill whose turn has come wait for a second person. `gone`: it does not wait for its turn any more. */
export async function askQueued(
  query: Query,
  { id, preflight }: Pick<Backfill, 'id' | 'preflight'>,
  question: Question,
): Promise<{ readonly kind: 'created' | 'gone' }> {
  const rows = await query(
    `update backfills set state = 'waiting_approval', waits_for = null, preflight = $2::jsonb
     where id = $1 and state = 'preflight' returning id`,
    [id, toJson(preflight)],
  );
  if (rows.length === 0) return { kind: 'gone' };
  await insertQuestion(query, id, question);
  return { kind: 'created' };
}

async function insertQuestion(query: Query, id: string, { fingerprint, shown, now, expiresAt }: Question) {
  await query(
    `insert into approvals (backfill_id, fingerprint, shown, asked_at, expires_at) values ($1, $2, $3::jsonb, $4::int8, $5::int8)`,
    [id, fingerprint, toJson(shown), now, expiresAt],
  );
}

/** What a second person was asked, and said; undefined where none was asked. */
export async function findApproval(query: Query, id: string): Promise<Approval | undefined> {
  const [row] = await query<Omit<Approval, keyof Shown> & { shown: Shown }>(
    `select fingerprint, revision::int4 as revision, shown, asked_at::float8 as "askedAt", expires_at::float8 as "expiresAt",
       changes, decision from approvals where backfill_id = $1`,
    [id],
  );
  if (!row) return undefined;
  const { shown, ...rest } = row;
  return { ...shown, ...rest };
}

/** A backfill that waits for a second person, in the words in which it was asked for. */
export type Asking = Pick<Backfill, 'id' | 'pipeline' | 'requestedBy' | 'channel'> & { readonly asked: string };

/** Undefined where there is none, or it does not wait any more. */
export async function findAsking(query: Query, id: string): Promise<Asking | undefined> {
  const [row] = await query<Asking>(
    `select id, pipeline, requested_by as "requestedBy", channel, asked
     from backfills where id = $1 and state = 'waiting_approval'`,
    [id],
  );
  return row;
}

/** Those whose time to be answered is over, the earliest first. */
export async function listUnanswered(
  query: Query,
  { pipeline, now }: { readonly pipeline: string; readonly now: number },
): Promise<Asking[]> {
  return query<Asking>(
    `select b.id, b.pipeline, b.requested_by as "requestedBy", b.channel, b.asked
     from approvals a join backfills b on b.id = a.backfill_id
     where a.decision is null and a.expires_at <= $2::int8 and b.state = 'waiting_approval' and b.pipeline = $1
     order by a.expires_at, b.id`,
    [pipeline, now],
  );
}

/**
 * Shows a plan anew: another one than was approved, or the same with buttons that nobody has pressed. False where somebody
 * was faster: it does not wait any more, or another plan is shown already.
 * @param was the fingerprint of the plan that was shown
 * @param change by whom it was found that the plan had changed; null where it has not
 */
export async function showAnew(
  query: Query,
  { id, preflight }: Pick<Backfill, 'id' | 'preflight'>,
  was: string,
  question: Question,
  change: { readonly at: number; readonly by: string } | null,
): Promise<boolean> {
  await lockBackfill(query, id);
  const rows = await query(
    `update approvals a set fingerprint = $3, shown = $4::jsonb, revision = a.revision + 1, expires_at = $5::int8,
       changes = a.changes || $6::jsonb
     from backfills b where b.id = $1 and a.backfill_id = b.id and b.state = 'waiting_approval' and a.decision is null
       and a.fingerprint = $2 returning a.backfill_id`,
    [
      id,
      was,
      question.fingerprint,
      toJson(question.shown),
      question.expiresAt,
      toJson(change === null ? [] : [change]),
    ],
  );
  if (rows.length === 0) return false;
  await query(`update backfills set preflight = $2::jsonb where id = $1`, [id, toJson(preflight)]);
  return true;
}

/**
 * Starts a backfill that a second person approved, with the plan that was shown to them. `gone`: somebody was faster with
 * another answer, or it shows another plan by now.
 */
export async function startApproved(
  query: Query,
  created: NewBackfill,
  approved: { readonly fingerprint: string; readonly decision: Decision },
): Promise<Exclude<Inserted, { kind: 'same' }> | { readonly kind: 'gone' }> {
  const { id, pipeline } = created.backfill;
  await lockLaunches(query, pipeline);
  await lockBackfill(query, id);
  const asked = await findApproval(query, id);
  if (asked?.decision !== null || asked.fingerprint !== approved.fingerprint) return { kind: 'gone' };
  const started = await startStored(query, created, 'waiting_approval');
  if (started.kind === 'created') await writeDecision(query, id, approved.decision);
  return started;
}

/** Ends a backfill that nobody approved: it is denied, or nobody has answered in time. False where it waits no more. */
export async function endUnapproved(
  query: Query,
  id: string,
  decision: Decision & { readonly kind: 'denied' | 'expired' },
): Promise<boolean> {
  await lockBackfill(query, id);
  const rows = await query(
    `update backfills b set state = 'done', result = 'refused', finished_at = $2::int8
     from approvals a where b.id = $1 and a.backfill_id = b.id and b.state = 'waiting_approval' and a.decision is null
       and ($3 <> 'expired' or a.expires_at <= $2::int8) returning b.id`,
    [id, decision.at, decision.kind],
  );
  if (rows.length === 0) return false;
  await writeDecision(query, id, decision);
  return true;
}

async function writeDecision(query: Query, id: string, decision: Decision): Promise<void> {
  await query(`update approvals set decision = $2::jsonb where backfill_id = $1`, [id, toJson(decision)]);
}
