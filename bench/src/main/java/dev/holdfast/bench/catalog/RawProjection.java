package dev.holdfast.bench.catalog;

import dev.holdfast.schemas.KafkaConnection;
import dev.holdfast.schemas.Topic;
import java.io.IOException;
import java.io.StringReader;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;

/**
 * The anchor of the projection, a program of its own: polls, decodes, copies into a staging table, upserts one row an event, moves the offsets in
 * the same transaction. Folds nothing and withstands nothing. Ends when it has read so many records.
 */
final class RawProjection {

    private static final int BATCH = 5_000;
    private static final String STAGE = "create temporary table raw_stage (like raw_events) on commit delete rows";
    private static final String UPSERT =
            "insert into raw_events select * from raw_stage on conflict (event_id) do update set payload = excluded.payload";
    private static final String MOVE =
            "insert into raw_offsets values (?, ?, ?) on conflict (topic, partition) do update set next_offset = excluded.next_offset";

    private final Connection database;
    private final RawRows rows;

    private RawProjection(Connection database, RawRows rows) {
        this.database = database;
        this.rows = rows;
    }

    /**
     * Drains.
     *
     * @param arguments JDBC URL, user, number of records; Kafka and registry come from the environment
     */
    public static void main(String[] arguments) throws SQLException, IOException {
        KafkaConnection kafka = KafkaConnection.from(System.getenv());
        try (Connection database = DriverManager.getConnection(arguments[0], arguments[1], "");
                RawRows rows = new RawRows(kafka)) {
            database.setAutoCommit(false);
            try (Statement statement = database.createStatement()) {
                statement.execute(STAGE);
            }
            database.commit();
            new RawProjection(database, rows).drain(kafka, Long.parseLong(arguments[2]));
        }
    }

    private void drain(KafkaConnection kafka, long records) throws SQLException, IOException {
        Map<String, Object> settings = kafka.consumer("bench-raw-projection");
        settings.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, BATCH);
        settings.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
        try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(settings)) {
            List<TopicPartition> all = Stream.of(Topic.values())
                    .flatMap(topic -> consumer.partitionsFor(topic.wireName()).stream())
                    .map(info -> new TopicPartition(info.topic(), info.partition()))
                    .toList();
            consumer.assign(all);
            consumer.seekToBeginning(all);
            long read = 0;
            while (read < records) {
                ConsumerRecords<byte[], byte[]> batch = consumer.poll(Duration.ofMillis(500));
                if (!batch.isEmpty()) {
                    project(batch);
                    read += batch.count();
                }
            }
        }
    }

    private void project(ConsumerRecords<byte[], byte[]> batch) throws SQLException, IOException {
        StringBuilder lines = new StringBuilder(1 << 20);
        for (ConsumerRecord<byte[], byte[]> record : batch) {
            line(lines, rows.read(record));
        }
        database.unwrap(PGConnection.class)
                .getCopyAPI()
                .copyIn("copy raw_stage from stdin", new StringReader(lines.toString()));
        try (Statement upsert = database.createStatement();
                PreparedStatement move = database.prepareStatement(MOVE)) {
            upsert.executeUpdate(UPSERT);
            for (TopicPartition partition : batch.partitions()) {
                move.setString(1, partition.topic());
                move.setInt(2, partition.partition());
                move.setLong(3, batch.records(partition).getLast().offset() + 1);
                move.addBatch();
            }
            move.executeBatch();
        }
        database.commit();
    }

    private static void line(StringBuilder lines, RawRows.RawRow row) {
        ConsumerRecord<byte[], byte[]> record = row.record();
        field(lines, row.text("eventId"));
        field(lines, row.event().getSchema().getName());
        field(lines, record.topic());
        field(lines, String.valueOf(record.partition()));
        field(lines, String.valueOf(record.offset()));
        field(lines, Instant.ofEpochMilli(record.timestamp()).toString());
        field(lines, row.occurredAt().toString());
        field(lines, row.text("stanza"));
        field(lines, row.text("requestId"));
        field(lines, row.text("testId"));
        field(lines, row.text("label"));
        field(lines, row.event().toString());
        lines.setCharAt(lines.length() - 1, '\n');
    }

    private static void field(StringBuilder lines, @Nullable String text) {
        lines.append(text == null ? "\\N" : text.replace("\\", "\\\\").replace("\n", "\\n"))
                .append('\t');
    }
}
