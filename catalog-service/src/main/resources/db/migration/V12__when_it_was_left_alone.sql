-- When a refusal, or the word that it is left alone, first told of a request. What is known by that alone has its place in lists by it, and no longer behind all others.
alter table requests add column told_at timestamptz;

update requests r
set told_at = coalesce(
  (select min(e.occurred_at) from events e
   where e.request_id = r.request_id and e.known
     and (e.type = 'RequestUnserved' or (e.type = 'BackupRejected' and e.payload ->> 'rejection' <> 'DUPLICATE'))),
  r.unserved_at) -- where raw events are not kept for ever
where r.rejected is not null or r.unserved is not null or r.test_unserved is not null;

-- What a generated column is made of cannot be changed: it is made anew, with the indexes that lead over it, as far as they are there.
do $$
declare
  remade text[];
  definition text;
begin
  select array_agg(indexdef order by indexname) into remade
  from pg_indexes
  where schemaname = current_schema() and ((tablename = 'requests' and indexdef like '%asked_at%') or (tablename = 'restore_tests' and indexdef like '%sort_at%'));

  alter table requests
    drop column asked_at,
    add column asked_at timestamptz generated always as (coalesce(requested_recorded, run_at, told_at, test_finished_at, 'epoch')) stored;
  alter table restore_tests
    drop column sort_at,
    add column sort_at timestamptz generated always as (coalesce(requested_recorded, run_at, unserved_at, finished_at, 'epoch')) stored;

  foreach definition in array coalesce(remade, '{}') loop
    execute definition;
  end loop;
end $$;
