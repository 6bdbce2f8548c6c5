package dev.holdfast.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.holdfast.events.BackupRequested;
import dev.holdfast.schemas.Causation;
import dev.holdfast.testsupport.Events;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** A collector of traces hears when an event of a traced request can be read. */
class TracesIT {

    private static final String TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";
    private static final String SPAN = "00f067aa0ba902b7";
    private static final String UNSAMPLED = "5bf92f3577b34da6a3ce929d0e0e4736";

    @Test
    void aTracedRequestIsFollowedIntoTheProjection() throws IOException {
        try (Collector collector = new Collector()) {
            SharedCatalog.CLUSTER.createDatabase("traced");
            BackupRequested traced = Events.backupRequested("traced").build();
            BackupRequested unsampled = Events.backupRequested("traced").build();
            try (RunningCatalog catalog = RunningCatalog.start(
                    SharedCatalog.KAFKA,
                    SharedCatalog.CLUSTER,
                    "traced",
                    "--OTEL_EXPORTER_OTLP_ENDPOINT=" + collector.address(),
                    "--OTEL_EXPORTER_OTLP_HEADERS=x-key=a%20key")) {
                SharedCatalog.log().publish(unsampled, trace(UNSAMPLED, "00"));
                SharedCatalog.log().publish(traced, trace(TRACE, "01"));
                catalog.awaitStatus("/api/v1/requests/" + traced.getRequestId(), 200);

                Awaitility.await("the span at the collector")
                        .atMost(Duration.ofMinutes(2))
                        .until(() -> collector.heard(text(TRACE)));
            }
            String spans = String.join("", collector.bodies);
            assertThat(spans)
                    .contains(
                            text(SPAN),
                            "project BackupRequested",
                            "holdfast-catalog",
                            traced.getRequestId().toString(),
                            "holdfast.backup.requests")
                    .doesNotContain(text(UNSAMPLED), unsampled.getRequestId().toString());
            assertThat(collector.keys).isNotEmpty().containsOnly("a key");
        }
    }

    private static Causation trace(String trace, String flags) {
        return new Causation(Optional.empty(), Optional.of("00-%s-%s-%s".formatted(trace, SPAN, flags)));
    }

    /** Bytes as they stand in a protobuf message, one character each. */
    private static String text(String hex) {
        return new String(HexFormat.of().parseHex(hex), StandardCharsets.ISO_8859_1);
    }

    /** Takes traces by OTLP over HTTP, as a collector does, and keeps them. */
    private static final class Collector implements AutoCloseable {

        private final List<String> bodies = new CopyOnWriteArrayList<>();
        private final List<String> keys = new CopyOnWriteArrayList<>();
        private final HttpServer server;

        Collector() throws IOException {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
            server.createContext("/v1/traces", exchange -> {
                keys.add(String.valueOf(exchange.getRequestHeaders().getFirst("x-key")));
                bodies.add(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.ISO_8859_1));
                exchange.getResponseHeaders().set("Content-Type", "application/x-protobuf");
                exchange.sendResponseHeaders(200, -1);
                exchange.close();
            });
            server.start();
        }

        String address() {
            return "http://127.0.0.1:" + server.getAddress().getPort();
        }

        boolean heard(String text) {
            return bodies.stream().anyMatch(body -> body.contains(text));
        }

        @Override
        public void close() {
            server.stop(0);
        }
    }
}
