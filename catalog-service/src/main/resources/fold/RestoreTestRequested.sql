-- The test that is asked for: the first record of it by record time. Several requests that name one test are no good order; the least of them counts.
insert into restore_tests (test_id, request_id, requested, requested_recorded, requested_position)
select distinct on (test_id) test_id, (min(request_id::text) over (partition by test_id))::uuid, payload, recorded_at, position
from stage
where type = 'RestoreTestRequested'
order by test_id, recorded_at, position
on conflict (test_id) do update
set request_id = least(restore_tests.request_id, excluded.request_id),
    requested = case when restore_tests.requested is null or (excluded.requested_recorded, excluded.requested_position) < (restore_tests.requested_recorded, restore_tests.requested_position)
      then excluded.requested else restore_tests.requested end,
    requested_recorded = case when restore_tests.requested is null or (excluded.requested_recorded, excluded.requested_position) < (restore_tests.requested_recorded, restore_tests.requested_position)
      then excluded.requested_recorded else restore_tests.requested_recorded end,
    requested_position = case when restore_tests.requested is null or (excluded.requested_recorded, excluded.requested_position) < (restore_tests.requested_recorded, restore_tests.requested_position)
      then excluded.requested_position else restore_tests.requested_position end;

-- Its request, unless the id is a backup's.
insert into requests (request_id, requested, requested_recorded, requested_position, requested_kind)
select distinct on (request_id) request_id, payload, recorded_at, position, 'RESTORE_TEST'
from stage
where type = 'RestoreTestRequested'
order by request_id, recorded_at, position
on conflict (request_id) do update
set requested = excluded.requested,
    requested_recorded = excluded.requested_recorded,
    requested_position = excluded.requested_position,
    requested_kind = excluded.requested_kind
where requests.requested is null
   or (requests.requested_kind = 'RESTORE_TEST'
       and (excluded.requested_recorded, excluded.requested_position)
           < (requests.requested_recorded, requests.requested_position));
