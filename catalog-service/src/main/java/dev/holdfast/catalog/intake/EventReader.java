package dev.holdfast.catalog.intake;

import dev.holdfast.catalog.history.LogPosition;
import dev.holdfast.catalog.history.LogRecord;
import dev.holdfast.schemas.CloudEventHeaders;
import dev.holdfast.schemas.EventDecoder;
import dev.holdfast.schemas.EventType;
import dev.holdfast.schemas.Ids;
import dev.holdfast.schemas.KafkaConnection;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericRecord;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/**
 * Turns a record's bytes into an event with the writer's own fields, so that what a newer producer added is kept. Waits
 * for a registry that does not answer.
 */
final class EventReader implements AutoCloseable {

    private static final Pattern TRACE = Pattern.compile("[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}");

    private final EventDecoder decoder;

    EventReader(KafkaConnection connection) {
        Map<String, String> generic = new HashMap<>(connection.further());
        generic.put("specific.avro.reader", "false");
        this.decoder =
                new EventDecoder(new KafkaConnection(connection.bootstrapServers(), connection.registry(), generic));
    }

    LogRecord read(ConsumerRecord<byte[], byte[]> record) {
        LogPosition position = new LogPosition(
                record.topic(), record.partition(), record.offset(), Instant.ofEpochMilli(record.timestamp()));
        try {
            return switch (decoder.decode(record.topic(), record.value())) {
                case EventDecoder.UnknownType unknown -> event(position, unknown.event(), trace(record));
                case EventDecoder.Event known -> event(position, (GenericRecord) known.event(), trace(record));
                case EventDecoder.Unreadable unreadable -> new LogRecord.Unreadable(position, unreadable.reason());
            };
        } catch (IllegalArgumentException | DateTimeException | ArithmeticException | ClassCastException e) {
            return new LogRecord.Unreadable(position, "a field of the envelope is not what it should be: " + e);
        }
    }

    /** The trace that the record's producer says it belongs to; one that is not in W3C's form is none. */
    private static Optional<String> trace(ConsumerRecord<byte[], byte[]> record) {
        return Optional.ofNullable(record.headers().lastHeader(CloudEventHeaders.TRACEPARENT))
                .map(header -> new String(header.value(), StandardCharsets.US_ASCII))
                .filter(trace -> TRACE.matcher(trace).matches());
    }

    private static LogRecord event(LogPosition position, GenericRecord event, Optional<String> traceparent) {
        Schema schema = event.getSchema();
        boolean known = EventType.of(schema)
                .filter(type -> type.topic().wireName().equals(position.topic()))
                .isPresent();
        var subject = new LogRecord.Subject(
                text(event, "stanza"),
                text(event, "requestId").map(UUID::fromString),
                text(event, "testId").map(UUID::fromString),
                text(event, "label").or(() -> text(event, "backupLabel")));
        return new LogRecord.Event(
                position,
                schema.getName(),
                known,
                eventId(position, event, known),
                occurredAt(position, event, known),
                subject,
                traceparent,
                AvroJson.of(event, traceparent));
    }

    /** A foreign event may have no id: its place in the log then is one. */
    private static UUID eventId(LogPosition position, GenericRecord event, boolean known) {
        Optional<String> id = text(event, "eventId");
        if (known && id.isEmpty()) {
            throw new IllegalArgumentException("eventId is missing");
        }
        return id.map(UUID::fromString).orElseGet(() -> Ids.derived("record", position.toString()));
    }

    private static Instant occurredAt(LogPosition position, GenericRecord event, boolean known) {
        Object micros = field(event, "occurredAt");
        if (micros instanceof Long value) {
            return Instant.EPOCH.plus(value, ChronoUnit.MICROS);
        }
        if (known) {
            throw new IllegalArgumentException("occurredAt is missing");
        }
        return position.recordedAt();
    }

    private static Optional<String> text(GenericRecord event, String name) {
        return Optional.ofNullable(field(event, name)).map(Object::toString);
    }

    private static @Nullable Object field(GenericRecord event, String name) {
        return event.hasField(name) ? event.get(name) : null;
    }

    @Override
    public void close() {
        decoder.close();
    }
}
