-- The claim that counts, as for backups, and the test's first and latest signs of life.
insert into restore_tests (test_id, request_id, fact_stanza, started, started_attempt, started_position, run_at, seen_at)
select distinct on (test_id)
  test_id, (min(request_id::text) over runs)::uuid, min(stanza) over runs, payload, (payload ->> 'attempt')::int, position,
  min(occurred_at) over runs, max(occurred_at) over runs
from stage
where type = 'RestoreTestStarted'
window runs as (partition by test_id)
order by test_id, (payload ->> 'attempt')::int desc, position
on conflict (test_id) do update
set started = case
      when restore_tests.started is null or (-excluded.started_attempt, excluded.started_position) < (-restore_tests.started_attempt, restore_tests.started_position)
      then excluded.started else restore_tests.started end,
    started_attempt = case
      when restore_tests.started is null or (-excluded.started_attempt, excluded.started_position) < (-restore_tests.started_attempt, restore_tests.started_position)
      then excluded.started_attempt else restore_tests.started_attempt end,
    started_position = case
      when restore_tests.started is null or (-excluded.started_attempt, excluded.started_position) < (-restore_tests.started_attempt, restore_tests.started_position)
      then excluded.started_position else restore_tests.started_position end,
    request_id = least(restore_tests.request_id, excluded.request_id),
    fact_stanza = least(restore_tests.fact_stanza, excluded.fact_stanza),
    run_at = least(restore_tests.run_at, excluded.run_at),
    seen_at = greatest(restore_tests.seen_at, excluded.seen_at);

-- Its request has begun to be served.
insert into requests (request_id, fact_stanza, test_started)
select request_id, min(stanza), true
from stage
where type = 'RestoreTestStarted'
group by request_id
on conflict (request_id) do update
set fact_stanza = least(requests.fact_stanza, excluded.fact_stanza),
    test_started = true
where not requests.test_started or requests.fact_stanza is distinct from least(requests.fact_stanza, excluded.fact_stanza);
