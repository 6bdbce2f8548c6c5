-- The claim that counts: the highest attempt, and of one attempt the first in the log; a later start of the same attempt is void.
insert into requests (request_id, fact_kind, started, started_attempt, started_position)
select distinct on (request_id) request_id, 'BACKUP', payload, (payload ->> 'attempt')::int, position
from stage
where type = 'BackupStarted'
order by request_id, (payload ->> 'attempt')::int desc, position
on conflict (request_id) do update
set fact_kind = 'BACKUP',
    started = excluded.started,
    started_attempt = excluded.started_attempt,
    started_position = excluded.started_position
where requests.started is null
   or (-excluded.started_attempt, excluded.started_position) < (-requests.started_attempt, requests.started_position);

-- The run's first and latest signs of life.
insert into requests (request_id, fact_stanza, run_at, seen_at)
select request_id, min(stanza), min(occurred_at), max(occurred_at)
from stage
where type = 'BackupStarted'
group by request_id
on conflict (request_id) do update
set fact_stanza = least(requests.fact_stanza, excluded.fact_stanza),
    run_at = least(requests.run_at, excluded.run_at),
    seen_at = greatest(requests.seen_at, excluded.seen_at);
