-- The latest heartbeat. Of which request the test is, only what stays in the log says.
insert into restore_tests (test_id, progress, progress_at, seen_at)
select distinct on (test_id) test_id, payload, occurred_at, occurred_at
from stage
where type = 'RestoreTestProgressed'
order by test_id, occurred_at desc, position desc
on conflict (test_id) do update
set progress = excluded.progress,
    progress_at = excluded.progress_at,
    seen_at = greatest(restore_tests.seen_at, excluded.seen_at)
where restore_tests.progress_at is null or excluded.progress_at >= restore_tests.progress_at;
