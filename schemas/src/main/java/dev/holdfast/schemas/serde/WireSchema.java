package dev.holdfast.schemas.serde;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.apache.avro.Schema;

/**
 * A schema as the registry shall hold it: without the hints that generated Java classes carry. With them, a schema
 * registered from a file would not be found again by a Java program, and readers in other languages would see Java noise.
 */
public final class WireSchema {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String JAVA_STRING = "avro.java.string";

    private WireSchema() {}

    /** The same schema without Java hints. */
    public static Schema of(Schema schema) {
        try {
            JsonNode tree = JSON.readTree(schema.toString());
            return new Schema.Parser().parse(withoutHints(tree).toString());
        } catch (IOException e) {
            throw new UncheckedIOException("a schema's own text is not JSON", e);
        }
    }

    private static JsonNode withoutHints(JsonNode node) {
        if (node instanceof ObjectNode object && object.has(JAVA_STRING)) {
            object.remove(JAVA_STRING);
            if (object.size() == 1 && object.has("type") && object.get("type").isTextual()) {
                return object.get("type");
            }
        }
        replaceChildren(node);
        return node;
    }

    private static void replaceChildren(JsonNode node) {
        if (node instanceof ObjectNode object) {
            object.properties().forEach(entry -> entry.setValue(withoutHints(entry.getValue())));
        } else if (node instanceof ArrayNode array) {
            for (int i = 0; i < array.size(); i++) {
                array.set(i, withoutHints(array.get(i)));
            }
        }
    }
}
