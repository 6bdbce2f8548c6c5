package dev.holdfast.cli.kafka;

import dev.holdfast.cli.json.Doc;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.avro.generic.IndexedRecord;
import org.jspecify.annotations.Nullable;

/** An event's fields as JSON values, under the contract's own names. */
public final class EventFields {

    private EventFields() {}

    /** All fields, in the schema's order. */
    public static Doc of(IndexedRecord event) {
        Doc fields = Doc.empty();
        for (Schema.Field field : event.getSchema().getFields()) {
            fields.with(field.name(), value(event.get(field.pos())));
        }
        return fields;
    }

    private static @Nullable Object value(@Nullable Object value) {
        return switch (value) {
            case null -> null;
            case IndexedRecord record -> of(record).members();
            case Collection<?> list -> list.stream().map(EventFields::value).toList();
            case Map<?, ?> map -> map(map);
            case Number number -> number;
            case Boolean flag -> flag;
            // texts, instants (ISO-8601), UUIDs and enums
            default -> value.toString();
        };
    }

    private static Map<String, @Nullable Object> map(Map<?, ?> map) {
        Map<String, @Nullable Object> copy = new LinkedHashMap<>();
        map.forEach((key, member) -> copy.put(String.valueOf(key), value(member)));
        return copy;
    }
}
