-- The claim that counts: the highest attempt, and of one attempt the first in the log; a later start of the same attempt is void. And the run's first and
-- latest signs of life, which every start is.
insert into requests (request_id, fact_stanza, fact_kind, started, started_attempt, started_position, run_at, seen_at)
select distinct on (request_id)
  request_id, min(stanza) over runs, 'BACKUP', payload, (payload ->> 'attempt')::int, position, min(occurred_at) over runs, max(occurred_at) over runs
from stage
where type = 'BackupStarted'
window runs as (partition by request_id)
order by request_id, (payload ->> 'attempt')::int desc, position
on conflict (request_id) do update
set started = case
      when requests.started is null or (-excluded.started_attempt, excluded.started_position) < (-requests.started_attempt, requests.started_position)
      then excluded.started else requests.started end,
    started_attempt = case
      when requests.started is null or (-excluded.started_attempt, excluded.started_position) < (-requests.started_attempt, requests.started_position)
      then excluded.started_attempt else requests.started_attempt end,
    started_position = case
      when requests.started is null or (-excluded.started_attempt, excluded.started_position) < (-requests.started_attempt, requests.started_position)
      then excluded.started_position else requests.started_position end,
    fact_stanza = least(requests.fact_stanza, excluded.fact_stanza),
    fact_kind = 'BACKUP',
    run_at = least(requests.run_at, excluded.run_at),
    seen_at = greatest(requests.seen_at, excluded.seen_at);
