package dev.holdfast.catalog.intake;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.avro.LogicalType;
import org.apache.avro.LogicalTypes;
import org.apache.avro.Schema;
import org.apache.avro.io.Decoder;
import org.apache.avro.util.Utf8;
import org.jspecify.annotations.Nullable;

/**
 * Writes an Avro record as the JSON that people read: instants as ISO-8601, bytes as base64, unions as their value alone. Every field of the writer's
 * schema is in it, also those that this version does not know.
 *
 * <p>It goes from bytes to bytes: an object for each field, which nobody asks for, would be most of the work of reading the log. One thread.
 */
final class AvroJson {

    private static final String TRACEPARENT = "traceparent";
    private static final Set<String> ENVELOPE =
            Set.of("eventId", "occurredAt", "stanza", "requestId", "testId", "label", "backupLabel");

    private final JsonOutput out = new JsonOutput();
    private Utf8 text = new Utf8();

    /**
     * The record as one line of JSON, with the trace that it belongs to beside its fields.
     *
     * @param writer a record's schema
     * @param in stands at its first field
     * @param traceparent a W3C trace; empty if there is none
     * @throws IOException if the bytes end too early
     */
    EventFields read(Schema writer, Decoder in, Optional<String> traceparent) throws IOException {
        out.clear();
        Map<String, Object> envelope = new HashMap<>();
        char separator = '{';
        for (Schema.Field field : writer.getFields()) {
            separator = name(separator, field.name());
            if (ENVELOPE.contains(field.name())) {
                Object said = noted(field.schema(), in);
                if (said != null) {
                    envelope.put(field.name(), said);
                }
            } else {
                value(field.schema(), in);
            }
        }
        if (traceparent.isPresent() && writer.getField(TRACEPARENT) == null) {
            separator = name(separator, TRACEPARENT);
            out.quoted(traceparent.get());
        }
        out.plain(separator == '{' ? "{}" : "}");
        return new EventFields(writer, envelope, out.text());
    }

    /** Writes a value and gives it, as {@link EventFields#envelope} says; null for none. */
    private @Nullable Object noted(Schema schema, Decoder in) throws IOException {
        Schema type = branch(schema, in);
        int from = out.length();
        if (type.getType() == Schema.Type.LONG) {
            long number = in.readLong();
            number(type.getLogicalType(), number);
            return number;
        }
        value(type, in);
        return switch (type.getType()) {
            case NULL -> null;
            case STRING -> text.toString();
            case ENUM -> out.textFrom(from).replace("\"", "");
            default -> out.textFrom(from);
        };
    }

    /** What a value is of, where it may be of several types. */
    private static Schema branch(Schema schema, Decoder in) throws IOException {
        return schema.getType() == Schema.Type.UNION ? schema.getTypes().get(in.readIndex()) : schema;
    }

    private void value(Schema schema, Decoder in) throws IOException {
        switch (schema.getType()) {
            case UNION -> value(branch(schema, in), in);
            case RECORD -> record(schema, in);
            case ARRAY -> array(schema.getElementType(), in);
            case MAP -> map(schema.getValueType(), in);
            case BYTES -> base64(in.readBytes(null));
            case FIXED -> fixed(schema.getFixedSize(), in);
            case LONG -> number(schema.getLogicalType(), in.readLong());
            case INT -> number(schema.getLogicalType(), in.readInt());
            case FLOAT -> real(in.readFloat());
            case DOUBLE -> real(in.readDouble());
            case BOOLEAN -> out.plain(in.readBoolean() ? "true" : "false");
            case STRING -> text(in);
            case ENUM -> out.quoted(schema.getEnumSymbols().get(in.readEnum()));
            case NULL -> {
                in.readNull();
                out.plain("null");
            }
        }
    }

    /** Gives what stands before the next name. */
    private char name(char separator, String name) {
        out.put(separator);
        out.quoted(name);
        out.put(':');
        return ',';
    }

    private void record(Schema schema, Decoder in) throws IOException {
        char separator = '{';
        for (Schema.Field field : schema.getFields()) {
            separator = name(separator, field.name());
            value(field.schema(), in);
        }
        out.plain(separator == '{' ? "{}" : "}");
    }

    private void array(Schema element, Decoder in) throws IOException {
        char separator = '[';
        for (long block = in.readArrayStart(); block > 0; block = in.arrayNext()) {
            for (long i = 0; i < block; i++) {
                out.put(separator);
                separator = ',';
                value(element, in);
            }
        }
        out.plain(separator == '[' ? "[]" : "]");
    }

    private void map(Schema element, Decoder in) throws IOException {
        char separator = '{';
        for (long block = in.readMapStart(); block > 0; block = in.mapNext()) {
            for (long i = 0; i < block; i++) {
                out.put(separator);
                separator = ',';
                text(in);
                out.put(':');
                value(element, in);
            }
        }
        out.plain(separator == '{' ? "{}" : "}");
    }

    private void text(Decoder in) throws IOException {
        text = in.readString(text);
        out.quoted(text.getBytes(), text.getByteLength());
    }

    private void number(@Nullable LogicalType logical, long value) {
        switch (logical) {
            case LogicalTypes.TimestampMicros _ -> instant(ChronoUnit.MICROS, value);
            case LogicalTypes.TimestampMillis _ -> instant(ChronoUnit.MILLIS, value);
            case LogicalTypes.Date _ -> out.quoted(LocalDate.ofEpochDay(value).toString());
            case null, default -> out.plain(Long.toString(value));
        }
    }

    private void instant(ChronoUnit unit, long value) {
        out.put('"');
        InstantText.append(out, Instant.EPOCH.plus(value, unit));
        out.put('"');
    }

    private void real(double value) {
        // JSON has no infinity, and no number that is none
        out.plain(Double.isFinite(value) ? Double.toString(value) : "null");
    }

    private void fixed(int size, Decoder in) throws IOException {
        byte[] bytes = new byte[size];
        in.readFixed(bytes);
        base64(ByteBuffer.wrap(bytes));
    }

    private void base64(ByteBuffer bytes) {
        byte[] copy = new byte[bytes.remaining()];
        bytes.get(copy);
        out.quoted(Base64.getEncoder().encodeToString(copy));
    }
}
