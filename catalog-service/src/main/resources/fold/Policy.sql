-- The policy with the highest version.
insert into policies (stanza, version, position, policy)
select distinct on (stanza) stanza, (payload ->> 'version')::int as version, position, payload
from stage
where type = 'Policy'
order by stanza, version desc, position desc
on conflict (stanza) do update
set version = excluded.version, position = excluded.position, policy = excluded.policy
where (excluded.version, excluded.position) > (policies.version, policies.position);
