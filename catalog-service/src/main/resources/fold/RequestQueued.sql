-- The latest word that something waits for a free place. Whether it still does, the last statement of a batch says.
insert into queue (id, request_id, stanza, kind, position, queued_recorded, queued)
select distinct on (coalesce(test_id, request_id))
  coalesce(test_id, request_id) as id, request_id, stanza, payload ->> 'kind', position, recorded_at, payload
from stage
where type = 'RequestQueued'
order by coalesce(test_id, request_id), position desc
on conflict (id) do update
set request_id = excluded.request_id,
    stanza = excluded.stanza,
    kind = excluded.kind,
    position = excluded.position,
    queued_recorded = excluded.queued_recorded,
    queued = excluded.queued
where excluded.position > queue.position;
