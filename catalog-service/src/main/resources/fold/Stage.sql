-- Makes the place where a batch of records is staged before it is folded in; gone with the connection.
create temporary table if not exists stage (
  type        text,
  known       boolean,
  topic       text,
  partition   int,
  log_offset  bigint,
  position    bigint generated always as (partition * 281474976710656 + log_offset) stored,
  recorded_at timestamptz,
  event_id    uuid,
  occurred_at timestamptz,
  stanza      text,
  request_id  uuid,
  test_id     uuid,
  label       text,
  payload     jsonb
) on commit delete rows
