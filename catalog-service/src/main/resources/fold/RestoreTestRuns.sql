-- The verdicts, without the evidence, which stays in events alone: it is large, and is taken off once for all that follows. What says something (PASSED,
-- FAILED) ranks before what doesn't.
with verdicts as materialized (
  select test_id, request_id, stanza, label, payload - 'evidence' as payload, event_id, position,
    payload ->> 'verdict' as verdict, case when payload ->> 'verdict' in ('PASSED', 'FAILED') then 1 else 0 end as rank,
    (payload ->> 'finishedAt')::timestamptz as finished_at
  from stage
  where type = 'RestoreTestCompleted'
),

-- The test's first and latest signs of life.
words as (
  select test_id, min(request_id::text)::uuid as request_id, min(stanza) as stanza,
    min(occurred_at) filter (where type = 'RestoreTestStarted') as run_at, max(occurred_at) filter (where type = 'RestoreTestStarted') as seen_at
  from stage
  where type in ('RestoreTestStarted', 'RestoreTestCompleted')
  group by test_id
),

-- The claim that counts, as for backups.
starts as (
  select distinct on (test_id) test_id, payload, (payload ->> 'attempt')::int as attempt, position
  from stage
  where type = 'RestoreTestStarted'
  order by test_id, attempt desc, position
),

-- Of the test the first verdict in the log counts.
ends as (
  select distinct on (test_id) test_id, payload, event_id, position, finished_at
  from verdicts
  order by test_id, position
),
tests as (
insert into restore_tests (test_id, request_id, fact_stanza, run_at, seen_at, started, started_attempt, started_position,
  completed, completed_event, completed_position, finished_at)
select test_id, w.request_id, w.stanza, w.run_at, w.seen_at, s.payload, s.attempt, s.position, e.payload, e.event_id, e.position, e.finished_at
from words w left join starts s using (test_id) left join ends e using (test_id)
on conflict (test_id) do update
set started = case
      when excluded.started is not null and (restore_tests.started is null or (-excluded.started_attempt, excluded.started_position) < (-restore_tests.started_attempt, restore_tests.started_position))
      then excluded.started else restore_tests.started end,
    started_attempt = case
      when excluded.started is not null and (restore_tests.started is null or (-excluded.started_attempt, excluded.started_position) < (-restore_tests.started_attempt, restore_tests.started_position))
      then excluded.started_attempt else restore_tests.started_attempt end,
    started_position = case
      when excluded.started is not null and (restore_tests.started is null or (-excluded.started_attempt, excluded.started_position) < (-restore_tests.started_attempt, restore_tests.started_position))
      then excluded.started_position else restore_tests.started_position end,
    completed = case when restore_tests.completed is null or excluded.completed_position < restore_tests.completed_position then excluded.completed else restore_tests.completed end,
    completed_event = case when restore_tests.completed is null or excluded.completed_position < restore_tests.completed_position then excluded.completed_event else restore_tests.completed_event end,
    finished_at = case when restore_tests.completed is null or excluded.completed_position < restore_tests.completed_position then excluded.finished_at else restore_tests.finished_at end,
    completed_position = least(restore_tests.completed_position, excluded.completed_position),
    request_id = least(restore_tests.request_id, excluded.request_id),
    fact_stanza = least(restore_tests.fact_stanza, excluded.fact_stanza),
    run_at = least(restore_tests.run_at, excluded.run_at),
    seen_at = greatest(restore_tests.seen_at, excluded.seen_at)
),

-- The proof of the set: by rank, then the newest.
sets as (
insert into backup_sets (stanza, repository, label, proof_test_id, proof_verdict, proof_rung, proof_rank, proof_at)
select distinct on (stanza, repository, label)
  stanza, coalesce((payload ->> 'repository')::int, 1) as repository, label, test_id, verdict, payload ->> 'rung', rank, finished_at
from verdicts
where label is not null
order by stanza, repository, label, rank desc, finished_at desc, test_id desc
on conflict (stanza, repository, label) do update
set proof_test_id = excluded.proof_test_id,
    proof_verdict = excluded.proof_verdict,
    proof_rung = excluded.proof_rung,
    proof_rank = excluded.proof_rank,
    proof_at = excluded.proof_at
where backup_sets.proof_rank is null
   or (excluded.proof_rank, excluded.proof_at, excluded.proof_test_id)
      > (backup_sets.proof_rank, backup_sets.proof_at, backup_sets.proof_test_id)
),

-- The request has begun to be served, and its verdict is found as the set's.
begun as (
  select request_id, min(stanza) as stanza, bool_or(type = 'RestoreTestStarted') as started
  from stage
  where type in ('RestoreTestStarted', 'RestoreTestCompleted')
  group by request_id
),
best as (
  select distinct on (request_id) request_id, test_id, verdict, rank, finished_at
  from verdicts
  order by request_id, rank desc, finished_at desc, test_id desc
)
insert into requests (request_id, fact_stanza, test_started, test_id, test_verdict, test_rank, test_finished_at)
select request_id, b.stanza, b.started, v.test_id, v.verdict, v.rank, v.finished_at
from begun b left join best v using (request_id)
on conflict (request_id) do update
set fact_stanza = least(requests.fact_stanza, excluded.fact_stanza),
    test_started = requests.test_started or excluded.test_started,
    test_id = case when requests.test_rank is null or (excluded.test_rank, excluded.test_finished_at, excluded.test_id) > (requests.test_rank, requests.test_finished_at, requests.test_id)
      then excluded.test_id else requests.test_id end,
    test_verdict = case when requests.test_rank is null or (excluded.test_rank, excluded.test_finished_at, excluded.test_id) > (requests.test_rank, requests.test_finished_at, requests.test_id)
      then excluded.test_verdict else requests.test_verdict end,
    test_rank = case when requests.test_rank is null or (excluded.test_rank, excluded.test_finished_at, excluded.test_id) > (requests.test_rank, requests.test_finished_at, requests.test_id)
      then excluded.test_rank else requests.test_rank end,
    test_finished_at = case when requests.test_rank is null or (excluded.test_rank, excluded.test_finished_at, excluded.test_id) > (requests.test_rank, requests.test_finished_at, requests.test_id)
      then excluded.test_finished_at else requests.test_finished_at end
where excluded.test_started > requests.test_started
   or requests.fact_stanza is distinct from least(requests.fact_stanza, excluded.fact_stanza)
   or (excluded.test_rank is not null
       and (requests.test_rank is null
            or (excluded.test_rank, excluded.test_finished_at, excluded.test_id)
               > (requests.test_rank, requests.test_finished_at, requests.test_id)));
