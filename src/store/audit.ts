/** Who did what, when: one row per action of a person and per decision of the engine. Rows are only added. */
import { createHash } from 'node:crypto';
import { toJson } from './json.ts';
import type { Query } from './store.ts';

export type AuditEntry = {
  /** Epoch milliseconds. */
  readonly at: number;
  readonly actor: string;
  readonly action: string;
  readonly subject: string;
  readonly detail: Readonly<Record<string, unknown>>;
};

/** An entry as it stands in the log: `number` counts from 1 without a gap, `hash` chains it to the one before. */
export type ChainedEntry = AuditEntry & { readonly number: number; readonly hash: string };

/** Adds an entry, in the transaction of what it tells. Others that add one wait until that has ended. */
export async function recordAudit(query: Query, entry: AuditEntry): Promise<void> {
  await query(`insert into audit (at, actor, action, subject, detail) values ($1::int8, $2, $3, $4, $5::jsonb)`, [
    entry.at,
    entry.actor,
    entry.action,
    entry.subject,
    toJson(entry.detail),
  ]);
}

/** Entries about a subject, oldest first. */
export async function listAudit(query: Query, subject: string): Promise<AuditEntry[]> {
  return query<AuditEntry>(
    `select at::float8 as at, actor, action, subject, detail from audit where subject = $1 order by number`,
    [subject],
  );
}

/** All entries from an instant on (epoch milliseconds), oldest first. */
export async function listAuditSince(query: Query, since: number): Promise<ChainedEntry[]> {
  return query<ChainedEntry>(
    `select at::float8 as at, actor, action, subject, detail, number::float8 as number, hash from audit
     where at >= $1::int8 order by number`,
    [since],
  );
}

/** Whether the log is as it was written. `head`: the last hash, which tells of all that are before it. */
export type Verified = {
  readonly ok: boolean;
  readonly entries: number;
  readonly head: string;
  readonly problems: readonly { readonly number: number; readonly problem: string }[];
};

/** An entry as it is checked: `content` is all of it but the hash. */
export type Link = { readonly number: number; readonly content: string; readonly hash: string };
export type Head = { readonly number: number; readonly hash: string };
type Problems = Verified['problems'];

/** What comes before the first entry. */
export const chainStart: Head = { number: 0, hash: '0'.repeat(64) };
/** Rows read at a time: the log grows for years. */
const page = 5000;

/** Walks the whole chain. In a transaction, or entries that are added meanwhile look like a wrong end. */
export async function verifyAudit(query: Query): Promise<Verified> {
  // Whoever adds an entry holds this row until the entry is there.
  const [head] = await query<Head>(`select number::float8 as number, hash from audit_head for update`);
  const problems: Problems[number][] = [];
  let last = chainStart;
  let entries = 0;
  for (;;) {
    const links = await readLinks(query, last.number);
    problems.push(...checkLinks(last, links));
    last = links.at(-1) ?? last;
    entries += links.length;
    if (links.length < page) break;
  }
  problems.push(...checkEnd(last, head));
  return { ok: problems.length === 0, entries, head: last.hash, problems };
}

async function readLinks(query: Query, after: number): Promise<Link[]> {
  return query<Link>(
    `select number::float8 as number, jsonb_build_array(number, id, at, actor, action, subject, detail)::text as content, hash
     from audit where number > $1::int8 order by number limit ${page}`,
    [after],
  );
}

/** What is wrong with entries that come after `before`, in the order of their numbers. */
export function checkLinks(before: Head, links: readonly Link[]): Problems {
  return links.flatMap((link, n) => {
    const problem = findFault(links[n - 1] ?? before, link);
    return problem === null ? [] : [{ number: link.number, problem }];
  });
}

/** What is wrong with the last entry, against the record of which one that is. */
export function checkEnd({ number, hash }: Head, head: Head | undefined): Problems {
  const say = (problem: string) => [{ number, problem }];
  if (head === undefined) return say('the record of the last entry is missing');
  if (head.number > number) return say(`${count(head.number - number)} written after it, missing`);
  return head.number === number && head.hash === hash ? [] : say('it is not the entry that was written last');
}

function findFault(before: Head, { number, content, hash }: Link): string | null {
  const missing = number - before.number - 1;
  if (missing > 0) return `${count(missing)} before it, missing`;
  return hashOf(before, content) === hash ? null : 'it is not what was written, or does not follow the entry before it';
}

/** The hash that an entry with this content has after another one. */
export function hashOf(before: Head, content: string): string {
  return createHash('sha256').update(before.hash).update(content).digest('hex');
}

function count(entries: number): string {
  return entries === 1 ? '1 entry' : `${entries} entries`;
}
