-- The first wish to stop it. The state changes only when a fact says that it was stopped.
insert into requests (request_id, cancel, cancel_position)
select distinct on (request_id) request_id, payload, position
from stage
where type = 'CancelRequested'
order by request_id, position
on conflict (request_id) do update
set cancel = excluded.cancel, cancel_position = excluded.cancel_position
where requests.cancel is null or excluded.cancel_position < requests.cancel_position;
