-- Gone though nothing expired it; a later discovery says that it is there again.
insert into backup_sets (stanza, repository, label, vanished, vanished_position)
select distinct on (stanza, repository, label) stanza, (payload ->> 'repository')::int as repository, label, payload, position
from stage
where type = 'BackupVanished'
order by stanza, repository, label, position desc
on conflict (stanza, repository, label) do update
set vanished = excluded.vanished, vanished_position = excluded.vanished_position
where backup_sets.vanished is null or excluded.vanished_position > backup_sets.vanished_position;
