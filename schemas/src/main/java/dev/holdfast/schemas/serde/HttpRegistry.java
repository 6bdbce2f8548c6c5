package dev.holdfast.schemas.serde;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.avro.Schema;
import org.apache.kafka.common.errors.SerializationException;
import org.jspecify.annotations.Nullable;

/**
 * A registry behind Confluent's REST API, version 1 of its media type.
 *
 * @see <a href="https://docs.confluent.io/platform/current/schema-registry/develop/api.html">Schema Registry API</a>
 */
final class HttpRegistry implements RegistryClient {

    private static final ObjectMapper JSON = new ObjectMapper();

    private final RegistryTransport transport;
    private final Map<Integer, Schema> byId = new ConcurrentHashMap<>();
    private final Map<String, Map<Schema, Integer>> idsBySubject = new ConcurrentHashMap<>();

    /**
     * @param urls base URLs, separated by commas; the next one is tried where one fails
     * @param userInfo {@code user:password} for basic authentication; null for none
     */
    HttpRegistry(String urls, @Nullable Object userInfo) {
        this.transport = new RegistryTransport(urls, userInfo);
    }

    @Override
    public int register(String subject, Schema schema) {
        return known(subject, schema, "/subjects/" + encoded(subject) + "/versions");
    }

    @Override
    public int idOf(String subject, Schema schema) {
        return known(subject, schema, "/subjects/" + encoded(subject));
    }

    private int known(String subject, Schema schema, String path) {
        Map<Schema, Integer> ids = idsBySubject.computeIfAbsent(subject, name -> new ConcurrentHashMap<>());
        Integer id = ids.get(schema);
        if (id == null) {
            String body =
                    JSON.createObjectNode().put("schema", schema.toString()).toString();
            id = transport.send("POST", path, body).get("id").asInt();
            ids.put(schema, id);
            byId.putIfAbsent(id, schema);
        }
        return id;
    }

    @Override
    public Schema byId(int id) {
        Schema known = byId.get(id);
        if (known == null) {
            known = fetched(id);
            byId.put(id, known);
        }
        return known;
    }

    private Schema fetched(int id) {
        JsonNode answer = transport.send("GET", "/schemas/ids/" + id, null);
        Schema.Parser parser = new Schema.Parser();
        // named types that were registered on their own come first, so that the schema can use them
        for (JsonNode reference : answer.path("references")) {
            JsonNode referenced = transport.send(
                    "GET",
                    "/subjects/" + encoded(reference.get("subject").asText()) + "/versions/"
                            + reference.get("version").asInt(),
                    null);
            parser.parse(referenced.get("schema").asText());
        }
        try {
            return parser.parse(answer.get("schema").asText());
        } catch (org.apache.avro.AvroRuntimeException e) {
            throw new SerializationException("schema %d of the registry is not Avro".formatted(id), e);
        }
    }

    @Override
    public List<String> subjects() {
        List<String> subjects = new ArrayList<>();
        transport.send("GET", "/subjects", null).forEach(subject -> subjects.add(subject.asText()));
        return subjects;
    }

    @Override
    public void setCompatibility(String subject, String level) {
        String body = JSON.createObjectNode().put("compatibility", level).toString();
        transport.send("PUT", "/config/" + encoded(subject), body);
    }

    private static String encoded(String subject) {
        return URLEncoder.encode(subject, StandardCharsets.UTF_8).replace("+", "%20");
    }
}
