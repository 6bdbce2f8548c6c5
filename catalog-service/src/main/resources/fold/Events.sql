-- Keeps every event once, in the order of its partition.
insert into events (type, known, topic, partition, log_offset, recorded_at, event_id, occurred_at, stanza, request_id, test_id, label, payload)
select type, known, topic, partition, log_offset, recorded_at, event_id, occurred_at, stanza, request_id, test_id, label, payload
from stage
order by recorded_at, position
on conflict (event_id) do nothing;

-- What had been read before must not be folded again: a late copy would look like the latest word.
delete from stage s
using events e
where e.event_id = s.event_id
  and (e.topic, e.partition, e.log_offset) <> (s.topic, s.partition, s.log_offset);

-- A type that this version does not know, or one on a topic that it does not belong to, is kept and not believed.
delete from stage where not known;
