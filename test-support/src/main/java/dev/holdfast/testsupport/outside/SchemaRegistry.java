package dev.holdfast.testsupport.outside;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.avro.Schema;

/** The registry as a program in any language sees it: three paths of Confluent's REST API. */
public final class SchemaRegistry {

    private final Http http;
    private final Map<Integer, Schema> byId = new ConcurrentHashMap<>();

    /** @param url base URL of the Confluent API, as in {@code HOLDFAST_REGISTRY} */
    public SchemaRegistry(String url) {
        this.http = new Http(url);
    }

    /** A schema and the id that stands for it on the wire. */
    public record Registered(int id, Schema schema) {}

    /** The newest version under a subject. */
    public Registered latest(String subject) {
        JsonNode answer = http.get("/subjects/" + subject + "/versions/latest").json();
        return new Registered(
                answer.path("id").asInt(), parse(answer.path("schema").asText()));
    }

    /** The schema that an id stands for. */
    public Schema byId(int id) {
        return byId.computeIfAbsent(
                id,
                any -> parse(
                        http.get("/schemas/ids/" + id).json().path("schema").asText()));
    }

    private static Schema parse(String text) {
        return new Schema.Parser().parse(text);
    }
}
