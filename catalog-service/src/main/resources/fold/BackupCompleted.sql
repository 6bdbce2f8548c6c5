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

-- The end of its request: the first in the log.
insert into requests (request_id, fact_stanza, fact_kind, completed, completed_position)
select distinct on (request_id) request_id, stanza, 'BACKUP', payload, position
from stage
where type = 'BackupCompleted'
order by request_id, position
on conflict (request_id) do update
set fact_stanza = least(requests.fact_stanza, excluded.fact_stanza),
    fact_kind = 'BACKUP',
    completed = excluded.completed,
    completed_position = excluded.completed_position
where requests.completed is null or excluded.completed_position < requests.completed_position;
