package dev.holdfast.schemas.serde;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.avro.AvroRuntimeException;
import org.apache.avro.Schema;
import org.apache.kafka.common.errors.SerializationException;

/**
 * A registry behind Confluent's REST API, version 1 of its media type.
 *
 * @see <a href="https://docs.confluent.io/platform/current/schema-registry/develop/api.html">Schema Registry API</a>
 */
final class HttpRegistry implements RegistryClient {

    private record Address(String urls, Optional<String> userInfo) {}

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Map<Address, HttpRegistry> SHARED = new ConcurrentHashMap<>();

    private final RegistryTransport transport;
    private final Map<Integer, Schema> byId = new ConcurrentHashMap<>();
    private final Map<String, Map<Schema, Integer>> idsBySubject = new ConcurrentHashMap<>();

    /**
     * The client for a registry, the same for everyone in this process: what one has learnt, all know. So a service
     * that registered its schemas when it started can write each of them while the registry is down.
     *
     * @param urls base URLs, separated by commas; the next one is tried where one fails
     * @param userInfo {@code user:password} for basic authentication; empty for none
     */
    static HttpRegistry at(String urls, Optional<String> userInfo) {
        return SHARED.computeIfAbsent(
                new Address(urls, userInfo),
                key -> new HttpRegistry(new RegistryTransport(urls, userInfo.orElse(null))));
    }

    private HttpRegistry(RegistryTransport transport) {
        this.transport = transport;
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
            id = idIn(transport.send("POST", path, body));
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
        JsonNode answer = transport.fetch("/schemas/ids/" + id);
        Schema.Parser parser = new Schema.Parser();
        try {
            parseReferences(answer, parser, new HashSet<>());
            return parser.parse(answer.path("schema").asText());
        } catch (AvroRuntimeException e) {
            throw new SerializationException("schema %d of the registry is not Avro".formatted(id), e);
        }
    }

    /** Named types that were registered on their own come first, so that the schema can use them. */
    private void parseReferences(JsonNode answer, Schema.Parser parser, Set<String> seen) {
        for (JsonNode reference : answer.path("references")) {
            String path = "/subjects/" + encoded(reference.path("subject").asText()) + "/versions/"
                    + reference.path("version").asInt();
            if (seen.add(path)) {
                JsonNode referenced = transport.fetch(path);
                parseReferences(referenced, parser, seen);
                parser.parse(referenced.path("schema").asText());
            }
        }
    }

    private static int idIn(JsonNode answer) {
        if (!answer.path("id").isInt()) {
            throw new SerializationException("schema registry names no id: " + answer);
        }
        return answer.path("id").asInt();
    }

    @Override
    public List<String> subjects() {
        List<String> subjects = new ArrayList<>();
        transport.send("GET", "/subjects", null).forEach(subject -> subjects.add(subject.asText()));
        return subjects;
    }

    @Override
    public void setCompatibility(String subject, String level) {
        String path = "/config/" + encoded(subject);
        String body = JSON.createObjectNode().put("compatibility", level).toString();
        try {
            transport.send("PUT", path, body);
        } catch (RegistryRefusal e) {
            if (!e.isConflict()) {
                throw e;
            }
            // Apicurio, where another service that starts at the same time was quicker: now it can be changed
            transport.send("PUT", path, body);
        }
    }

    @Override
    public Optional<String> compatibility(String subject) {
        try {
            // Confluent's registry and Apicurio read it under one name, and write it under the other
            return Optional.of(transport
                    .send("GET", "/config/" + encoded(subject), null)
                    .path("compatibilityLevel")
                    .asText());
        } catch (RegistryRefusal e) {
            if (e.isNotFound()) {
                return Optional.empty();
            }
            throw e;
        }
    }

    private static String encoded(String subject) {
        return URLEncoder.encode(subject, StandardCharsets.UTF_8).replace("+", "%20");
    }
}
