\set number random(0, 999)
-- What the catalog asks for the 20 newest backups of a stanza, and how far the answer reflects the log.
select * from ((
  select sort_at, row_key, stanza, label, repository, type, status, request_id, coalesce(completed, discovered) as fact, null::jsonb as requested,
         null::jsonb as progress, coalesce(expired, vanished) as gone, proof_test_id, proof_verdict, proof_rung, proof_at
  from backup_sets where is_known and stanza = 'stanza-' || lpad(:number::text, 5, '0') order by sort_at desc, row_key desc limit 21)
  union all (
  select run_at, request_id::text, stanza, null::text, (coalesce(started, failed, requested) ->> 'repository')::int,
         coalesce(started, failed) ->> 'requestedType', case when failed is null then 'RUNNING' else 'FAILED' end, request_id, coalesce(failed, started),
         requested, progress, null::jsonb, null::uuid, null::text, null::text, null::timestamptz
  from requests where completed is null and run_at is not null and stanza = 'stanza-' || lpad(:number::text, 5, '0')
  order by run_at desc, request_id::text desc limit 21)) as backups
order by sort_at desc, row_key desc limit 21;
select position, recorded_at, caught_up and checked_at > clock_timestamp() - interval '15 seconds' as caught_up from projection_status;
