-- The last point of this name: PostgreSQL lets a name be used again, and recovery stops at the first it meets.
insert into restore_points (stanza, name, position, created)
select distinct on (stanza, name) stanza, payload ->> 'name' as name, position, payload
from stage
where type = 'RestorePointCreated'
order by stanza, name, position desc
on conflict (stanza, name) do update
set position = excluded.position, created = excluded.created
where excluded.position > restore_points.position;
