/**
 * The tables, as numbered steps that run once each. Instants are epoch milliseconds (one clock, the caller's); calendar
 * dates are `date`. Constraints make the bad states impossible: one owner and one live attempt per cell.
 */

import { approvalTables } from './approval-tables.ts';
import { auditChain } from './audit-chain.ts';
import { failureDates } from './failure-dates.ts';
import { messageSenders } from './message-senders.ts';
import { outageTables } from './outage-tables.ts';
import { queueing } from './queueing.ts';

export type Migration = {
  readonly number: number;
  readonly name: string;
  readonly sql: string;
  /** What the version before relies on is changed or taken away; absent: the step only adds. */
  readonly breaking?: true;
};

export const migrations: readonly Migration[] = [
  {
    number: 1,
    name: 'start',
    sql: `
create table backfills (
  id text primary key,
  pipeline text not null,
  target text not null,
  date_from date not null,
  date_to date not null,
  options jsonb not null,
  concurrency int4,
  state text not null,
  result text,
  requested_by text not null,
  channel text,
  request_key text not null,
  planned int4 not null,
  tables jsonb not null,
  created_at int8 not null,
  started_at int8,
  finished_at int8,
  preflight jsonb not null,
  quality jsonb,
  quality_before jsonb,
  check (state in ('preflight','waiting_approval','running','paused','finishing','canceling','canceled','done'))
);
create unique index backfills_once on backfills (pipeline, request_key) where state not in ('done','canceled');
create index backfills_by_time on backfills (pipeline, created_at desc);

create table cells (
  backfill_id text not null references backfills (id),
  pipeline text not null,
  table_name text not null,
  cell_date date not null,
  ordinal int4 not null,
  planned_status text not null,
  reads jsonb not null,
  state text not null,
  reason text,
  detail text,
  error_id text,
  attempts int4 not null default 0,
  rows_before int8,
  rows_after int8,
  started_at int8,
  finished_at int8,
  bell int4 not null default 0,
  rung boolean not null default false,
  not_before int8,
  primary key (backfill_id, table_name, cell_date),
  check (state in ('waiting','ready','running','succeeded','failed','blocked','skipped','canceled')),
  check ((finished_at is not null) = (state in ('succeeded','failed','blocked','skipped','canceled')))
);
-- One owner per cell: two backfills cannot both hold it, however they race.
create unique index cells_owner on cells (pipeline, table_name, cell_date) where state in ('waiting','ready','running');
create index cells_under_way on cells (pipeline) where state = 'running' or rung;
create index cells_ready on cells (backfill_id, table_name, ordinal) where state = 'ready' and not rung;
create index cells_later on cells (pipeline, not_before) where state = 'ready' and not_before is not null;
create index cells_unfinished on cells (backfill_id, table_name, cell_date) where finished_at is null;

create table edges (
  backfill_id text not null references backfills (id),
  table_name text not null,
  cell_date date not null,
  needs_table text not null,
  needs_from date not null,
  needs_to date not null,
  strict boolean not null
);
create index edges_of_cell on edges (backfill_id, table_name, cell_date);
create index edges_up on edges (backfill_id, needs_table, needs_from, needs_to);

create table attempts (
  id text primary key,
  backfill_id text not null references backfills (id),
  pipeline text not null,
  table_name text not null,
  cell_date date not null,
  number int4 not null,
  token text not null,
  instance text not null,
  live boolean not null,
  ambiguous boolean not null default false,
  snapshot jsonb,
  started_at int8 not null,
  lease_until int8 not null,
  hold_until int8 not null,
  ended_at int8,
  state text,
  reason text,
  detail text,
  check (live = (ended_at is null))
);
create unique index attempts_live on attempts (pipeline, table_name, cell_date) where live;
create index attempts_of_cell on attempts (backfill_id, table_name, cell_date);

create table messages (
  key text primary key,
  channel text not null,
  thread_of text,
  thread_ts text,
  content jsonb not null,
  revision int4 not null,
  sent_revision int4 not null default 0,
  posted_channel text,
  ts text,
  state text not null default 'pending',
  ambiguous boolean not null default false,
  attempts int4 not null default 0,
  not_before int8,
  detail text,
  changed_at int8 not null
);
create index messages_unsent on messages (changed_at) where sent_revision < revision and state <> 'failed';

create table requests (
  id text primary key,
  key text not null unique,
  kind text not null,
  payload jsonb not null,
  received_at int8 not null,
  done_at int8
);
create index requests_open on requests (received_at) where done_at is null;

create table audit (
  id int8 generated always as identity primary key,
  at int8 not null,
  actor text not null,
  action text not null,
  subject text not null,
  detail jsonb not null
);
`,
  },
  {
    number: 2,
    name: 'accepted gaps',
    sql: `
create table accepted_gaps (
  id text primary key,
  pipeline text not null,
  table_name text not null,
  dates jsonb not null,
  reason text not null,
  accepted_by text not null,
  accepted_at int8 not null,
  revoked_by text,
  revoked_at int8,
  check ((revoked_at is null) = (revoked_by is null))
);
create index accepted_gaps_live on accepted_gaps (pipeline) where revoked_at is null;
`,
  },
  {
    number: 3,
    name: 'steering',
    sql: `
-- A retry is a new round of the same backfill. 'steered' is who paused, resumed, canceled or retried it last.
alter table backfills add column round int4 not null default 1;
alter table backfills add column steered jsonb;
-- 'uncounted': attempts that do not count against the most of this round. 'held': waits for the sample to verify.
alter table cells add column uncounted int4 not null default 0;
alter table cells add column held boolean not null default false;
alter table cells add column rung_at int8;
update cells set rung_at = 0 where rung;
create index cells_held on cells (backfill_id) where held;
-- What a retry has to know of a failure: whether it may pass by itself, and what there was to read.
alter table attempts add column transient boolean;
alter table attempts add column inputs text;
-- When each service was called last, for those that want time between two calls.
create table service_starts (
  pipeline text not null,
  service text not null,
  started_at int8 not null,
  primary key (pipeline, service)
);
create index audit_of_subject on audit (subject, id);
`,
  },
  {
    number: 4,
    name: 'coverage before',
    sql: `
alter table backfills add column coverage_before jsonb;
alter table backfills add column coverage_after jsonb;
`,
  },
  {
    number: 5,
    name: 'durations',
    sql: `
alter table backfills add column estimate jsonb;
alter table cells add column size int4;
create index attempts_measured on attempts (pipeline, table_name, ended_at) where state = 'succeeded' and not ambiguous;
`,
  },
  {
    number: 6,
    name: 'watches',
    sql: `
create table watches (
  pipeline text not null,
  channel text not null,
  table_name text not null,
  watched_by text not null,
  watched_at int8 not null,
  kept text,
  primary key (pipeline, channel, table_name)
);
-- One digest per channel and day; 'digest' is null where there was nothing to say.
create table digests (
  pipeline text not null,
  channel text not null,
  day date not null,
  made_at int8 not null,
  digest jsonb,
  primary key (pipeline, channel, day)
);
-- A message that changes all the time is never old; since when it could not be sent is.
alter table messages add column unsent_since int8;
create index messages_failed on messages (changed_at) where state = 'failed';
`,
  },
  auditChain,
  failureDates,
  outageTables,
  queueing,
  messageSenders,
  approvalTables,
];
