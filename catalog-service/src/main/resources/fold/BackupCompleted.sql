-- The set in the repository.
insert into backup_sets (stanza, repository, label, completed, completed_position, started_at, finished_at, request_id, requested_by)
select distinct on (stanza, repository, label)
  stanza, (payload ->> 'repository')::int as repository, label, payload, position,
  (payload ->> 'startedAt')::timestamptz, (payload ->> 'finishedAt')::timestamptz,
  request_id, payload #>> '{requestedBy,principal}'
from stage
where type = 'BackupCompleted'
order by stanza, repository, label, position
on conflict (stanza, repository, label) do update
set completed = excluded.completed,
    completed_position = excluded.completed_position,
    started_at = excluded.started_at,
    finished_at = excluded.finished_at,
    request_id = excluded.request_id,
    requested_by = excluded.requested_by
where backup_sets.completed is null or excluded.completed_position < backup_sets.completed_position;

