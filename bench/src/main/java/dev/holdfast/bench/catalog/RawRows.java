package dev.holdfast.bench.catalog;

import dev.holdfast.schemas.EventDecoder;
import dev.holdfast.schemas.KafkaConnection;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.Map;
import org.apache.avro.generic.GenericRecord;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/** What raw program and peer write of an event: one row, with the whole event as JSON. */
final class RawRows implements AutoCloseable {

    /** Their table: a key and two indexes. */
    static final String TABLE = """
            create table raw_events (
              event_id uuid primary key, type text, topic text, partition int, log_offset bigint, recorded_at timestamptz,
              occurred_at timestamptz, stanza text, request_id uuid, test_id uuid, label text, payload jsonb);
            create index on raw_events (stanza, occurred_at);
            create index on raw_events (request_id);
            create table raw_offsets (topic text, partition int, next_offset bigint, primary key (topic, partition))
            """;

    /**
     * One row.
     *
     * @param event the event
     * @param record the record that held it
     */
    record RawRow(GenericRecord event, ConsumerRecord<byte[], byte[]> record) {

        @Nullable
        String text(String field) {
            Object value = event.hasField(field) ? event.get(field) : null;
            return value == null ? null : value.toString();
        }

        Instant occurredAt() {
            return Instant.EPOCH.plus((Long) event.get("occurredAt"), ChronoUnit.MICROS);
        }
    }

    private final EventDecoder decoder;

    RawRows(KafkaConnection connection) {
        decoder = generic(connection);
    }

    /** A decoder that leaves events as the writer's own fields. */
    static EventDecoder generic(KafkaConnection connection) {
        Map<String, String> further = new HashMap<>(connection.further());
        further.put("specific.avro.reader", "false");
        return new EventDecoder(new KafkaConnection(connection.bootstrapServers(), connection.registry(), further));
    }

    RawRow read(ConsumerRecord<byte[], byte[]> record) {
        return new RawRow(event(decoder, record.topic(), record.value()), record);
    }

    static GenericRecord event(EventDecoder decoder, String topic, byte[] value) {
        return switch (decoder.decode(topic, value)) {
            case EventDecoder.UnknownType generic -> generic.event();
            case EventDecoder.Event known -> (GenericRecord) known.event();
            case EventDecoder.Unreadable unreadable -> throw new IllegalStateException(unreadable.reason());
        };
    }

    @Override
    public void close() {
        decoder.close();
    }
}
