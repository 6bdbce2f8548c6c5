-- What the scheduler holds back under its caps: requests of backups, and restore tests, that are not in the log yet while their places in the queue are.
-- A row goes when the log says what became of it, so that there are only as many as wait.
create table queue (
  id              uuid primary key,     -- the request's of a backup, the test's of a restore test
  request_id      uuid        not null,
  stanza          text        not null,
  kind            text        not null,
  position        bigint      not null,
  queued_recorded timestamptz not null,
  queued          jsonb       not null  -- the latest word of it
);
create index queue_by_time on queue (queued_recorded desc, request_id desc);
alter table queue alter column queued set statistics 0;

insert into queue (id, request_id, stanza, kind, position, queued_recorded, queued)
select distinct on (coalesce(test_id, request_id))
  coalesce(test_id, request_id), request_id, stanza, payload ->> 'kind', partition * 281474976710656 + log_offset as position, recorded_at, payload
from events
where known and type = 'RequestQueued'
order by coalesce(test_id, request_id), partition desc, log_offset desc;

delete from queue q
where exists (select from slots s
              where s.stanza = q.stanza and s.kind = q.kind and s.schedule = q.queued ->> 'schedule' and s.slot = (q.queued ->> 'slot')::timestamptz)
   or exists (select from requests r
              where r.request_id = q.request_id
                and (r.cancel is not null
                     or (q.kind = 'BACKUP' and coalesce(r.requested, r.started, r.completed, r.failed, r.rejected, r.unserved) is not null)))
   or exists (select from restore_tests t
              where t.test_id = q.id and coalesce(t.requested, t.started, t.completed, t.unserved) is not null);
