-- Fills the tables of an empty catalog with rows that look like those of the fold: as many backup sets, requests, slots and events as :rows says, and a
-- quarter of restore tests, of 1,000 stanzas over two years. psql -v rows=1000000. Indexes come last, which is what makes it quick; then autovacuum finds nothing to do.
set search_path to holdfast;
set client_min_messages to warning;
set timezone to 'UTC';
set synchronous_commit to off;

create temporary table wanted_indexes as
select indexdef from pg_indexes i
where schemaname = 'holdfast' and tablename in ('events', 'requests', 'backup_sets', 'restore_tests', 'slots')
  and not exists (select from pg_constraint c where c.conname = i.indexname);

do $$
declare
  name text;
begin
  for name in select indexname from pg_indexes i
    where schemaname = 'holdfast' and tablename in ('events', 'requests', 'backup_sets', 'restore_tests', 'slots')
      and not exists (select from pg_constraint c where c.conname = i.indexname)
  loop
    execute format('drop index %I', name);
  end loop;
end $$;

do $$
declare
  month timestamptz := date_trunc('month', now() - interval '2 years');
begin
  while month < now() + interval '2 months' loop
    execute format('create table if not exists %I partition of events for values from (%L) to (%L)',
      to_char(month, '"events_"YYYY_MM'), month, month + interval '1 month');
    insert into event_months values (to_char(month, '"events_"YYYY_MM'), month, month + interval '1 month') on conflict do nothing;
    month := month + interval '1 month';
  end loop;
end $$;

-- The n-th backup: ids in the order of time, as event ids are.
create function pg_temp.id(kind int, n bigint) returns uuid language sql immutable as
$$ select (lpad(to_hex(n), 11, '0') || to_hex(kind) || substr(md5(n::text), 13))::uuid $$;

insert into stanzas select 'stanza-' || lpad(n::text, 5, '0') from generate_series(0, 999) n on conflict do nothing;

create temporary table lives as
select n, (lpad(to_hex(n), 11, '0') || '1' || substr(md5(n::text), 13))::uuid as request, at, to_char(at, 'YYYY-MM-DD"T"HH24:MI:SS.USOF":00"') as iso,
       to_char(at + interval '10 seconds', 'YYYY-MM-DD"T"HH24:MI:SS.USOF":00"') as iso_end,
       'stanza-' || lpad((n % 1000)::text, 5, '0') as stanza,
       to_char(at, 'YYYYMMDD-HH24MISS') || 'F' as label
from generate_series(1, :rows) n, lateral (select now() - interval '2 years' + n * interval '2 years' / :rows as at) as moments;

create temporary table facts as
select '{"service": "runner", "instance": "runner-1", "version": "0.1.0"}'::jsonb as producer,
       '{"principal": "ada", "established": "KAFKA_CLIENT_ASSERTED"}'::jsonb as requester;

insert into backup_sets (stanza, repository, label, completed, completed_position, started_at, finished_at, request_id, requested_by,
                         proof_test_id, proof_verdict, proof_rung, proof_rank, proof_at)
select stanza, 1, label,
       jsonb_build_object('eventId', pg_temp.id(2, n), 'occurredAt', iso_end, 'stanza', stanza, 'requestId', request, 'producer', producer, 'attempt', 1,
         'label', label, 'requestedType', 'FULL', 'effectiveType', 'FULL', 'typeChangeReason', null, 'prior', null, 'references', '[]'::jsonb,
         'startedAt', iso, 'finishedAt', iso_end, 'walStart', '000000010000000000000004', 'walStop', '000000010000000000000005', 'lsnStart', '0/4000028',
         'lsnStop', '0/5000050', 'timeline', 1, 'status', 'COMPLETE', 'damagedFiles', '[]'::jsonb, 'databaseBytes', 40000000 + n, 'deltaBytes', 40000000,
         'repositoryBytes', 5000000, 'repositoryDeltaBytes', 5000000, 'repository', 1, 'postgresqlVersion', '15', 'systemId', '7712345678901234567')
       || jsonb_build_object('encryption', 'none', 'compression', 'gz', 'recovered', false, 'pgbackrestVersion', '2.45', 'pgbackrestMillis', 9876,
         'requestedBy', requester, 'origin', 'AD_HOC', 'reason', 'before the upgrade', 'labels', '{}'::jsonb, 'proofWanted', false),
       n, at, at + interval '10 seconds', request, 'ada',
       case when n % 4 = 0 then pg_temp.id(3, n) end, case when n % 4 = 0 then 'PASSED' end, case when n % 4 = 0 then 'CONTENT_CHECKED' end,
       case when n % 4 = 0 then 1 end, case when n % 4 = 0 then at + interval '1 minute' end
