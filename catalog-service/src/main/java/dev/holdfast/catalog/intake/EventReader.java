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
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * Turns a record's bytes into an event with the writer's own fields, so that what a newer producer added is kept. Waits
 * for a registry that does not answer.
 */
final class EventReader implements AutoCloseable {

    private static final Pattern TRACE = Pattern.compile("[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}");

    private final EventDecoder decoder;
    private final AvroJson json = new AvroJson();

    EventReader(KafkaConnection connection) {
        Map<String, String> generic = new HashMap<>(connection.further());
        generic.put("specific.avro.reader", "false");
        this.decoder =
                new EventDecoder(new KafkaConnection(connection.bootstrapServers(), connection.registry(), generic));
    }

    LogRecord read(ConsumerRecord<byte[], byte[]> record) {
        LogPosition position = new LogPosition(
                record.topic(), record.partition(), record.offset(), Instant.ofEpochMilli(record.timestamp()));
        Optional<String> trace = trace(record);
        EventDecoder.Fields<EventFields> fields =
                decoder.read(record.topic(), record.value(), (writer, in) -> json.read(writer, in, trace));
        return switch (fields) {
            case EventDecoder.Fields.Read<EventFields>(EventFields read) -> judged(position, read, trace);
            case EventDecoder.Fields.Refused<EventFields>(String reason) -> new LogRecord.Unreadable(position, reason);
        };
    }

    private static LogRecord judged(LogPosition position, EventFields fields, Optional<String> traceparent) {
        try {
            return event(position, fields, traceparent);
        } catch (IllegalArgumentException | DateTimeException | ArithmeticException e) {
            return new LogRecord.Unreadable(position, "a field of the envelope is not what it should be: " + e);
        }
    }

    /** The trace that the record's producer says it belongs to; one that is not in W3C's form is none. */
    private static Optional<String> trace(ConsumerRecord<byte[], byte[]> record) {
        return Optional.ofNullable(record.headers().lastHeader(CloudEventHeaders.TRACEPARENT))
                .map(header -> new String(header.value(), StandardCharsets.US_ASCII))
                .filter(trace -> TRACE.matcher(trace).matches());
    }

    private static LogRecord event(LogPosition position, EventFields fields, Optional<String> traceparent) {
        boolean known = EventType.of(fields.schema())
                .filter(type -> type.topic().wireName().equals(position.topic()))
                .isPresent();
        var subject = new LogRecord.Subject(
                fields.text("stanza"),
                fields.text("requestId").map(UUID::fromString),
                fields.text("testId").map(UUID::fromString),
                fields.text("label").or(() -> fields.text("backupLabel")));
        return new LogRecord.Event(
                position,
                fields.schema().getName(),
                known,
                eventId(position, fields, known),
                occurredAt(position, fields, known),
                subject,
                traceparent,
                fields.json());
    }

    /** A foreign event may have no id: its place in the log then is one. */
    private static UUID eventId(LogPosition position, EventFields fields, boolean known) {
        Optional<String> id = fields.text("eventId");
        if (known && id.isEmpty()) {
            throw new IllegalArgumentException("eventId is missing");
        }
        return id.map(UUID::fromString).orElseGet(() -> Ids.derived("record", position.toString()));
    }

    private static Instant occurredAt(LogPosition position, EventFields fields, boolean known) {
        Optional<Long> micros = fields.number("occurredAt");
        if (known && micros.isEmpty()) {
            throw new IllegalArgumentException("occurredAt is missing");
        }
        return micros.map(value -> Instant.EPOCH.plus(value, ChronoUnit.MICROS)).orElseGet(position::recordedAt);
    }

    @Override
    public void close() {
        decoder.close();
    }
}
