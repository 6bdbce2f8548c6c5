package dev.holdfast.testsupport.outside;

import java.util.Arrays;
import java.util.Objects;
import java.util.UUID;
import org.apache.avro.generic.GenericRecord;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;

/**
 * One record of a topic as a stranger reads it.
 *
 * @param raw the record as it lies on the broker
 * @param body its value by the writer's schema; null for bytes that are no Avro record
 */
public record LoggedEvent(
        ConsumerRecord<byte[], byte[]> raw, @Nullable GenericRecord body) {

    /** The topic's name. */
    public String topic() {
        return raw.topic();
    }

    /** Short name of the record's type; {@code unreadable} for bytes that are no Avro record. */
    public String type() {
        return body == null ? "unreadable" : body.getSchema().getName();
    }

    /** A field as text; the empty string where it is null or the type has no such field. */
    public String text(String field) {
        return body == null || !body.hasField(field) ? "" : Objects.toString(body.get(field), "");
    }

    /** A field that is a record of its own; null where there is none. */
    @Nullable
    public GenericRecord part(String field) {
        return body == null || !body.hasField(field) ? null : (GenericRecord) body.get(field);
    }

    /** Whether the event belongs to a request. */
    public boolean isOf(UUID requestId) {
        return text("requestId").equals(requestId.toString());
    }

    /** A header's value as text; the empty string where there is none. */
    public String header(String name) {
        Header header = raw.headers().lastHeader(name);
        return header == null ? "" : new String(header.value(), java.nio.charset.StandardCharsets.UTF_8);
    }

    /** When the broker's log got it, epoch milliseconds. */
    public long appendedAt() {
        return raw.timestamp();
    }

    @Override
    public String toString() {
        return "%s/%d@%d %s".formatted(raw.topic(), raw.partition(), raw.offset(), body == null ? rawText() : body);
    }

    private String rawText() {
        return raw.value() == null ? "no value" : Arrays.toString(raw.value());
    }
}
