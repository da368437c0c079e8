/** Who did what, when: one row per action of a person and per end of what they started. Rows are only added. */
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

/** Adds an entry, in the transaction of what it tells. */
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
    `select at::float8 as at, actor, action, subject, detail from audit where subject = $1 order by id`,
    [subject],
  );
}
