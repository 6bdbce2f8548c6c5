-- The latest measure of how much is proven.
insert into proof_coverage (stanza, position, observed)
select distinct on (stanza) stanza, position, payload
from stage
where type = 'ProofCoverageObserved'
order by stanza, position desc
on conflict (stanza) do update
set position = excluded.position, observed = excluded.observed
where excluded.position > proof_coverage.position;
