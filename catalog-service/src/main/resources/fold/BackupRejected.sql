-- The first refusal. A duplicate is no end: it says only that the request had been seen before. Whoever speaks later may still name another stanza.
insert into requests (request_id, fact_stanza, fact_kind, told_at, rejected, rejected_position)
select distinct on (request_id)
  request_id, min(stanza) over (partition by request_id), 'BACKUP', min(occurred_at) over (partition by request_id), payload, position
from stage
where type = 'BackupRejected' and payload ->> 'rejection' <> 'DUPLICATE'
order by request_id, position
on conflict (request_id) do update
set fact_stanza = least(requests.fact_stanza, excluded.fact_stanza),
    fact_kind = 'BACKUP',
    told_at = least(requests.told_at, excluded.told_at),
    rejected = case when requests.rejected is null or excluded.rejected_position < requests.rejected_position then excluded.rejected else requests.rejected end,
    rejected_position = least(requests.rejected_position, excluded.rejected_position);
