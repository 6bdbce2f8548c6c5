package dev.holdfast.validator.sandbox;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.holdfast.validator.proof.RepositoryPlace;
import dev.holdfast.validator.proof.SandboxEngine;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentSkipListMap;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** A small API server that remembers what is made and deleted in it, over real HTTP. It runs nothing. */
final class FakeCluster implements AutoCloseable {

    static final KubernetesEngine.Site SITE = new KubernetesEngine.Site("proofs", Optional.of("repository"));

    private static final JsonMapper MAPPER = new JsonMapper();

    private final HttpServer server;
    private final Map<String, JsonNode> things = new ConcurrentSkipListMap<>();
    private volatile String status = "{\"phase\":\"Pending\"}";

    FakeCluster() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", this::answer);
        server.start();
    }

    KubernetesClient client() {
        Config config = new ConfigBuilder(Config.empty())
                .withMasterUrl("http://127.0.0.1:" + server.getAddress().getPort())
                .withNamespace(SITE.namespace())
                .withRequestRetryBackoffLimit(0)
                .build();
        return new KubernetesClientBuilder().withConfig(config).build();
    }

    /** What becomes of each pod that is made from now on. */
    void podsBecome(String json) {
        status = json;
    }

    /** The names of its pods. */
    java.util.List<String> pods() {
        return things.keySet().stream()
                .filter(path -> path.contains("/pods/"))
                .map(path -> path.substring(path.lastIndexOf('/') + 1))
                .toList();
    }

    boolean hasPolicy() {
        return things.keySet().stream().anyMatch(path -> path.endsWith("/networkpolicies/" + SandboxPod.POLICY));
    }

    /** Puts a pod there that a validator made. */
    void put(String name, Map<String, String> annotations, String created) {
        ObjectNode pod = MAPPER.createObjectNode().put("apiVersion", "v1").put("kind", "Pod");
        ObjectNode metadata = pod.putObject("metadata").put("name", name).put("creationTimestamp", created);
        metadata.putObject("labels")
                .put(DockerEngine.TEST_LABEL, UUID.randomUUID().toString());
        annotations.forEach(metadata.putObject("annotations")::put);
        pod.putObject("status").put("phase", "Running");
        things.put("/api/v1/namespaces/proofs/pods/" + name, pod);
    }

    private void answer(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().getPath();
        switch (exchange.getRequestMethod()) {
            case "POST" -> create(exchange, path);
            case "DELETE" -> reply(exchange, Optional.ofNullable(things.remove(path)));
            default ->
                reply(exchange, path.endsWith("/pods") ? Optional.of(list()) : Optional.ofNullable(things.get(path)));
        }
    }

    private void create(HttpExchange exchange, String path) throws IOException {
        ObjectNode thing =
                (ObjectNode) MAPPER.readTree(exchange.getRequestBody().readAllBytes());
        if (path.endsWith("/pods")) {
            thing.set("status", MAPPER.readTree(status));
        }
        things.put(path + "/" + thing.path("metadata").path("name").asString(), thing);
        reply(exchange, Optional.of(thing));
    }

    private JsonNode list() {
        ObjectNode list = MAPPER.createObjectNode().put("apiVersion", "v1").put("kind", "PodList");
        list.putObject("metadata");
        var items = list.putArray("items");
        things.forEach((path, thing) -> {
            if (path.contains("/pods/")) {
                items.add(thing);
            }
        });
        return list;
    }

    private static void reply(HttpExchange exchange, Optional<JsonNode> thing) throws IOException {
        byte[] body = thing.map(JsonNode::toString)
                .orElse(
                        "{\"kind\":\"Status\",\"apiVersion\":\"v1\",\"status\":\"Failure\",\"reason\":\"NotFound\",\"code\":404}")
                .getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.sendResponseHeaders(thing.isPresent() ? 200 : 404, body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }

    static SandboxEngine.Wanted wanted() {
        return new SandboxEngine.Wanted(
                UUID.randomUUID(),
                new RepositoryPlace(new RepositoryPlace.Folder(Path.of("/repo")), "[global]", 101, 104),
                Duration.ofHours(1),
                Optional.empty());
    }

    static SandboxSettings settings(String owner) {
        return new SandboxSettings("holdfast/sandbox:15", owner, 1L << 30, 2L << 30, 64, 2, _ -> Map.of("A", "b"));
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