from lives, facts;

insert into requests (request_id, requested, requested_recorded, requested_position, requested_kind, fact_stanza, fact_kind, started, started_attempt,
                      started_position, run_at, seen_at, completed, completed_position, failed, failed_position)
select request,
       jsonb_build_object('eventId', pg_temp.id(4, n), 'occurredAt', iso, 'stanza', stanza, 'requestId', request, 'producer', producer, 'type', 'FULL',
         'origin', 'AD_HOC', 'requestedBy', requester, 'reason', 'before the upgrade', 'notAfter', null, 'schedule', null),
       at, n, 'BACKUP', stanza, 'BACKUP',
       jsonb_build_object('eventId', pg_temp.id(5, n), 'occurredAt', iso, 'stanza', stanza, 'requestId', request, 'runner', 'runner-1', 'attempt', 1,
         'requestedType', 'FULL', 'repository', 1), 1, n, at, at,
       case when n % 20 > 0 then jsonb_build_object('eventId', pg_temp.id(2, n), 'occurredAt', iso_end, 'stanza', stanza, 'requestId', request,
         'label', label, 'requestedType', 'FULL', 'effectiveType', 'FULL', 'startedAt', iso, 'finishedAt', iso_end, 'status', 'COMPLETE') end,
       case when n % 20 > 0 then n end,
       case when n % 20 = 0 then jsonb_build_object('eventId', pg_temp.id(2, n), 'occurredAt', iso_end, 'stanza', stanza, 'requestId', request,
         'category', 'RETRYABLE', 'message', 'unable to find primary cluster - cannot proceed', 'hint', 'Start PostgreSQL.', 'exitCode', 56) end,
       case when n % 20 = 0 then n end
from lives, facts;

insert into restore_tests (test_id, request_id, fact_stanza, started, started_attempt, started_position, run_at, seen_at, completed, completed_event,
                           completed_position, finished_at)
select pg_temp.id(3, n), request, stanza, jsonb_build_object('label', label, 'occurredAt', iso), 1, n, at, at,
       jsonb_build_object('occurredAt', iso_end, 'stanza', stanza, 'label', label, 'verdict', 'PASSED', 'rung', 'CONTENT_CHECKED', 'reasonCode', 'OK',
         'reason', 'restored, reached the end of the backup, content checked', 'startedAt', iso, 'finishedAt', iso_end, 'repository', 1,
         'checks', '[{"name": "restore", "outcome": "PASSED", "millis": 1500, "detail": "40 MB"}, {"name": "amcheck", "outcome": "PASSED", "millis": 800, "detail": "no damage"}]'::jsonb,
         'readyMillis', 4000, 'restoreMillis', 1500, 'requestedBy', requester, 'origin', 'AD_HOC', 'evidenceSha256', repeat('ab', 32)),
       pg_temp.id(6, n), n, at + interval '1 minute'
from lives, facts where n % 4 = 0;

insert into slots (stanza, kind, schedule, slot, position, concluded)
select stanza, 'BACKUP', 'weekly', at, n,
       jsonb_build_object('occurredAt', iso, 'stanza', stanza, 'kind', 'BACKUP', 'schedule', 'weekly', 'slot', iso, 'outcome', 'REQUESTED', 'requestId', request)
