package dev.holdfast.catalog;

import dev.holdfast.schemas.KafkaConnection;
import dev.holdfast.testsupport.PostgresCluster;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.springframework.boot.SpringApplication;
import org.springframework.context.ConfigurableApplicationContext;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The whole catalog in this JVM, on a free port, and a client of it. */
final class RunningCatalog implements AutoCloseable {

    private static final String PORT = "--HOLDFAST_CATALOG_PORT=";
    static final Duration LIMIT = Duration.ofMinutes(2);
    private static final HttpClient CLIENT = HttpClient.newHttpClient();
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final ConfigurableApplicationContext context;
    private final URI address;

    private RunningCatalog(ConfigurableApplicationContext context) {
        this.context = context;
        this.address =
                URI.create("http://127.0.0.1:" + context.getEnvironment().getRequiredProperty("local.server.port"));
    }

    /**
     * Starts it over this database of the cluster.
     *
     * @param further settings, such as {@code --catalog.projector=false}
     */
    static RunningCatalog start(KafkaConnection kafka, PostgresCluster cluster, String database, String... further) {
        SpringApplication application = new SpringApplication(CatalogApplication.class);
        application.setRegisterShutdownHook(false);
        List<String> settings = new ArrayList<>(List.of(
                "--HOLDFAST_KAFKA=" + kafka.bootstrapServers(),
                "--HOLDFAST_REGISTRY=" + kafka.registry(),
                "--HOLDFAST_CATALOG_DB=" + cluster.jdbcUrl(database),
                "--HOLDFAST_CATALOG_DB_USER=" + PostgresCluster.SUPERUSER));
        if (Stream.of(further).noneMatch(setting -> setting.startsWith(PORT))) {
            settings.add(PORT + "0");
        }
        settings.addAll(List.of(further));
        return new RunningCatalog(application.run(settings.toArray(String[]::new)));
    }

    /** The port that it listens on. */
    int port() {
        return address.getPort();
    }

    /** The answer to a GET. */
    HttpResponse<String> get(String path, String... headers) {
        HttpRequest.Builder request = HttpRequest.newBuilder(address.resolve(path));
        if (headers.length > 0) {
            request.headers(headers);
        }
        return send(request.build());
    }

    /** The first message of a stream of server-sent events: its lines by their field. Waits for it. */
    Map<String, String> firstMessage(String path, String... headers) {
        HttpRequest.Builder request = HttpRequest.newBuilder(address.resolve(path));
        if (headers.length > 0) {
            request.headers(headers);
        }
        CompletableFuture<Map<String, String>> message = CLIENT.sendAsync(
                        request.build(), HttpResponse.BodyHandlers.ofLines())
                .thenApply(answer -> {
                    try (Stream<String> lines = answer.body()) {
                        return lines.filter(line -> !line.startsWith(":"))
                                .dropWhile(String::isEmpty)
                                .takeWhile(line -> !line.isEmpty())
                                .map(line -> line.split(":", 2))
                                .collect(Collectors.toMap(field -> field[0], field -> field[1]));
                    }
                });
        return message.orTimeout(LIMIT.toSeconds(), TimeUnit.SECONDS).join();
    }

    /** The beginning of an answer that goes on until it is closed. */
    HttpResponse<InputStream> open(String path) {
        try {
            return CLIENT.send(
                    HttpRequest.newBuilder(address.resolve(path)).build(), HttpResponse.BodyHandlers.ofInputStream());
        } catch (IOException e) {
            throw new IllegalStateException("no answer to " + path, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }

    /** Gathers the lines of a stream until it ends. */
    CompletableFuture<Void> follow(String path, List<String> lines) {
        return CLIENT.sendAsync(
                        HttpRequest.newBuilder(address.resolve(path)).build(), HttpResponse.BodyHandlers.ofLines())
                .thenAccept(answer -> answer.body().forEach(lines::add))
                .orTimeout(LIMIT.toSeconds(), TimeUnit.SECONDS);
    }

    /** The answer to a POST of an empty JSON object. */
    HttpResponse<String> post(String path) {
        return send(HttpRequest.newBuilder(address.resolve(path))
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString("{}"))
                .build());
    }

    private static HttpResponse<String> send(HttpRequest request) {
        try {
            return CLIENT.send(request, HttpResponse.BodyHandlers.ofString());
        } catch (IOException e) {
            throw new IllegalStateException("no answer to " + request.uri(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }

    /** The JSON answer to a GET that must succeed. */
    JsonNode json(String path) {
        HttpResponse<String> answer = get(path);
        if (answer.statusCode() != 200) {
            throw new AssertionError("%s answers %d: %s".formatted(path, answer.statusCode(), answer.body()));
        }
        return JSON.readTree(answer.body());
    }

    /** Waits until it has projected at least so many records of each of these topics and says that it has caught up. */
    JsonNode awaitCaughtUp(Map<String, Long> records) {
        Awaitility.await("caught up to " + records)
                .atMost(LIMIT)
                .pollInterval(Duration.ofMillis(200))
                .until(() -> hasRead(get("/api/v1/stanzas"), records));
        return json("/api/v1/content-hash");
    }

    private static boolean hasRead(HttpResponse<String> answer, Map<String, Long> records) {
        if (answer.statusCode() != 200) {
            return false;
        }
        JsonNode asOf = JSON.readTree(answer.body()).path("asOf");
        return asOf.path("caughtUp").asBoolean()
                && records.entrySet().stream()
                        .allMatch(topic ->
                                asOf.path("position").path(topic.getKey()).asLong(0) >= topic.getValue());
    }

    /** Waits until a GET answers with this status. */
    HttpResponse<String> awaitStatus(String path, int status) {
        Awaitility.await("%d of %s".formatted(status, path))
                .atMost(LIMIT)
                .pollInterval(Duration.ofMillis(200))
                .until(() -> get(path).statusCode() == status);
        return get(path);
    }

    @Override
    public void close() {
        context.close();
    }
}
