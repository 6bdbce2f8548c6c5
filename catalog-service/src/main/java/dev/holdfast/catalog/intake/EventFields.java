package dev.holdfast.catalog.intake;

import dev.holdfast.catalog.history.JsonText;
import java.util.Map;
import java.util.Optional;
import org.apache.avro.Schema;

/**
 * An event as its bytes say it.
 *
 * @param schema its writer's
 * @param envelope the fields that every event has, or may have, by name, where they say something: text as a {@code String}, whole numbers as a
 *     {@code Long}, anything else as JSON
 * @param json all fields
 */
record EventFields(Schema schema, Map<String, Object> envelope, JsonText json) {

    Optional<String> text(String name) {
        return Optional.ofNullable(envelope.get(name)).map(Object::toString);
    }

    Optional<Long> number(String name) {
        return envelope.get(name) instanceof Long number ? Optional.of(number) : Optional.empty();
    }
}
