-- The catalog: a projection of the log. Every table can be dropped and rebuilt from the topics.
--
-- A row is a set of registers, each filled by one kind of fact: the fact's payload, and what decides which fact wins where several compete
-- (the first or the last in its partition, the newest of a test). A register only ever moves one way, and a state is computed from registers, so
-- the order in which facts arrive makes no difference. Nothing but projection_status holds the time of the projection.
--
-- "position" is partition * 2^48 + offset: the order of a partition, and a fixed order between partitions.

-- Where the projection stands in each partition: the offset of the next record to read.
create table log_offsets (
  topic       text   not null,
  partition   int    not null,
  next_offset bigint not null,
  primary key (topic, partition)
);

-- What the projector last said of itself; one row. Not part of the content.
create table projection_status (
  only_row       boolean primary key default true check (only_row),
  generation     uuid not null default gen_random_uuid(),
  position       jsonb not null default '{}',
  recorded_at    timestamptz,
  caught_up      boolean not null default false,
  checked_at     timestamptz,
  rebuild_wanted boolean not null default false
);
insert into projection_status default values;

-- Every event as it was read. known: this version knows the type, and it came on the topic that it belongs to.
create table events (
  event_id    uuid primary key,
  seq         bigint generated always as identity unique,
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
  payload     jsonb       not null
);
create index events_by_stanza on events (stanza, seq);
create index events_by_type on events (type, seq);
create index events_by_request on events (request_id) where request_id is not null;
create index events_by_label on events (stanza, label) where label is not null;
create index events_by_record_time on events (recorded_at);

-- Records that nobody can read, by their place in the log; their bytes are in the dead-letter topic.
create table unreadable_records (
  topic       text        not null,
  partition   int         not null,
  log_offset  bigint      not null,
  recorded_at timestamptz not null,
  reason      text        not null,
  primary key (topic, partition, log_offset)
);

-- One request: of a backup (with the test that proves it) or of a restore test alone.
create table requests (
  request_id         uuid primary key,
  requested          jsonb,        -- BackupRequested, else RestoreTestRequested: the first by record time
  requested_recorded timestamptz,
  requested_position bigint,
  requested_kind     text,
  fact_stanza        text,
  fact_kind          text,
  started            jsonb,        -- the claim of the highest attempt; of one attempt the first in the log
  started_attempt    int,
  started_position   bigint,
  run_at             timestamptz,  -- when the run first showed
  completed          jsonb,
  completed_position bigint,
  failed             jsonb,
  failed_position    bigint,
  rejected           jsonb,        -- never a DUPLICATE
  rejected_position  bigint,
  unserved           jsonb,        -- the latest
  unserved_at        timestamptz,
  unserved_position  bigint,
  cancel             jsonb,
  cancel_position    bigint,
  seen_at            timestamptz,  -- latest sign of life of the run: start or heartbeat
  progress           jsonb,        -- latest heartbeat; its topic is kept for a day only
  progress_at        timestamptz,
  test_id            uuid,         -- the test whose verdict counts: PASSED or FAILED before others, then the newest
  test_verdict       text,
  test_rank          int,
  test_finished_at   timestamptz,
  test_started       boolean not null default false,
  test_unserved      text,         -- why a test of it was left alone
  stanza text generated always as (coalesce(requested ->> 'stanza', fact_stanza)) stored,
  kind   text generated always as (coalesce(fact_kind, requested_kind, 'RESTORE_TEST')) stored,
  state  text generated always as (
    case
      when test_verdict = 'PASSED' then 'PROVEN'
      when test_verdict = 'FAILED' then 'DISPROVEN'
      when test_verdict is not null then 'INCONCLUSIVE'
      when completed is not null then 'COMPLETED'
      when failed ->> 'category' = 'CANCELLED' then 'CANCELLED'
      when failed is not null then 'FAILED'
      when rejected ->> 'rejection' = 'CANCELLED' then 'CANCELLED'
      when rejected is not null then 'REJECTED'
      when unserved ->> 'unserved' = 'RUN_LOST' and (seen_at is null or seen_at <= unserved_at) then 'LOST'
      when started is not null then 'RUNNING'
      when test_started then 'RUNNING'
      when unserved is not null then 'UNSERVED'
      when test_unserved = 'RUN_LOST' then 'LOST'
      when test_unserved is not null then 'UNSERVED'
      else 'REQUESTED'
    end) stored,
  asked_at timestamptz generated always as (coalesce(requested_recorded, run_at, test_finished_at, 'epoch')) stored
);
create index requests_by_time on requests (asked_at desc, request_id desc);
create index requests_by_stanza on requests (stanza, asked_at desc, request_id desc);
-- runs that left no set in the repository, or have not yet
create index requests_open on requests (run_at desc, request_id desc)
  where completed is null and run_at is not null;
create index requests_open_by_stanza on requests (stanza, run_at desc, request_id desc)
  where completed is null and run_at is not null;

