package dev.holdfast.catalog.store;

import dev.holdfast.catalog.history.LogRecord;
import dev.holdfast.catalog.history.Partition;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** How far a projection has read its log, and what it could not read of it. All within the projector's transactions. */
final class PlaceInLog {

    private final Connection connection;
    private final Map<Partition, Long> committed = new HashMap<>();

    PlaceInLog(Connection connection) {
        this.connection = connection;
    }

    /** The offset to read next in each partition that was ever read. */
    Map<Partition, Long> read() throws SQLException {
        Map<Partition, Long> offsets = new HashMap<>();
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("select topic, partition, next_offset from log_offsets")) {
            while (rows.next()) {
                offsets.put(new Partition(rows.getString(1), rows.getInt(2)), rows.getLong(3));
            }
        }
        return Map.copyOf(offsets);
    }

    /** Notes the unreadable ones of these records. */
    void note(List<LogRecord> records) throws SQLException {
        for (LogRecord record : records) {
            if (record instanceof LogRecord.Unreadable unreadable) {
                note(unreadable);
            }
        }
    }

    /** Moves to these offsets, which follow the records. */
    void move(Map<Partition, Long> next, List<LogRecord> records) throws SQLException {
        List<Map.Entry<Partition, Long>> moved = new ArrayList<>(next.entrySet());
        moved.removeIf(entry -> entry.getValue().equals(committed.get(entry.getKey())));
        try (PreparedStatement upsert = connection.prepareStatement("""
                insert into log_offsets (topic, partition, next_offset)
                select * from unnest(?::text[], ?::int[], ?::bigint[])
                on conflict (topic, partition) do update set next_offset = excluded.next_offset""");
                PreparedStatement status = connection.prepareStatement("""
                update projection_status
                set position = (
                      select coalesce(jsonb_object_agg(topic, records), '{}')
                      from (select topic, sum(next_offset) as records from log_offsets group by topic) as topics),
                    recorded_at = greatest(recorded_at, ?),
                    last_event = (select case when is_called then last_value else 0 end from events_seq)""")) {
            upsert.setArray(
                    1,
                    connection.createArrayOf(
                            "text", moved.stream().map(e -> e.getKey().topic()).toArray()));
            upsert.setArray(
                    2,
                    connection.createArrayOf(
                            "int", moved.stream().map(e -> e.getKey().number()).toArray()));
            upsert.setArray(
                    3,
                    connection.createArrayOf(
                            "bigint", moved.stream().map(Map.Entry::getValue).toArray()));
            upsert.executeUpdate();
            status.setTimestamp(1, newest(records));
            status.executeUpdate();
        }
    }

    /** Says that a move has been committed: only what differs from it is written next. */
    void isAt(Map<Partition, Long> offsets) {
        committed.putAll(offsets);
    }

    private static Timestamp newest(List<LogRecord> records) {
        return Timestamp.from(records.stream()
                .map(record -> record.position().recordedAt())
                .max(Instant::compareTo)
                .orElse(Instant.EPOCH));
    }

    private void note(LogRecord.Unreadable unreadable) throws SQLException {
        try (PreparedStatement insert = connection.prepareStatement("""
                insert into unreadable_records (topic, partition, log_offset, recorded_at, reason)
                values (?, ?, ?, ?, ?) on conflict do nothing""")) {
            insert.setString(1, unreadable.position().topic());
            insert.setInt(2, unreadable.position().partition());
            insert.setLong(3, unreadable.position().offset());
            insert.setTimestamp(4, Timestamp.from(unreadable.position().recordedAt()));
            insert.setString(5, unreadable.reason().replace('\0', '\uFFFD'));
            insert.executeUpdate();
        }
    }
}
