accepted_gaps  id text not null
accepted_gaps  pipeline text not null
accepted_gaps  table_name text not null
accepted_gaps  dates jsonb not null
accepted_gaps  reason text not null
accepted_gaps  accepted_by text not null
accepted_gaps  accepted_at bigint not null
accepted_gaps  revoked_by text
accepted_gaps  revoked_at bigint
approvals  backfill_id text not null
approvals  fingerprint text not null
approvals  revision integer not null default 1
approvals  shown jsonb not null
approvals  asked_at bigint not null
approvals  expires_at bigint not null
approvals  changes jsonb not null default '[]'::jsonb
approvals  decision jsonb
attempts  id text not null
attempts  backfill_id text not null
attempts  pipeline text not null
attempts  table_name text not null
attempts  cell_date date not null
attempts  number integer not null
attempts  token text not null
attempts  instance text not null
attempts  live boolean not null
attempts  ambiguous boolean not null default false
attempts  snapshot jsonb
attempts  started_at bigint not null
attempts  lease_until bigint not null
attempts  hold_until bigint not null
attempts  ended_at bigint
attempts  state text
attempts  reason text
attempts  detail text
attempts  transient boolean
attempts  inputs text
attempts  slow boolean not null default false
audit  id bigint not null identity
audit  at bigint not null
audit  actor text not null
audit  action text not null
audit  subject text not null
audit  detail jsonb not null
audit  number bigint not null
audit  hash text not null
audit_head  one boolean not null default true
audit_head  number bigint not null
audit_head  hash text not null
backfills  id text not null
backfills  pipeline text not null
backfills  target text not null
backfills  date_from date not null
backfills  date_to date not null
backfills  options jsonb not null
backfills  concurrency integer
backfills  state text not null
backfills  result text
backfills  requested_by text not null
backfills  channel text
backfills  request_key text not null
backfills  planned integer not null
backfills  tables jsonb not null
backfills  created_at bigint not null
backfills  started_at bigint
backfills  finished_at bigint
backfills  preflight jsonb not null
backfills  quality jsonb
backfills  quality_before jsonb
backfills  round integer not null default 1
backfills  steered jsonb
backfills  coverage_before jsonb
backfills  coverage_after jsonb
backfills  estimate jsonb
backfills  unblocked jsonb
backfills  waits_for text
backfills  asked text
cells  backfill_id text not null
cells  pipeline text not null
cells  table_name text not null
cells  cell_date date not null
cells  ordinal integer not null
cells  planned_status text not null
cells  reads jsonb not null
cells  state text not null
cells  reason text
cells  detail text
cells  error_id text
cells  attempts integer not null default 0
cells  rows_before bigint
cells  rows_after bigint
cells  started_at bigint
cells  finished_at bigint
cells  bell integer not null default 0
cells  rung boolean not null default false
cells  not_before bigint
cells  uncounted integer not null default 0
cells  held boolean not null default false
cells  rung_at bigint
cells  size integer
digests  pipeline text not null
digests  channel text not null
digests  day date not null
digests  made_at bigint not null
digests  digest jsonb
edges  backfill_id text not null
edges  table_name text not null
edges  cell_date date not null
edges  needs_table text not null
edges  needs_from date not null
edges  needs_to date not null
edges  strict boolean not null
failure_dates  backfill_id text not null
failure_dates  key text not null
failure_dates  cell_date date not null
failure_dates  pipeline text not null
failure_dates  table_name text not null
failure_dates  state text not null
failure_dates  reason text not null
failure_dates  detail text not null
failure_dates  error_id text
failure_dates  failed_at bigint not null
failure_dates  first_at bigint not null
failure_dates  ended_at bigint
failure_dates  mended_by text
followers  backfill_id text not null
followers  person text not null
followers  channel text not null
followers  followed_at bigint not null
messages  key text not null
messages  channel text not null
messages  thread_of text
messages  thread_ts text
messages  content jsonb not null
messages  revision integer not null
messages  sent_revision integer not null default 0
messages  posted_channel text
messages  ts text
messages  state text not null default 'pending'::text
messages  ambiguous boolean not null default false
messages  attempts integer not null default 0
messages  not_before bigint
messages  detail text
messages  changed_at bigint not null
messages  unsent_since bigint
messages  sender text
messages  sender_until bigint
migrations  number integer not null
migrations  name text not null
migrations  breaking boolean not null default false
outages  id bigint not null identity
outages  pipeline text not null
outages  service text not null
outages  tables jsonb not null
outages  failures integer not null
outages  detail text not null
outages  opened_at bigint not null
outages  held_until bigint not null
outages  trials integer not null default 0
outages  closed_at bigint
requests  id text not null
requests  key text not null
requests  kind text not null
requests  payload jsonb not null
requests  received_at bigint not null
requests  done_at bigint
service_starts  pipeline text not null
service_starts  service text not null
service_starts  started_at bigint not null
service_states  pipeline text not null
service_states  service text not null
service_states  streak jsonb not null default '[]'::jsonb
service_states  failures integer not null default 0
service_states  wait_until bigint
service_states  slots integer
watches  pipeline text not null
watches  channel text not null
watches  table_name text not null
watches  watched_by text not null
watches  watched_at bigint not null
watches  kept text

