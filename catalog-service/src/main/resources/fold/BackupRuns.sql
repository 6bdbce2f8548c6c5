-- One row for what a run says of its begin and its end. Its first and latest signs of life: every start is one, and a failure may be the first.
with words as (
  select request_id, min(stanza) as stanza,
    min(occurred_at) filter (where type <> 'BackupCompleted') as run_at, max(occurred_at) filter (where type = 'BackupStarted') as seen_at
  from stage
  where type in ('BackupStarted', 'BackupCompleted', 'BackupFailed')
  group by request_id
),

-- The claim that counts: the highest attempt, and of one attempt the first in the log; a later start of the same attempt is void.
starts as (
  select distinct on (request_id) request_id, payload, (payload ->> 'attempt')::int as attempt, position
  from stage
  where type = 'BackupStarted'
  order by request_id, attempt desc, position
),

-- The end: the first in the log.
ends as (
  select distinct on (request_id) request_id, payload, position
  from stage
  where type = 'BackupCompleted'
  order by request_id, position
),

-- Or the first failure in the log.
failures as (
  select distinct on (request_id) request_id, payload, position
  from stage
  where type = 'BackupFailed'
  order by request_id, position
)
insert into requests (request_id, fact_stanza, fact_kind, run_at, seen_at,
  started, started_attempt, started_position, completed, completed_position, failed, failed_position)
select request_id, w.stanza, 'BACKUP', w.run_at, w.seen_at, s.payload, s.attempt, s.position, e.payload, e.position, f.payload, f.position
from words w left join starts s using (request_id) left join ends e using (request_id) left join failures f using (request_id)
on conflict (request_id) do update
set started = case
      when excluded.started is not null and (requests.started is null or (-excluded.started_attempt, excluded.started_position) < (-requests.started_attempt, requests.started_position))
      then excluded.started else requests.started end,
    started_attempt = case
      when excluded.started is not null and (requests.started is null or (-excluded.started_attempt, excluded.started_position) < (-requests.started_attempt, requests.started_position))
      then excluded.started_attempt else requests.started_attempt end,
    started_position = case
      when excluded.started is not null and (requests.started is null or (-excluded.started_attempt, excluded.started_position) < (-requests.started_attempt, requests.started_position))
      then excluded.started_position else requests.started_position end,
    completed = case when requests.completed is null or excluded.completed_position < requests.completed_position then excluded.completed else requests.completed end,
    completed_position = least(requests.completed_position, excluded.completed_position),
    failed = case when requests.failed is null or excluded.failed_position < requests.failed_position then excluded.failed else requests.failed end,
    failed_position = least(requests.failed_position, excluded.failed_position),
    fact_stanza = least(requests.fact_stanza, excluded.fact_stanza),
    fact_kind = 'BACKUP',
    run_at = least(requests.run_at, excluded.run_at),
    seen_at = greatest(requests.seen_at, excluded.seen_at);
