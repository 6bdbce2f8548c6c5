-- The number of the newest event that the projector has kept. The sequence knows it too, but runs ahead of what has been committed; and to look for it among
-- the events takes a look into each of their months.
alter table projection_status add column last_event bigint;
update projection_status set last_event = (select max(seq) from events);

-- Facts are looked for by the columns made of them: to sort a sample of them is most of the work of analysing a table, and nobody uses what it finds.
do $$
declare
  fact record;
begin
  for fact in
    select table_name, column_name from information_schema.columns
    where table_schema = current_schema() and data_type = 'jsonb'
      and table_name in ('requests', 'backup_sets', 'restore_tests', 'slots', 'repositories', 'restore_points', 'policies', 'objectives',
                         'proof_coverage', 'runners')
  loop
    execute format('alter table %I alter column %I set statistics 0', fact.table_name, fact.column_name);
  end loop;
end $$;

-- Whose they are: some are made earlier than others. What an older version took away was of raw events, or of a rebuild that is begun anew.
alter table deferred_indexes add column owner text not null default 'events';
alter table deferred_indexes alter column owner drop default;
