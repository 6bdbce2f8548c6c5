package dev.holdfast.bench.catalog;

import dev.holdfast.schemas.EventDecoder;
import dev.holdfast.schemas.KafkaConnection;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.Objects;
import org.apache.avro.generic.GenericRecord;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaAndValue;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.storage.Converter;
import org.jspecify.annotations.Nullable;

/**
 * Gives Kafka Connect the rows that {@link RawProjection} writes, so that the peer has the same work: one row an event, with the event as JSON.
 * Types are named as Debezium's sink knows them.
 */
public final class EventRowConverter implements Converter {

    private static final Schema ROW = SchemaBuilder.struct()
            .name("event")
            .field("event_id", named("io.debezium.data.Uuid").required().build())
            .field("type", Schema.STRING_SCHEMA)
            .field(
                    "occurred_at",
                    named("io.debezium.time.ZonedTimestamp").required().build())
            .field("stanza", Schema.OPTIONAL_STRING_SCHEMA)
            .field("request_id", named("io.debezium.data.Uuid").optional().build())
            .field("test_id", named("io.debezium.data.Uuid").optional().build())
            .field("label", Schema.OPTIONAL_STRING_SCHEMA)
            .field("payload", named("io.debezium.data.Json").required().build())
            .build();

    private @Nullable EventDecoder decoder;

    /** Kafka Connect makes it. */
    public EventRowConverter() {}

    private static SchemaBuilder named(String name) {
        return SchemaBuilder.string().name(name).version(1);
    }

    @Override
    public void configure(Map<String, ?> settings, boolean isKey) {
        decoder = RawRows.generic(new KafkaConnection(
                "unused",
                Objects.requireNonNull(settings.get("schema.registry.url")).toString(),
                Map.of()));
    }

    @Override
    public byte[] fromConnectData(String topic, Schema schema, Object value) {
        throw new UnsupportedOperationException("the peer only reads");
    }

    @Override
    public SchemaAndValue toConnectData(String topic, byte[] value) {
        GenericRecord event = RawRows.event(Objects.requireNonNull(decoder), topic, value);
        Struct row = new Struct(ROW)
                .put("event_id", text(event, "eventId"))
                .put("type", event.getSchema().getName())
                .put(
                        "occurred_at",
                        Instant.EPOCH
                                .plus((Long) event.get("occurredAt"), ChronoUnit.MICROS)
                                .toString())
                .put("stanza", text(event, "stanza"))
                .put("request_id", text(event, "requestId"))
                .put("test_id", text(event, "testId"))
                .put("label", text(event, "label"))
                .put("payload", event.toString());
        return new SchemaAndValue(ROW, row);
    }

    private static @Nullable String text(GenericRecord event, String field) {
        Object value = event.hasField(field) ? event.get(field) : null;
        return value == null ? null : value.toString();
    }
}