-- One backup set in a repository.
create table backup_sets (
  stanza              text not null,
  repository          int  not null,
  label               text not null,
  completed           jsonb,       -- BackupCompleted, the first in the log
  completed_position  bigint,
  discovered          jsonb,       -- BackupDiscovered, the last in the log
  discovered_position bigint,
  expired             jsonb,
  expired_position    bigint,
  vanished            jsonb,       -- the last in the log
  vanished_position   bigint,
  started_at          timestamptz, -- of completed, else of discovered, as the three below
  finished_at         timestamptz,
  request_id          uuid,
  requested_by        text,
  proof_test_id       uuid,        -- as requests.test_id
  proof_verdict       text,
  proof_rung          text,
  proof_rank          int,
  proof_at            timestamptz,
  type   text generated always as (coalesce(completed ->> 'effectiveType', discovered ->> 'type')) stored,
  status text generated always as (
    case
      when expired is not null then 'EXPIRED'
      when vanished is not null and vanished_position > coalesce(discovered_position, -1) then 'VANISHED'
      else coalesce(completed, discovered) ->> 'status'
    end) stored,
  is_known boolean generated always as (
    completed is not null or discovered is not null or expired is not null or vanished is not null) stored,
  sort_at timestamptz generated always as (coalesce(started_at, 'epoch')) stored,
  row_key text generated always as (stanza || '/' || repository::text || '/' || label) stored,
  primary key (stanza, repository, label)
);
create index backup_sets_by_time on backup_sets (sort_at desc, row_key desc) where is_known;
create index backup_sets_by_stanza on backup_sets (stanza, sort_at desc, row_key desc) where is_known;
create index backup_sets_by_end on backup_sets (stanza, finished_at desc) where is_known;
create index backup_sets_by_request on backup_sets (request_id) where request_id is not null;

-- One restore test.
create table restore_tests (
  test_id            uuid primary key,
  request_id         uuid,
  requested          jsonb,
  requested_recorded timestamptz,
  requested_position bigint,
  fact_stanza        text,
  started            jsonb,
  started_attempt    int,
  started_position   bigint,
  run_at             timestamptz,
  completed          jsonb,        -- without the evidence, which lies in events
  completed_event    uuid,
  completed_position bigint,
  finished_at        timestamptz,
  unserved           jsonb,
  unserved_at        timestamptz,
  unserved_position  bigint,
  seen_at            timestamptz,
  progress           jsonb,
  progress_at        timestamptz,
  stanza  text generated always as (coalesce(fact_stanza, requested ->> 'stanza')) stored,
  label   text generated always as (
    coalesce(completed ->> 'label', started ->> 'label', requested ->> 'backupLabel')) stored,
  verdict text generated always as (completed ->> 'verdict') stored,
  state   text generated always as (
    case
      when completed ->> 'verdict' = 'PASSED' then 'PROVEN'
      when completed ->> 'verdict' = 'FAILED' then 'DISPROVEN'
      when completed is not null then 'INCONCLUSIVE'
      when unserved ->> 'unserved' = 'RUN_LOST' and (seen_at is null or seen_at <= unserved_at) then 'LOST'
      when started is not null then 'RUNNING'
      when unserved is not null then 'UNSERVED'
      else 'REQUESTED'
    end) stored,
  sort_at timestamptz generated always as (coalesce(requested_recorded, run_at, 'epoch')) stored
);
create index restore_tests_by_time on restore_tests (sort_at desc, test_id desc);
create index restore_tests_by_stanza on restore_tests (stanza, sort_at desc, test_id desc);
create index restore_tests_verdicts on restore_tests (stanza, finished_at desc) where verdict is not null;
create index restore_tests_by_label on restore_tests (stanza, label);
create index restore_tests_by_request on restore_tests (request_id);

-- Stanzas that a policy, a service or a fact has named. A request alone makes none: anybody may publish one.
create table stanzas (
  stanza text primary key
);

create table policies (
  stanza   text primary key,
  version  int    not null,
  position bigint not null,
  policy   jsonb  not null
);

-- Every scheduled instant, with the one way in which it ended.
create table slots (
  stanza   text        not null,
  kind     text        not null,
  schedule text        not null,
  slot     timestamptz not null,
  position bigint      not null,
  concluded jsonb      not null,
  outcome  text generated always as (concluded ->> 'outcome') stored,
  row_key  text generated always as (stanza || '/' || kind || '/' || schedule) stored,
  primary key (stanza, kind, schedule, slot)
);
create index slots_by_time on slots (slot desc, row_key desc);
create index slots_by_stanza on slots (stanza, slot desc, row_key desc);

create table objectives (
  stanza    text   not null,
  objective text   not null,
  position  bigint not null,
  met       boolean not null,
  judged    jsonb  not null,
  primary key (stanza, objective)
);

create table proof_coverage (
  stanza   text primary key,
  position bigint not null,
  observed jsonb  not null
);

-- The latest look at each repository of a stanza.
create table repositories (
  stanza      text        not null,
  repository  int         not null,
  position    bigint      not null,
  observed_at timestamptz not null,
  observed    jsonb       not null,
  primary key (stanza, repository)
);

create table restore_points (
  stanza   text   not null,
  name     text   not null,
  position bigint not null,
  created  jsonb  not null,
  primary key (stanza, name)
);

-- Who announced itself; its topic is compacted and repeats itself every half minute.
create table runners (
  service      text        not null,
  pool         text        not null,
  instance     text        not null,
  announced_at timestamptz not null,
  announced    jsonb       not null,
  primary key (service, pool, instance)
);
