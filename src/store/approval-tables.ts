/**
 * Backfills that wait for a second person. As those that wait for another backfill they own no cell and keep their words:
 * an answer may take a day, and what nobody has approved yet must not hold up what needs no approval.
 */
export const approvalTables = {
  number: 12,
  name: 'approvals',
  sql: `
create table approvals (
  backfill_id text primary key references backfills (id),
  fingerprint text not null,
  revision int4 not null default 1,
  shown jsonb not null,
  asked_at int8 not null,
  expires_at int8 not null,
  changes jsonb not null default '[]',
  decision jsonb
);
create index approvals_open on approvals (expires_at) where decision is null;
`,
} as const;
