-- What is missing is rare: it is found without looking at what is there.
create index requests_unasked on requests (asked_at desc, request_id) where requested is null;
create index restore_tests_unsigned on restore_tests (finished_at desc, test_id)
  where verdict in ('PASSED', 'FAILED') and coalesce(completed ->> 'evidenceSha256', '') = '';
create index backup_sets_vanished on backup_sets (stanza, label) where status = 'VANISHED';
