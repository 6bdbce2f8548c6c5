package dev.holdfast.catalog.store;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.MissingNode;

/**
 * An event's payload, read field by field. A field that its producer did not write, because it is older, reads as null.
 *
 * @param json the payload; missing where there is no event
 */
record Fact(JsonNode json) {

    private static final JsonMapper MAPPER = JsonMapper.builder().build();
    private static final double MILLIS_PER_SECOND = 1000.0;

    static Fact of(@Nullable String json) {
        return new Fact(json == null ? MissingNode.getInstance() : MAPPER.readTree(json));
    }

    boolean exists() {
        return !json.isMissingNode();
    }

    /** This one, or the other where there is none. */
    Fact or(Fact other) {
        return exists() ? this : other;
    }

    private JsonNode at(String field) {
        return json.path(field);
    }

    private boolean has(String field) {
        return !at(field).isMissingNode() && !at(field).isNull();
    }

    @Nullable
    String text(String field) {
        return has(field) ? at(field).asString() : null;
    }

    String text(String field, String fallback) {
        return has(field) ? at(field).asString() : fallback;
    }

    @Nullable
    Long big(String field) {
        return has(field) ? Long.valueOf(at(field).asLong()) : null;
    }

    long big(String field, long fallback) {
        return has(field) ? at(field).asLong() : fallback;
    }

    @Nullable
    Integer integer(String field) {
        return has(field) ? Integer.valueOf(at(field).asInt()) : null;
    }

    int integer(String field, int fallback) {
        return has(field) ? at(field).asInt() : fallback;
    }

    @Nullable
    Double real(String field) {
        return has(field) ? Double.valueOf(at(field).asDouble()) : null;
    }

    boolean flag(String field) {
        return at(field).asBoolean(false);
    }

    @Nullable
    Instant instant(String field) {
        return has(field) ? Instant.parse(at(field).asString()) : null;
    }

    Instant instant(String field, Instant fallback) {
        return has(field) ? Instant.parse(at(field).asString()) : fallback;
    }

    @Nullable
    UUID uuid(String field) {
        return has(field) ? UUID.fromString(at(field).asString()) : null;
    }

    /** Milliseconds as seconds. */
    @Nullable
    Double seconds(String field) {
        return has(field) ? Double.valueOf(at(field).asDouble() / MILLIS_PER_SECOND) : null;
    }

    @Nullable
    Duration duration(String field) {
        return has(field) ? Duration.ofSeconds(at(field).asLong()) : null;
    }

    /** A record within the event; one that does not exist where the field is null. */
    Fact inner(String field) {
        return new Fact(has(field) ? at(field) : MissingNode.getInstance());
    }

    @Nullable
    JsonNode raw(String field) {
        return has(field) ? at(field) : null;
    }

    List<String> texts(String field) {
        List<String> texts = new ArrayList<>();
        at(field).forEach(text -> texts.add(text.asString()));
        return texts;
    }

    List<Integer> integers(String field) {
        List<Integer> integers = new ArrayList<>();
        at(field).forEach(integer -> integers.add(integer.asInt()));
        return integers;
    }

    List<Fact> list(String field) {
        return inner(field).elements();
    }

    /** What this one holds, where it is an array. */
    List<Fact> elements() {
        List<Fact> facts = new ArrayList<>();
        json.forEach(fact -> facts.add(new Fact(fact)));
        return facts;
    }

    Map<String, String> map(String field) {
        Map<String, String> map = new HashMap<>();
        at(field)
                .properties()
                .forEach(entry -> map.put(entry.getKey(), entry.getValue().asString()));
        return map;
    }
}
