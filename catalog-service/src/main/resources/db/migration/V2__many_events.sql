-- Raw events by month, for they grow without bound: a month is one table with indexes of its own, so that what is written goes to small ones, and a
-- month that need not be kept is dropped, not deleted row by row.
--
-- The month is the event's own (occurred_at), which every copy of an event shares: so (event_id, occurred_at) being unique in each month means that it is
-- unique at all. Months are made by the projector before it needs them (EventMonths); what lies outside every month, with a clock gone astray, goes to
-- events_elsewhen.

alter table events rename to events_former;
alter table events_former alter column seq drop identity;
alter table events_former drop constraint events_seq_key;
alter table events_former drop constraint events_pkey;
alter table events_former add constraint events_former_pkey primary key (event_id, occurred_at);
alter index events_by_stanza rename to events_former_by_stanza;
alter index events_by_type rename to events_former_by_type;
alter index events_by_request rename to events_former_by_request;
alter index events_by_label rename to events_former_by_label;
alter index events_by_record_time rename to events_former_by_record_time;
create index events_former_by_seq on events_former (seq);

create sequence events_seq;
select setval('events_seq', coalesce(max(seq), 1), max(seq) is not null) from events_former;

create table events (
  event_id    uuid        not null,
  seq         bigint      not null default nextval('events_seq'), -- the order in which the projector read them
  type        text        not null,
  known       boolean     not null,
  topic       text        not null,
  partition   int         not null,
  log_offset  bigint      not null,
  recorded_at timestamptz not null,
  occurred_at timestamptz not null,
  stanza      text,
  request_id  uuid,
  test_id     uuid,
  label       text,
  payload     jsonb       not null,
  primary key (event_id, occurred_at)
) partition by range (occurred_at);
create index events_by_seq on events (seq);
create index events_by_stanza on events (stanza, seq);
create index events_by_type on events (type, seq);
create index events_by_request on events (request_id) where request_id is not null;
create index events_by_label on events (stanza, label) where label is not null;
create index events_by_record_time on events (recorded_at);

create table events_elsewhen partition of events default;

-- Which months there are. A month from minus infinity is what a catalog had before it kept events by month.
create table event_months (
  name  text        primary key,
  since timestamptz not null,
  until timestamptz not null
);

-- Events from before this instant may have been let go; null where all are kept.
alter table projection_status add column events_since timestamptz;

-- What there is becomes the first part as it lies, up to the end of this month; nothing is copied.
do $$
declare
  bound timestamptz;
begin
  bound := (date_trunc('month', now() at time zone 'UTC') + interval '1 month') at time zone 'UTC';
  if not exists (select from events_former) then
    drop table events_former;
    return;
  end if;
  with later as (delete from events_former where occurred_at >= bound returning *)
  insert into events_elsewhen (event_id, seq, type, known, topic, partition, log_offset, recorded_at, occurred_at, stanza, request_id, test_id, label, payload)
  select event_id, seq, type, known, topic, partition, log_offset, recorded_at, occurred_at, stanza, request_id, test_id, label, payload from later;
  alter table events_former alter column seq set default nextval('events_seq');
  execute format('alter table events attach partition events_former for values from (minvalue) to (%L)', bound);
  insert into event_months values ('events_former', '-infinity', bound);
end $$;

-- A row of facts is up to 4 kB. Compressing it at 2 kB, which is the default, would cost more than all the rest of folding it.
alter table requests set (toast_tuple_target = 4080);
alter table backup_sets set (toast_tuple_target = 4080);
alter table restore_tests set (toast_tuple_target = 4080);

-- What is rare is asked for most: each list by what is unusual in it. What is usual is found quickly in the order of time, and costs these nothing.
create index requests_unusual on requests (state, asked_at desc, request_id desc) where state not in ('COMPLETED', 'PROVEN');
create index requests_unusual_by_stanza on requests (stanza, state, asked_at desc, request_id desc) where state not in ('COMPLETED', 'PROVEN');
create index backup_sets_unusual on backup_sets (status, sort_at desc, row_key desc) where is_known and status <> 'COMPLETE';
create index backup_sets_unusual_by_stanza on backup_sets (stanza, status, sort_at desc, row_key desc) where is_known and status <> 'COMPLETE';
create index backup_sets_proven on backup_sets (sort_at desc, row_key desc) where is_known and proof_verdict = 'PASSED';
create index backup_sets_by_requester on backup_sets (requested_by, sort_at desc, row_key desc) where is_known;
create index restore_tests_unusual on restore_tests (verdict, sort_at desc, test_id desc) where verdict <> 'PASSED';
create index slots_unusual on slots (outcome, slot desc, row_key desc) where outcome <> 'REQUESTED';

-- Runs without a set, in the order in which they are listed beside sets: by text.
drop index requests_open;
drop index requests_open_by_stanza;
create index requests_open on requests (run_at desc, (request_id::text) desc) where completed is null and run_at is not null;
create index requests_open_by_stanza on requests (stanza, run_at desc, (request_id::text) desc) where completed is null and run_at is not null;
create index requests_open_by_requester on requests ((requested #>> '{requestedBy,principal}'), run_at desc, (request_id::text) desc)
  where completed is null and run_at is not null;

-- The newest good set of each stanza of a fleet, with one look each.
drop index backup_sets_by_end;
create index backup_sets_good on backup_sets (stanza, finished_at desc, repository) where is_known and status in ('COMPLETE', 'COMPLETE_WITH_ERRORS');
create index requests_failures on requests (stanza, asked_at desc) where kind = 'BACKUP' and state in ('FAILED', 'LOST', 'UNSERVED');
