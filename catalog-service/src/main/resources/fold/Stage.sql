-- Makes the place where a batch of records is staged before it is folded in; gone with the connection.
-- Nothing in it is compressed if that can be helped: every look at a field would have to undo it.
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
) with (toast_tuple_target = 8160) on commit delete rows
