-- Keeps every event once, in the order of its partition.
insert into events (type, known, topic, partition, log_offset, recorded_at, event_id, occurred_at, stanza, request_id, test_id, label, payload)
select type, known, topic, partition, log_offset, recorded_at, event_id, occurred_at, stanza, request_id, test_id, label, payload
from stage
order by recorded_at, position
on conflict do nothing