accepted_gaps  accepted_gaps_check CHECK (((revoked_at IS NULL) = (revoked_by IS NULL)))
accepted_gaps  accepted_gaps_pkey PRIMARY KEY (id)
approvals  approvals_backfill_id_fkey FOREIGN KEY (backfill_id) REFERENCES backfills(id)
approvals  approvals_pkey PRIMARY KEY (backfill_id)
attempts  attempts_backfill_id_fkey FOREIGN KEY (backfill_id) REFERENCES backfills(id)
attempts  attempts_check CHECK ((live = (ended_at IS NULL)))
attempts  attempts_pkey PRIMARY KEY (id)
audit  audit_pkey PRIMARY KEY (id)
audit_head  audit_head_one_check CHECK (one)
audit_head  audit_head_pkey PRIMARY KEY (one)
backfills  backfills_check CHECK (((state <> 'preflight'::text) OR ((waits_for IS NOT NULL) AND (asked IS NOT NULL))))
backfills  backfills_pkey PRIMARY KEY (id)
backfills  backfills_state_check CHECK ((state = ANY (ARRAY['preflight'::text, 'waiting_approval'::text, 'running'::text, 'paused'::text, 'finishing'::text, 'canceling'::text, 'canceled'::text, 'done'::text])))
backfills  backfills_waits_for_fkey FOREIGN KEY (waits_for) REFERENCES backfills(id)
cells  cells_backfill_id_fkey FOREIGN KEY (backfill_id) REFERENCES backfills(id)
cells  cells_check CHECK (((finished_at IS NOT NULL) = (state = ANY (ARRAY['succeeded'::text, 'failed'::text, 'blocked'::text, 'skipped'::text, 'canceled'::text]))))
cells  cells_pkey PRIMARY KEY (backfill_id, table_name, cell_date)
cells  cells_state_check CHECK ((state = ANY (ARRAY['waiting'::text, 'ready'::text, 'running'::text, 'succeeded'::text, 'failed'::text, 'blocked'::text, 'skipped'::text, 'canceled'::text])))
digests  digests_pkey PRIMARY KEY (pipeline, channel, day)
edges  edges_backfill_id_fkey FOREIGN KEY (backfill_id) REFERENCES backfills(id)
failure_dates  failure_dates_backfill_id_fkey FOREIGN KEY (backfill_id) REFERENCES backfills(id)
failure_dates  failure_dates_pkey PRIMARY KEY (backfill_id, key, cell_date)
followers  followers_backfill_id_fkey FOREIGN KEY (backfill_id) REFERENCES backfills(id)
followers  followers_pkey PRIMARY KEY (backfill_id, person)
messages  messages_check CHECK (((sender IS NULL) = (sender_until IS NULL)))
messages  messages_pkey PRIMARY KEY (key)
migrations  migrations_pkey PRIMARY KEY (number)
outages  outages_pkey PRIMARY KEY (id)
requests  requests_key_key UNIQUE (key)
requests  requests_pkey PRIMARY KEY (id)
service_starts  service_starts_pkey PRIMARY KEY (pipeline, service)
service_states  service_states_pkey PRIMARY KEY (pipeline, service)
watches  watches_pkey PRIMARY KEY (pipeline, channel, table_name)

