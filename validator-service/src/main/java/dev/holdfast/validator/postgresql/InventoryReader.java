package dev.holdfast.validator.postgresql;

import dev.holdfast.validator.proof.Inventory;
import dev.holdfast.validator.proof.Sandbox;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Reads what {@code inventory.sql} prints. */
final class InventoryReader {

    private static final JsonMapper MAPPER = new JsonMapper();

    private InventoryReader() {}

    static Inventory read(Sandbox.Finished finished) {
        SortedMap<String, String> objects = new TreeMap<>();
        Map<String, SortedMap<String, String>> schemas = new TreeMap<>();
        List<Inventory.Table> tables = new ArrayList<>();
        // where the time was over the last line may be cut
        finished.out()
                .lines()
                .map(InventoryReader::row)
                .flatMap(Optional::stream)
                .forEach(row -> {
                    String name = row.path(1).asString();
                    if (row.path(0).asString().equals("object")) {
                        String definition = Inventory.shortened(row.path(2).asString(""));
                        objects.put(name, definition);
                        schemas.computeIfAbsent(schema(name, row.path(3)), _ -> new TreeMap<>())
                                .put(name, definition);
                    } else {
                        tables.add(new Inventory.Table(name, row.path(2).asLong(), newest(row.path(3))));
                    }
                });
        String trouble = Excerpt.of(finished.err());
        return new Inventory(
                objects, digests(schemas), tables, trouble.isEmpty() ? Optional.empty() : Optional.of(trouble));
    }

    /** With its database, whose name begins that of the object. */
    private static String schema(String object, JsonNode schema) {
        String database = object.substring(0, object.indexOf(": ") + 2);
        return database + (schema.isString() ? schema.asString() : Inventory.NO_SCHEMA);
    }

    private static SortedMap<String, String> digests(Map<String, SortedMap<String, String>> schemas) {
        SortedMap<String, String> digests = new TreeMap<>();
        schemas.forEach((schema, objects) -> digests.put(schema, Inventory.digest(objects)));
        return digests;
    }

    private static Optional<JsonNode> row(String line) {
        try {
            JsonNode row = MAPPER.readTree(line);
            return row.isArray() && row.size() >= 3 ? Optional.of(row) : Optional.empty();
        } catch (JacksonException e) {
            return Optional.empty();
        }
    }

    private static Optional<Instant> newest(JsonNode text) {
        return text.isString() && text.asString().matches("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\dZ")
                ? Optional.of(Instant.parse(text.asString()))
                : Optional.empty();
    }
}
