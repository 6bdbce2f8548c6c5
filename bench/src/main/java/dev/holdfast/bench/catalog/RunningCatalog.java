package dev.holdfast.bench.catalog;

import dev.holdfast.testsupport.AppProcess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A catalog process and a client of it.
 *
 * @param process the process
 * @param port where it listens on loopback
 */
record RunningCatalog(AppProcess process, int port) implements AutoCloseable {

    private static final HttpClient CLIENT =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final Duration PATIENCE = Duration.ofMinutes(5);

    String address() {
        return "http://127.0.0.1:" + port;
    }

    HttpResponse<String> get(String path) {
        return send(HttpRequest.newBuilder(URI.create(address() + path)).build());
    }

    /** The answer to a GET that must succeed. */
    JsonNode json(String path) {
        HttpResponse<String> answer = get(path);
        if (answer.statusCode() != 200) {
            throw new IllegalStateException("%s answers %d: %s".formatted(path, answer.statusCode(), answer.body()));
        }
        return JSON.readTree(answer.body());
    }

    int post(String path) {
        return send(HttpRequest.newBuilder(URI.create(address() + path))
                        .header("Content-Type", "application/json")
                        .POST(HttpRequest.BodyPublishers.ofString("{}"))
                        .build())
                .statusCode();
    }

    private static HttpResponse<String> send(HttpRequest request) {
        try {
            return CLIENT.send(request, HttpResponse.BodyHandlers.ofString());
        } catch (IOException e) {
            throw new UncheckedIOException("no answer to " + request.uri(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }

    boolean caughtUp() {
        HttpResponse<String> answer = get("/api/v1/stanzas?limit=1");
        return answer.statusCode() == 200
                && JSON.readTree(answer.body()).path("asOf").path("caughtUp").asBoolean();
    }

    void awaitCaughtUp() {
        Waiting.until("the catalog has caught up", PATIENCE, this::caughtUp);
    }

    String contentHash() {
        return json("/api/v1/content-hash").path("sha256").asString();
    }

    /** Megabytes resident, and the most there ever were. */
    String memory() {
        return "%s MB resident, at most %s MB".formatted(status("VmRSS"), status("VmHWM"));
    }

    private long status(String line) {
        try {
            return Files.readAllLines(Path.of("/proc/%d/status".formatted(process.pid()))).stream()
                            .filter(text -> text.startsWith(line + ":"))
                            .mapToLong(text -> Long.parseLong(text.replaceAll("\\D", "")))
                            .sum()
                    / 1024;
        } catch (IOException e) {
            throw new UncheckedIOException("the catalog has ended", e);
        }
    }

    @Override
    public void close() {
        process.close();
    }
}
