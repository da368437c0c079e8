/** The tables behind outages.ts: what a service has to be spared, and when its calls were held. */
export const outageTables = {
  number: 9,
  name: 'outages',
  sql: `
-- 'streak': cells that failed in a row by their service's fault. 'slots': calls at a time, where that is fewer than usual.
create table service_states (
  pipeline text not null,
  service text not null,
  streak jsonb not null default '[]',
  failures int4 not null default 0,
  wait_until int8,
  slots int4,
  primary key (pipeline, service)
);
create table outages (
  id int8 generated always as identity primary key,
  pipeline text not null,
  service text not null,
  tables jsonb not null,
  failures int4 not null,
  detail text not null,
  opened_at int8 not null,
  held_until int8 not null,
  trials int4 not null default 0,
  closed_at int8
);
create unique index outages_open on outages (pipeline, service) where closed_at is null;
alter table attempts add column slow boolean not null default false;
`,
};