CREATE INDEX accepted_gaps_live ON accepted_gaps USING btree (pipeline) WHERE (revoked_at IS NULL)
CREATE UNIQUE INDEX accepted_gaps_pkey ON accepted_gaps USING btree (id)
CREATE INDEX approvals_open ON approvals USING btree (expires_at) WHERE (decision IS NULL)
CREATE UNIQUE INDEX approvals_pkey ON approvals USING btree (backfill_id)
CREATE UNIQUE INDEX attempts_live ON attempts USING btree (pipeline, table_name, cell_date) WHERE live
CREATE INDEX attempts_measured ON attempts USING btree (pipeline, table_name, ended_at) WHERE ((state = 'succeeded'::text) AND (NOT ambiguous))
CREATE INDEX attempts_of_cell ON attempts USING btree (backfill_id, table_name, cell_date)
CREATE UNIQUE INDEX attempts_pkey ON attempts USING btree (id)
CREATE INDEX audit_by_time ON audit USING btree (at)
CREATE UNIQUE INDEX audit_head_pkey ON audit_head USING btree (one)
CREATE UNIQUE INDEX audit_in_order ON audit USING btree (number)
CREATE INDEX audit_of_subject ON audit USING btree (subject, id)
CREATE UNIQUE INDEX audit_pkey ON audit USING btree (id)
CREATE INDEX backfills_by_time ON backfills USING btree (pipeline, created_at DESC)
CREATE UNIQUE INDEX backfills_once ON backfills USING btree (pipeline, request_key) WHERE (state <> ALL (ARRAY['done'::text, 'canceled'::text]))
CREATE UNIQUE INDEX backfills_pkey ON backfills USING btree (id)
CREATE INDEX backfills_waiting ON backfills USING btree (waits_for) WHERE (state = 'preflight'::text)
CREATE INDEX cells_good ON cells USING btree (pipeline, table_name, cell_date) WHERE (state = ANY (ARRAY['succeeded'::text, 'skipped'::text]))
CREATE INDEX cells_held ON cells USING btree (backfill_id) WHERE held
CREATE INDEX cells_later ON cells USING btree (pipeline, not_before) WHERE ((state = 'ready'::text) AND (not_before IS NOT NULL))
CREATE UNIQUE INDEX cells_owner ON cells USING btree (pipeline, table_name, cell_date) WHERE (state = ANY (ARRAY['waiting'::text, 'ready'::text, 'running'::text]))
CREATE UNIQUE INDEX cells_pkey ON cells USING btree (backfill_id, table_name, cell_date)
CREATE INDEX cells_ready ON cells USING btree (backfill_id, table_name, ordinal) WHERE ((state = 'ready'::text) AND (NOT rung))
CREATE INDEX cells_under_way ON cells USING btree (pipeline) WHERE ((state = 'running'::text) OR rung)
CREATE INDEX cells_unfinished ON cells USING btree (backfill_id, table_name, cell_date) WHERE (finished_at IS NULL)
CREATE UNIQUE INDEX digests_pkey ON digests USING btree (pipeline, channel, day)
CREATE INDEX edges_of_cell ON edges USING btree (backfill_id, table_name, cell_date)
CREATE INDEX edges_up ON edges USING btree (backfill_id, needs_table, needs_from, needs_to)
CREATE INDEX failure_dates_open ON failure_dates USING btree (pipeline, table_name, cell_date) WHERE (ended_at IS NULL)
CREATE UNIQUE INDEX failure_dates_pkey ON failure_dates USING btree (backfill_id, key, cell_date)
CREATE UNIQUE INDEX followers_pkey ON followers USING btree (backfill_id, person)
CREATE INDEX messages_failed ON messages USING btree (changed_at) WHERE (state = 'failed'::text)
CREATE UNIQUE INDEX messages_pkey ON messages USING btree (key)
CREATE INDEX messages_unsent ON messages USING btree (changed_at) WHERE ((sent_revision < revision) AND (state <> 'failed'::text))
CREATE UNIQUE INDEX migrations_pkey ON migrations USING btree (number)
CREATE UNIQUE INDEX outages_open ON outages USING btree (pipeline, service) WHERE (closed_at IS NULL)
CREATE UNIQUE INDEX outages_pkey ON outages USING btree (id)
CREATE UNIQUE INDEX requests_key_key ON requests USING btree (key)
CREATE INDEX requests_open ON requests USING btree (received_at) WHERE (done_at IS NULL)
CREATE UNIQUE INDEX requests_pkey ON requests USING btree (id)
CREATE UNIQUE INDEX service_starts_pkey ON service_starts USING btree (pipeline, service)
CREATE UNIQUE INDEX service_states_pkey ON service_states USING btree (pipeline, service)
CREATE UNIQUE INDEX watches_pkey ON watches USING btree (pipeline, channel, table_name)

CREATE OR REPLACE FUNCTION audit_content(number bigint, id bigint, at bigint, actor text, action text, subject text, detail jsonb)
 RETURNS text
 LANGUAGE sql
 IMMUTABLE
AS $function$ select jsonb_build_array(number, id, at, actor, action, subject, detail)::text $function$
CREATE OR REPLACE FUNCTION chain_audit()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
declare
  head audit_head;
begin
  select * into strict head from audit_head for update;
  new.number := head.number + 1;
  new.hash := encode(sha256(convert_to(head.hash || audit_content(new.number, new.id, new.at, new.actor, new.action, new.subject, new.detail), 'UTF8')), 'hex');
  update audit_head set number = new.number, hash = new.hash;
  return new;
end $function$
CREATE OR REPLACE FUNCTION refuse_audit_change()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  raise exception 'the audit log is only added to';
end $function$

CREATE TRIGGER audit_chained BEFORE INSERT ON audit FOR EACH ROW EXECUTE FUNCTION chain_audit()
CREATE TRIGGER audit_kept BEFORE DELETE OR UPDATE OR TRUNCATE ON audit FOR EACH STATEMENT EXECUTE FUNCTION refuse_audit_change()
