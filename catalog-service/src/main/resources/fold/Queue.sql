-- What was asked for, called off or given up waits no longer, whether that was read before or after its place in the queue.
delete from queue q
where (q.request_id in (select request_id from stage where request_id is not null)
       or q.id in (select test_id from stage where test_id is not null)
       or q.stanza in (select stanza from stage where type = 'SlotConcluded'))
  and (exists (select from slots s
               where s.stanza = q.stanza and s.kind = q.kind and s.schedule = q.queued ->> 'schedule' and s.slot = (q.queued ->> 'slot')::timestamptz)
       or exists (select from requests r
                  where r.request_id = q.request_id
                    and (r.cancel is not null
                         or (q.kind = 'BACKUP' and coalesce(r.requested, r.started, r.completed, r.failed, r.rejected, r.unserved) is not null)))
       or exists (select from restore_tests t
                  where t.test_id = q.id and coalesce(t.requested, t.started, t.completed, t.unserved) is not null));
