package dev.holdfast.catalog.intake;

import dev.holdfast.catalog.history.InstantText;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.avro.LogicalType;
import org.apache.avro.LogicalTypes;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericFixed;
import org.apache.avro.generic.GenericRecord;
import org.jspecify.annotations.Nullable;

/**
 * Writes a generic Avro record as the JSON that people read: instants as ISO-8601, bytes as base64, unions as their value alone. Every field
 * of the writer's schema is in it, also those that this version does not know.
 */
final class AvroJson {

    private static final String TRACEPARENT = "traceparent";

    private final StringBuilder out = new StringBuilder(512);

    private AvroJson() {}

    /**
     * The record as one line of JSON, with the trace that it belongs to beside its fields.
     *
     * @param traceparent a W3C trace; empty if there is none
     */
    static String of(GenericRecord record, Optional<String> traceparent) {
        String json = of(record);
        return traceparent
                .filter(trace -> !record.hasField(TRACEPARENT))
                .map(trace -> "%s,\"%s\":\"%s\"}".formatted(json.substring(0, json.length() - 1), TRACEPARENT, trace))
                .orElse(json);
    }

    /** The record as one line of JSON. */
    static String of(GenericRecord record) {
        AvroJson json = new AvroJson();
        json.value(record.getSchema(), record);
        return json.out.toString();
    }

    private void value(Schema schema, @Nullable Object value) {
        if (value == null) {
            out.append("null");
            return;
        }
        switch (schema.getType()) {
            case UNION -> value(branch(schema, value), value);
            case RECORD -> record((GenericRecord) value);
            case ARRAY -> array(schema.getElementType(), (Collection<?>) value);
            case MAP -> map(schema.getValueType(), (Map<?, ?>) value);
            case BYTES -> text(base64((ByteBuffer) value));
            case FIXED -> text(base64(ByteBuffer.wrap(((GenericFixed) value).bytes())));
            case LONG, INT -> number(schema.getLogicalType(), ((Number) value).longValue());
            case FLOAT, DOUBLE -> real(((Number) value).doubleValue());
            case BOOLEAN -> out.append(value);
            case STRING, ENUM -> text(value.toString());
            case NULL -> out.append("null");
        }
    }

    /** Nearly every union is an optional value: there is one branch that it can be. */
    private static Schema branch(Schema union, Object value) {
        List<Schema> branches = union.getTypes();
        if (branches.size() == 2 && branches.getFirst().getType() == Schema.Type.NULL) {
            return branches.getLast();
        }
        return branches.get(GenericData.get().resolveUnion(union, value));
    }

    private void record(GenericRecord record) {
        char separator = '{';
        for (Schema.Field field : record.getSchema().getFields()) {
            out.append(separator);
            separator = ',';
            text(field.name());
            out.append(':');
            value(field.schema(), record.get(field.pos()));
        }
        out.append(separator == '{' ? "{}" : "}");
    }

    private void array(Schema element, Collection<?> values) {
        char separator = '[';
        for (Object value : values) {
            out.append(separator);
            separator = ',';
            value(element, value);
        }
        out.append(separator == '[' ? "[]" : "]");
    }

    private void map(Schema element, Map<?, ?> values) {
        char separator = '{';
        for (Map.Entry<?, ?> entry : values.entrySet()) {
            out.append(separator);
            separator = ',';
            text(String.valueOf(entry.getKey()));
            out.append(':');
            value(element, entry.getValue());
        }
        out.append(separator == '{' ? "{}" : "}");
    }

    private void number(@Nullable LogicalType logical, long value) {
        switch (logical) {
            case LogicalTypes.TimestampMicros micros -> instant(ChronoUnit.MICROS, value);
            case LogicalTypes.TimestampMillis millis -> instant(ChronoUnit.MILLIS, value);
            case LogicalTypes.Date date -> text(LocalDate.ofEpochDay(value).toString());
            case null, default -> out.append(value);
        }
    }

    private void instant(ChronoUnit unit, long value) {
        out.append('"');
        InstantText.append(out, Instant.EPOCH.plus(value, unit));
        out.append('"');
    }

    private void real(double value) {
        if (Double.isFinite(value)) {
            out.append(value);
        } else {
            out.append("null"); // JSON has no such number
        }
    }

    private static String base64(ByteBuffer bytes) {
        byte[] copy = new byte[bytes.remaining()];
        bytes.duplicate().get(copy);
        return Base64.getEncoder().encodeToString(copy);
    }

    private void text(String text) {
        out.append('"');
        int from = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c < ' ' || c == '"' || c == '\\') {
                out.append(text, from, i);
                escaped(c);
                from = i + 1;
            }
        }
        out.append(text, from, text.length()).append('"');
    }

    private void escaped(char c) {
        switch (c) {
            case '"' -> out.append("\\\"");
            case '\\' -> out.append("\\\\");
            case '\n' -> out.append("\\n");
            case '\r' -> out.append("\\r");
            case '\t' -> out.append("\\t");
            case '\0' -> out.append('\uFFFD'); // PostgreSQL's text cannot hold it
            default -> out.append("\\u%04x".formatted((int) c));
        }
    }
}
