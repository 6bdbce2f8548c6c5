-- The latest judgement of the objective.
insert into objectives (stanza, objective, position, met, judged)
select distinct on (stanza, objective) stanza, payload ->> 'objective' as objective, position, true, payload
from stage
where type = 'ObjectiveMet'
order by stanza, objective, position desc
on conflict (stanza, objective) do update
set position = excluded.position, met = excluded.met, judged = excluded.judged
where excluded.position > objectives.position;
