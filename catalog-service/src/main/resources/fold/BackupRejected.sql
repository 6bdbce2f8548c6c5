-- The first refusal. A duplicate is no end: it says only that the request had been seen before.
insert into requests (request_id, fact_stanza, fact_kind, rejected, rejected_position)
select distinct on (request_id) request_id, stanza, 'BACKUP', payload, position
from stage
where type = 'BackupRejected' and payload ->> 'rejection' <> 'DUPLICATE'
order by request_id, position
on conflict (request_id) do update
set fact_stanza = least(requests.fact_stanza, excluded.fact_stanza),
    fact_kind = 'BACKUP',
    rejected = excluded.rejected,
    rejected_position = excluded.rejected_position
where requests.rejected is null or excluded.rejected_position < requests.rejected_position;
