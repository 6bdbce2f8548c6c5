-- The first failure of the request in the log.
insert into requests (request_id, fact_stanza, fact_kind, failed, failed_position, run_at)
select distinct on (request_id) request_id, stanza, 'BACKUP', payload, position, occurred_at
from stage
where type = 'BackupFailed'
order by request_id, position
on conflict (request_id) do update
set fact_stanza = least(requests.fact_stanza, excluded.fact_stanza),
    fact_kind = 'BACKUP',
    failed = excluded.failed,
    failed_position = excluded.failed_position,
    run_at = least(requests.run_at, excluded.run_at)
where requests.failed is null or excluded.failed_position < requests.failed_position;
