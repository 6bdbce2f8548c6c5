-- The latest announcement.
insert into runners (service, pool, instance, announced_at, announced)
select distinct on (service, pool, instance)
  payload ->> 'service' as service, payload ->> 'pool' as pool, payload ->> 'instance' as instance, occurred_at, payload
from stage
where type = 'RunnerAnnounced'
order by service, pool, instance, occurred_at desc, position desc
on conflict (service, pool, instance) do update
set announced_at = excluded.announced_at, announced = excluded.announced
where excluded.announced_at > runners.announced_at;
