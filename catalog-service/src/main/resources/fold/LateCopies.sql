-- What had been read before must not be folded again: a late copy would look like the latest word.
delete from stage s
using events e
where e.event_id = s.event_id and e.occurred_at = s.occurred_at
  and (e.topic, e.partition, e.log_offset) <> (s.topic, s.partition, s.log_offset)
