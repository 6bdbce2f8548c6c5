-- The verdict, without the evidence, which stays in events alone: it is large, and is taken off once for all that follows.
with verdicts as materialized (
  select test_id, request_id, stanza, label, payload - 'evidence' as payload, event_id, position
  from stage
  where type = 'RestoreTestCompleted'
),

-- Of the test the first verdict in the log counts.
tests as (
insert into restore_tests (test_id, request_id, fact_stanza, completed, completed_event, completed_position, finished_at)
select distinct on (test_id)
  test_id, request_id, stanza, payload, event_id, position, (payload ->> 'finishedAt')::timestamptz
from verdicts
order by test_id, position
on conflict (test_id) do update
set request_id = least(restore_tests.request_id, excluded.request_id),
    fact_stanza = least(restore_tests.fact_stanza, excluded.fact_stanza),
    completed = excluded.completed,
    completed_event = excluded.completed_event,
    completed_position = excluded.completed_position,
    finished_at = excluded.finished_at
where restore_tests.completed is null or excluded.completed_position < restore_tests.completed_position
),

-- The proof of the set: what says something (PASSED, FAILED) before what doesn't, then the newest.
sets as (
insert into backup_sets (stanza, repository, label, proof_test_id, proof_verdict, proof_rung, proof_rank, proof_at)
select distinct on (stanza, repository, label)
  stanza, coalesce((payload ->> 'repository')::int, 1) as repository, label, test_id,
  payload ->> 'verdict', payload ->> 'rung',
  case when payload ->> 'verdict' in ('PASSED', 'FAILED') then 1 else 0 end as rank,
  (payload ->> 'finishedAt')::timestamptz as finished_at
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
)

-- The same for the request.
insert into requests (request_id, fact_stanza, test_id, test_verdict, test_rank, test_finished_at)
select distinct on (request_id)
  request_id, stanza, test_id, payload ->> 'verdict',
  case when payload ->> 'verdict' in ('PASSED', 'FAILED') then 1 else 0 end as rank,
  (payload ->> 'finishedAt')::timestamptz as finished_at
from verdicts
order by request_id, rank desc, finished_at desc, test_id desc
on conflict (request_id) do update
set fact_stanza = least(requests.fact_stanza, excluded.fact_stanza),
    test_id = excluded.test_id,
    test_verdict = excluded.test_verdict,
    test_rank = excluded.test_rank,
    test_finished_at = excluded.test_finished_at
where requests.test_rank is null
   or (excluded.test_rank, excluded.test_finished_at, excluded.test_id)
      > (requests.test_rank, requests.test_finished_at, requests.test_id);
