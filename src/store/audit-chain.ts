/**
 * The audit log as a chain: each row carries the hash of the one before it together with its own content, and the last
 * one stands in `audit_head`, so that an edit, a deletion or a reorder is found wherever it is. The database itself does
 * it, so that no way of writing goes past it.
 */
export const auditChain = {
  number: 7,
  name: 'audit chain',
  sql: `
-- Numbers follow each other without a gap, in the order in which rows were chained; ids are taken before that.
alter table audit add column number int8;
alter table audit add column hash text;
create table audit_head (
  one boolean primary key default true check (one),
  number int8 not null,
  hash text not null
);
insert into audit_head (number, hash) values (0, repeat('0', 64));

create function audit_content(number int8, id int8, at int8, actor text, action text, subject text, detail jsonb) returns text
  language sql immutable as $$ select jsonb_build_array(number, id, at, actor, action, subject, detail)::text $$;

-- What is there already is chained as it stands.
do $$
declare
  entry audit;
  last text := repeat('0', 64);
  n int8 := 0;
begin
  for entry in select * from audit order by id loop
    n := n + 1;
    last := encode(sha256(convert_to(last || audit_content(n, entry.id, entry.at, entry.actor, entry.action, entry.subject, entry.detail), 'UTF8')), 'hex');
    update audit set number = n, hash = last where id = entry.id;
  end loop;
  update audit_head set number = n, hash = last;
end $$;
alter table audit alter column number set not null;
alter table audit alter column hash set not null;
create unique index audit_in_order on audit (number);
create index audit_by_time on audit (at);

-- Entries follow each other: each waits for the one before it to be committed, or for its end without a trace.
create function chain_audit() returns trigger language plpgsql as $$
declare
  head audit_head;
begin
  select * into strict head from audit_head for update;
  new.number := head.number + 1;
  new.hash := encode(sha256(convert_to(head.hash || audit_content(new.number, new.id, new.at, new.actor, new.action, new.subject, new.detail), 'UTF8')), 'hex');
  update audit_head set number = new.number, hash = new.hash;
  return new;
end $$;
create trigger audit_chained before insert on audit for each row execute function chain_audit();

create function refuse_audit_change() returns trigger language plpgsql as $$
begin
  raise exception 'the audit log is only added to';
end $$;
create trigger audit_kept before update or delete or truncate on audit for each statement execute function refuse_audit_change();
`,
} as const;
