-- What runs now is found without looking at all that ever failed.
create index requests_running on requests (run_at desc, (request_id::text) desc) where completed is null and failed is null and run_at is not null;