from lives;

insert into events (event_id, seq, type, known, topic, partition, log_offset, recorded_at, occurred_at, stanza, request_id, label, payload)
select pg_temp.id(2, n), n, 'BackupCompleted', true, 'holdfast.backup.events', (n % 12)::int, n / 12, at, at, stanza, request, label,
       jsonb_build_object('eventId', pg_temp.id(2, n), 'occurredAt', iso_end, 'stanza', stanza, 'requestId', request, 'producer', producer, 'label', label,
         'requestedType', 'FULL', 'effectiveType', 'FULL', 'startedAt', iso, 'finishedAt', iso_end, 'status', 'COMPLETE', 'requestedBy', requester)
from lives, facts;

select setval('events_seq', :rows);

insert into repositories (stanza, repository, position, observed_at, observed)
select stanza, 1, 1, now(),
       jsonb_build_object('occurredAt', to_json(now()) #>> '{}', 'stanza', stanza, 'repository', 1, 'statusCode', 0, 'statusMessage', 'ok',
         'windows', jsonb_build_array(jsonb_build_object('from', to_json(now() - interval '2 years') #>> '{}', 'to', to_json(now()) #>> '{}',
           'backupLabel', (select label from backup_sets b where b.stanza = s.stanza limit 1), 'walFrom', '000000010000000000000004',
           'walTo', '000000010000000000000009', 'timeline', 1)))
from stanzas s on conflict do nothing;

insert into policies (stanza, version, position, policy)
select stanza, 1, n, jsonb_build_object('occurredAt', to_json(now()) #>> '{}', 'stanza', stanza, 'version', 1, 'state', 'IN_FORCE', 'digest', repeat('ab', 32),
         'definition', '{"timezone": "Europe/Berlin", "backups": [{"name": "weekly", "cron": "0 3 * * 0", "type": "FULL"}, {"name": "daily", "cron": "0 3 * * 1-6", "type": "DIFF"}],
           "restoreTests": [{"name": "weekly", "cron": "0 6 * * 0", "target": "BACKUP_END"}], "objectives": {"rpo": "PT5M", "backupAge": "P1D"}}'::jsonb)
from (select stanza, row_number() over (order by stanza) as n from stanzas) as numbered on conflict do nothing;

insert into objectives (stanza, objective, position, met, judged)
select stanza, objective, 1, true, jsonb_build_object('occurredAt', to_json(now()) #>> '{}', 'stanza', stanza, 'objective', objective, 'valueSeconds', 3600,
         'limitSeconds', 86400, 'since', to_json(now()) #>> '{}', 'detail', 'within its limit')
from stanzas, unnest(array['BACKUP_AGE', 'PROOF_AGE', 'RPO']) as objective on conflict do nothing;

-- each runner serves 250 stanzas, each validator 500
insert into runners (service, pool, instance, announced_at, announced)
select service, service || '-pool-' || part, service || '-' || part, now(), jsonb_build_object('occurredAt', to_json(now()) #>> '{}', 'service', service,
         'pool', service || '-pool-' || part, 'instance', service || '-' || part, 'stanzas', served, 'versions', '{"holdfast": "0.1.0"}'::jsonb, 'maxConcurrent', 2)
from (values ('runner', 250), ('validator', 500)) as services(service, share),
     lateral (select n / share as part, jsonb_agg('stanza-' || lpad(n::text, 5, '0')) as served from generate_series(0, 999) n group by 1) as parts
on conflict do nothing;

update projection_status set position = jsonb_build_object('holdfast.backup.events', :rows), recorded_at = now(), caught_up = true, checked_at = now(),
  last_event = (select last_value from events_seq);

do $$
declare
  definition text;
begin
  for definition in select indexdef from wanted_indexes loop
    execute replace(definition, ' ON ONLY ', ' ON ');
  end loop;
end $$;
vacuum (analyze);
