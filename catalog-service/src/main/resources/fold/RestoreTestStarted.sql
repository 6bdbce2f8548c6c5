-- The claim that counts, as for backups.
insert into restore_tests (test_id, request_id, started, started_attempt, started_position)
select distinct on (test_id) test_id, request_id, payload, (payload ->> 'attempt')::int, position
from stage
where type = 'RestoreTestStarted'
order by test_id, (payload ->> 'attempt')::int desc, position
on conflict (test_id) do update
set started = excluded.started,
    started_attempt = excluded.started_attempt,
    started_position = excluded.started_position
where restore_tests.started is null
   or (-excluded.started_attempt, excluded.started_position)
      < (-restore_tests.started_attempt, restore_tests.started_position);

-- The test's first and latest signs of life.
insert into restore_tests (test_id, request_id, fact_stanza, run_at, seen_at)
select test_id, min(request_id::text)::uuid, min(stanza), min(occurred_at), max(occurred_at)
from stage
where type = 'RestoreTestStarted'
group by test_id
on conflict (test_id) do update
set request_id = least(restore_tests.request_id, excluded.request_id),
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
    test_started = true;
