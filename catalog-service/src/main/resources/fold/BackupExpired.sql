-- Retention removed it: for good, labels are never used twice.
insert into backup_sets (stanza, repository, label, expired, expired_position)
select distinct on (stanza, repository, label) stanza, (payload ->> 'repository')::int as repository, label, payload, position
from stage
where type = 'BackupExpired'
order by stanza, repository, label, position
on conflict (stanza, repository, label) do update
set expired = excluded.expired, expired_position = excluded.expired_position
where backup_sets.expired is null or excluded.expired_position < backup_sets.expired_position;
