-- The latest look at the repository.
insert into repositories (stanza, repository, position, observed_at, observed)
select distinct on (stanza, repository) stanza, (payload ->> 'repository')::int as repository, position, occurred_at, payload
from stage
where type = 'RepositoryObserved'
order by stanza, repository, position desc
on conflict (stanza, repository) do update
set position = excluded.position, observed_at = excluded.observed_at, observed = excluded.observed
where excluded.position > repositories.position;
