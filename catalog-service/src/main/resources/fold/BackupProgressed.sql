-- The latest heartbeat. Of which stanza the request is, only what stays in the log says: heartbeats are forgotten after a day.
insert into requests (request_id, progress, progress_at, seen_at)
select distinct on (request_id) request_id, payload, occurred_at, occurred_at
from stage
where type = 'BackupProgressed'
order by request_id, occurred_at desc, position desc
on conflict (request_id) do update
set progress = excluded.progress,
    progress_at = excluded.progress_at,
    seen_at = greatest(requests.seen_at, excluded.seen_at)
where requests.progress_at is null or excluded.progress_at >= requests.progress_at;
