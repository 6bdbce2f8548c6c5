-- The request: the first record of this id by record time.
insert into requests (request_id, requested, requested_recorded, requested_position, requested_kind)
select distinct on (request_id) request_id, payload, recorded_at, position, 'BACKUP'
from stage
where type = 'BackupRequested'
order by request_id, recorded_at, position
on conflict (request_id) do update
set requested = excluded.requested,
    requested_recorded = excluded.requested_recorded,
    requested_position = excluded.requested_position,
    requested_kind = excluded.requested_kind
where requests.requested is null
   or requests.requested_kind <> 'BACKUP'
   or (excluded.requested_recorded, excluded.requested_position) < (requests.requested_recorded, requests.requested_position);
