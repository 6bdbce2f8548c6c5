-- The latest word that a backup request is left alone; a fact of the run stands above it. Whoever spoke earlier may have named another stanza.
insert into requests (request_id, fact_stanza, fact_kind, told_at, unserved, unserved_at, unserved_position)
select distinct on (request_id)
  request_id, min(stanza) over (partition by request_id), max(payload ->> 'kind') filter (where payload ->> 'kind' = 'BACKUP') over (partition by request_id),
  min(occurred_at) over (partition by request_id), payload, occurred_at, position
from stage
where type = 'RequestUnserved' and payload ->> 'kind' <> 'RESTORE_TEST'
order by request_id, position desc
on conflict (request_id) do update
set fact_stanza = least(requests.fact_stanza, excluded.fact_stanza),
    fact_kind = coalesce(requests.fact_kind, excluded.fact_kind),
    told_at = least(requests.told_at, excluded.told_at),
    unserved = case when requests.unserved is null or excluded.unserved_position > requests.unserved_position then excluded.unserved else requests.unserved end,
    unserved_at = case when requests.unserved is null or excluded.unserved_position > requests.unserved_position then excluded.unserved_at else requests.unserved_at end,
    unserved_position = greatest(requests.unserved_position, excluded.unserved_position);

-- The same of a restore test.
insert into restore_tests (test_id, request_id, fact_stanza, unserved, unserved_at, unserved_position)
select distinct on (test_id)
  test_id, (min(request_id::text) over (partition by test_id))::uuid, min(stanza) over (partition by test_id), payload, occurred_at, position
from stage
where type = 'RequestUnserved' and test_id is not null
order by test_id, position desc
on conflict (test_id) do update
set request_id = least(restore_tests.request_id, excluded.request_id),
    fact_stanza = least(restore_tests.fact_stanza, excluded.fact_stanza),
    unserved = case when restore_tests.unserved is null or excluded.unserved_position > restore_tests.unserved_position then excluded.unserved else restore_tests.unserved end,
    unserved_at = case when restore_tests.unserved is null or excluded.unserved_position > restore_tests.unserved_position then excluded.unserved_at else restore_tests.unserved_at end,
    unserved_position = greatest(restore_tests.unserved_position, excluded.unserved_position);

-- And of the request that asked for the test.
insert into requests (request_id, fact_stanza, told_at, test_unserved)
select request_id, min(stanza), min(occurred_at), max(payload ->> 'unserved')
from stage
where type = 'RequestUnserved' and payload ->> 'kind' = 'RESTORE_TEST'
group by request_id
on conflict (request_id) do update
set fact_stanza = least(requests.fact_stanza, excluded.fact_stanza),
    told_at = least(requests.told_at, excluded.told_at),
    test_unserved = greatest(requests.test_unserved, excluded.test_unserved);
