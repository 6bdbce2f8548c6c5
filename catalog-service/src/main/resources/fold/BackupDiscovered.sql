-- A set that no request asked for, or one that came back. What a completion said of it stands above it.
insert into backup_sets (stanza, repository, label, discovered, discovered_position, started_at, finished_at)
select distinct on (stanza, repository, label)
  stanza, (payload ->> 'repository')::int as repository, label, payload, position,
  (payload ->> 'startedAt')::timestamptz, (payload ->> 'finishedAt')::timestamptz
from stage
where type = 'BackupDiscovered'
order by stanza, repository, label, position desc
on conflict (stanza, repository, label) do update
set discovered = excluded.discovered,
    discovered_position = excluded.discovered_position,
    started_at = case when backup_sets.completed is null then excluded.started_at else backup_sets.started_at end,
    finished_at = case when backup_sets.completed is null then excluded.finished_at else backup_sets.finished_at end
where backup_sets.discovered is null or excluded.discovered_position > backup_sets.discovered_position;
