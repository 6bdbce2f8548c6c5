package dev.holdfast.validator.proof;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What a restored cluster holds: its catalog in a normal form, and how much is in its tables.
 *
 * @param objects definition by database and object, such as {@code shop: column public.item.n}
 * @param schemas SHA-256 over the objects of each schema, by database and schema, such as {@code shop: public}; what lies in no schema is of
 *     {@link #NO_SCHEMA}
 * @param tables rows and freshness of the tables that were counted
 * @param incomplete why something is missing here, in words; empty if nothing is
 */
public record Inventory(
        SortedMap<String, String> objects,
        SortedMap<String, String> schemas,
        List<Table> tables,
        Optional<String> incomplete) {

    /** Stands where a schema's name stands of others. */
    public static final String NO_SCHEMA = "(no schema)";

    /**
     * A table that was counted.
     *
     * @param name database and table, such as {@code shop: public.item}
     * @param rows how many it has
     * @param newest the newest instant in its columns that is not in the future; empty if it has none
     */
    public record Table(String name, long rows, Optional<Instant> newest) {}

    private static final int LONGEST = 80;

    /** Copies them. */
    public Inventory {
        objects = new TreeMap<>(objects);
        schemas = new TreeMap<>(schemas);
        tables = List.copyOf(tables);
    }

    /** A definition as it is kept: in one line, and a long one by its beginning and its digest. */
    public static String shortened(String definition) {
        String line = definition.replaceAll("\\s+", " ").strip();
        return line.length() <= LONGEST
                ? line
                : "%s … %s"
                        .formatted(
                                line.substring(0, LONGEST),
                                Sha256.hex(line.getBytes(StandardCharsets.UTF_8))
                                        .substring(0, 16));
    }

    /** SHA-256 over the whole catalog. */
    public String fingerprint() {
        return digest(objects);
    }

    /** SHA-256 over some objects. */
    public static String digest(SortedMap<String, String> objects) {
        StringBuilder all = new StringBuilder();
        objects.forEach((name, definition) ->
                all.append(name).append('\t').append(definition).append('\n'));
        return Sha256.hex(all.toString().getBytes(StandardCharsets.UTF_8));
    }

    /** All rows that were counted. */
    public long rows() {
        return tables.stream().mapToLong(Table::rows).sum();
    }

    /** The newest instant of all tables; empty if none has one. */
    public Optional<Table> freshest() {
        return tables.stream()
                .filter(table -> table.newest().isPresent())
                .max((a, b) -> a.newest().orElseThrow().compareTo(b.newest().orElseThrow()));
    }

    /** In words, what is different here from the earlier one's catalog; empty if nothing is. Of one that was too large to be kept whole, by schema alone. */
    List<String> changesSince(Inventory earlier) {
        return earlier.objects().isEmpty() ? schemasChangedSince(earlier) : objectsChangedSince(earlier);
    }

    private List<String> schemasChangedSince(Inventory earlier) {
        List<String> changes = new ArrayList<>();
        schemas.forEach((schema, digest) -> {
            String before = earlier.schemas().get(schema);
            if (before == null) {
                changes.add("added the schema " + schema);
            } else if (!before.equals(digest)) {
                changes.add("changed something in the schema " + schema);
            }
        });
        earlier.schemas().keySet().stream()
                .filter(schema -> !schemas.containsKey(schema))
                .map(schema -> "gone the schema " + schema)
                .forEach(changes::add);
        return changes;
    }

    private List<String> objectsChangedSince(Inventory earlier) {
        List<String> changes = new ArrayList<>();
        objects.forEach((name, definition) -> {
            String before = earlier.objects().get(name);
            if (before == null) {
                changes.add("added " + described(name, definition));
            } else if (!before.equals(definition)) {
                changes.add("changed %s: was '%s', is '%s'".formatted(name, before, definition));
            }
        });
        earlier.objects().keySet().stream()
                .filter(name -> !objects.containsKey(name))
                .map(name -> "gone " + name)
                .forEach(changes::add);
        return changes;
    }

    /** In words, which tables have lost more than a tenth of their rows since. */
    List<String> lossesSince(Inventory earlier) {
        List<String> losses = new ArrayList<>();
        for (Table before : earlier.tables()) {
            tables.stream()
                    .filter(table -> Objects.equals(table.name(), before.name()))
                    .filter(table -> table.rows() < before.rows() - before.rows() / 10)
                    .map(table -> "%s has %d rows, had %d".formatted(table.name(), table.rows(), before.rows()))
                    .forEach(losses::add);
        }
        return losses;
    }

    private static String described(String name, String definition) {
        return definition.isEmpty() ? name : "%s (%s)".formatted(name, definition);
    }
}
