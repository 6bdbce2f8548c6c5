-- Each scheduled instant ends once; of several words the first in the log counts.
insert into slots (stanza, kind, schedule, slot, position, concluded)
select distinct on (stanza, kind, schedule, slot)
  stanza, payload ->> 'kind' as kind, payload ->> 'schedule' as schedule, (payload ->> 'slot')::timestamptz as slot, position, payload
from stage
where type = 'SlotConcluded'
order by stanza, kind, schedule, slot, position
on conflict (stanza, kind, schedule, slot) do update
set position = excluded.position, concluded = excluded.concluded
where excluded.position < slots.position;
