package dev.holdfast.cli;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/** A small HTTP server on a free loopback port that answers with recorded JSON and remembers what it was asked. */
public final class RecordedService implements AutoCloseable {

    private final HttpServer server;
    private final Map<String, Recorded> answers = new HashMap<>();
    private final List<String> asked = new CopyOnWriteArrayList<>();
    private final List<String> credentials = new CopyOnWriteArrayList<>();

    private record Recorded(int status, String body) {}

    /** Starts it; it answers 404 to everything it has not been told. */
    public RecordedService() {
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.createContext("/", this::answer);
        server.start();
    }

    /** Its address. */
    public String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    /** Answers requests such as {@code GET /api/v1/stanzas} so, whatever their query. */
    public RecordedService answers(String request, int status, String body) {
        answers.put(request, new Recorded(status, body));
        return this;
    }

    /** Answers with a recording under {@code recorded/}. */
    public RecordedService plays(String request, String recording) {
        try (InputStream stream = RecordedService.class.getResourceAsStream("/recorded/" + recording)) {
            if (stream == null) {
                throw new IllegalArgumentException("there is no recording " + recording);
            }
            return answers(request, 200, new String(stream.readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What it was asked, in order: method, path with query, and the body after a space if there was one. */
    public List<String> asked() {
        return List.copyOf(asked);
    }

    /** The Authorization header of each request that had one, in order. */
    public List<String> credentials() {
        return List.copyOf(credentials);
    }

    @Override
    public void close() {
        server.stop(0);
    }

    private void answer(HttpExchange exchange) throws IOException {
        String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        asked.add((exchange.getRequestMethod() + " " + exchange.getRequestURI() + " " + body).strip());
        @Nullable String authorization = exchange.getRequestHeaders().getFirst("Authorization");
        if (authorization != null) {
            credentials.add(authorization);
        }
        String request =
                exchange.getRequestMethod() + " " + exchange.getRequestURI().getPath();
        @Nullable Recorded recorded = answers.get(request);
        Recorded answer = recorded == null
                ? new Recorded(404, "{\"title\": \"Not found\", \"detail\": \"nothing recorded for " + request + "\"}")
                : recorded;
        byte[] bytes = answer.body().getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().add("Content-Type", "application/json");
        exchange.sendResponseHeaders(answer.status(), bytes.length == 0 ? -1 : bytes.length);
        if (bytes.length > 0) {
            exchange.getResponseBody().write(bytes);
        }
        exchange.close();
    }
}
