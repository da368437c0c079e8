/**
 * Backfills that wait for another one, and people who want to be told of an end. A waiting one keeps the words by which
 * it was asked for: what they mean is judged when its time has come, from what is there then.
 */
export const queueing = {
  number: 10,
  name: 'queueing',
  sql: `
alter table backfills add column waits_for text references backfills (id);
alter table backfills add column asked text;
alter table backfills add check (state <> 'preflight' or (waits_for is not null and asked is not null));
create index backfills_waiting on backfills (waits_for) where state = 'preflight';

create table followers (
  backfill_id text not null references backfills (id),
  person text not null,
  channel text not null,
  followed_at int8 not null,
  primary key (backfill_id, person)
);
`,
} as const;
