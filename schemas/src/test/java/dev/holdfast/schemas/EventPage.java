package dev.holdfast.schemas;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import org.apache.avro.LogicalType;
import org.apache.avro.Schema;

/** All events as a page for people, in the words of their schemas. */
final class EventPage {

    private static final String HEAD = """
            # Events

            Every event, field by field, in the words of its schema; made from the schemas by `EventPageTest`. How to read and write them, and
            what to mind: [consuming-events.md](consuming-events.md). As files for programs: [schemas](../schemas/README.md).

            A field with `?` may be null. One with a default in brackets was added, or may be left out, without harm to older readers and writers.
            """;

    /** Records and enums that events have in common, in the order in which they are met. */
    private final Map<String, Schema> shared = new LinkedHashMap<>();

    /** The whole page. */
    String text() {
        StringBuilder page = new StringBuilder(HEAD);
        for (Topic topic : Topic.values()) {
            page.append("\n## `%s`\n".formatted(topic.wireName()));
            Arrays.stream(EventType.values())
                    .filter(type -> type.topic() == topic)
                    .forEach(type -> page.append(event(type)));
        }
        page.append("\n## Parts of events\n");
        // describing one part may meet another
        for (int next = 0; next < shared.size(); next++) {
            page.append(part(List.copyOf(shared.values()).get(next)));
        }
        return page.toString();
    }

    private String event(EventType type) {
        return "\n### %s\n\n%s\n\n`ce_type`: `%s`\n%s"
                .formatted(
                        type.shortName(), words(type.schema().getDoc()), type.cloudEventType(), table(type.schema()));
    }

    private String part(Schema schema) {
        String heading = "\n### %s\n\n%s\n".formatted(schema.getName(), words(schema.getDoc()));
        return schema.getType() == Schema.Type.ENUM ? heading + symbols(schema) : heading + table(schema);
    }

    private String table(Schema schema) {
        return "\n| field | type | |\n|---|---|---|\n"
                + schema.getFields().stream().map(this::row).collect(Collectors.joining());
    }

    private String row(Schema.Field field) {
        return "| `%s` | %s | %s |\n".formatted(field.name(), typeOf(field), words(field.doc()));
    }

    private String typeOf(Schema.Field field) {
        String type = nameOf(field.schema());
        Object initial = field.hasDefaultValue() ? field.defaultVal() : null;
        boolean worthSaying = initial instanceof String text
                ? !text.isEmpty()
                : initial instanceof Boolean || initial instanceof Number;
        return worthSaying ? "%s (%s)".formatted(type, initial) : type;
    }

    private String nameOf(Schema schema) {
        return switch (schema.getType()) {
            case UNION -> nameOf(nonNull(schema)) + "?";
            case ARRAY -> "list of " + nameOf(schema.getElementType());
            case MAP -> "map of text to " + nameOf(schema.getValueType());
            case RECORD, ENUM -> linkTo(schema);
            case STRING -> logical(schema, "text");
            case LONG -> logical(schema, "long");
            case INT -> logical(schema, "int");
            case BOOLEAN, BYTES, DOUBLE, FLOAT, FIXED, NULL -> schema.getType().getName();
        };
    }

    private String linkTo(Schema schema) {
        shared.putIfAbsent(schema.getFullName(), schema);
        return "[%s](#%s)".formatted(schema.getName(), schema.getName().toLowerCase(Locale.ROOT));
    }

    private static String logical(Schema schema, String otherwise) {
        LogicalType logical = schema.getLogicalType();
        return logical == null ? otherwise : logical.getName();
    }

    private static Schema nonNull(Schema union) {
        return union.getTypes().stream()
                .filter(type -> type.getType() != Schema.Type.NULL)
                .findFirst()
                .orElseThrow();
    }

    private static String symbols(Schema schema) {
        return schema.getEnumSymbols().stream().map("`%s`"::formatted).collect(Collectors.joining(", ", "\n", "\n"));
    }

    /** A cell of a table is one line, and a bar would end it. */
    private static String words(String doc) {
        return Objects.requireNonNull(doc, "every event and field says what it is")
                .replace("|", "\\|")
                .replaceAll("\\s+", " ");
    }
}
