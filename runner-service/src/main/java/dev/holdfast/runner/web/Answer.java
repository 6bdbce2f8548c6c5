package dev.holdfast.runner.web;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;

/**
 * What is answered to one request.
 *
 * @param status HTTP's
 * @param type of the body, as HTTP names it
 * @param body bytes; not copied, nobody changes them
 */
@SuppressWarnings("ArrayRecordComponent") // written to one connection and forgotten, never compared
record Answer(int status, String type, byte[] body) {

    static final int OK = 200;
    static final int NOT_FOUND = 404;
    static final int METHOD_NOT_ALLOWED = 405;
    static final int UNAVAILABLE = 503;

    private static final ObjectMapper JSON = new ObjectMapper();

    /** Text as it stands. */
    static Answer text(String type, String body) {
        return new Answer(OK, type, body.getBytes(StandardCharsets.UTF_8));
    }

    /** An object as JSON, its members in the map's order. */
    static Answer json(int status, Map<String, ?> body) {
        return json(status, "application/json", body);
    }

    /** A refusal, as RFC 9457 writes it. */
    static Answer problem(int status, String title, String detail) {
        return json(
                status,
                "application/problem+json",
                new TreeMap<>(Map.of("status", status, "title", title, "detail", detail)));
    }

    private static Answer json(int status, String type, Map<String, ?> body) {
        try {
            return new Answer(status, type, JSON.writeValueAsBytes(body));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("maps of texts and numbers are always JSON", e);
        }
    }
}
