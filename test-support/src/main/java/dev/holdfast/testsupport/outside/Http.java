package dev.holdfast.testsupport.outside;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;

/** A plain HTTP client of one service. */
public final class Http {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final String base;
    private final HttpClient client =
            HttpClient.newBuilder().connectTimeout(PATIENCE).build();

    /** @param base URL that every path is appended to */
    public Http(String base) {
        this.base = base;
    }

    /** What a service said. */
    public record Answer(String request, int status, String body) {

        /** The body of a good answer. */
        public JsonNode json() {
            if (status / 100 != 2) {
                throw new AssertionError("%s answered %d: %s".formatted(request, status, body));
            }
            try {
                return JSON.readTree(body);
            } catch (JsonProcessingException e) {
                throw new AssertionError("%s answered no JSON: %s".formatted(request, body), e);
            }
        }
    }

    /** The answer to a GET, whatever its status. */
    public Answer get(String path) {
        return send("GET", path, HttpRequest.newBuilder().GET());
    }

    /** The answer to a POST of JSON. */
    public Answer postJson(String path, String body) {
        return send(
                "POST",
                path,
                HttpRequest.newBuilder()
                        .header("Content-Type", "application/json")
                        .POST(HttpRequest.BodyPublishers.ofString(body)));
    }

    /** The answer to a DELETE. */
    public Answer delete(String path) {
        return send("DELETE", path, HttpRequest.newBuilder().DELETE());
    }

    private Answer send(String method, String path, HttpRequest.Builder request) {
        URI uri = URI.create(base + path);
        try {
            HttpResponse<String> answer =
                    client.send(request.uri(uri).timeout(PATIENCE).build(), HttpResponse.BodyHandlers.ofString());
            return new Answer(method + " " + uri, answer.statusCode(), answer.body());
        } catch (IOException e) {
            throw new UncheckedIOException(method + " " + uri, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted in " + method + " " + uri, e);
        }
    }
}
