package dev.holdfast.runner.web;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HealthServerTest {

    private static final int PATIENCE_MILLIS = 120_000;

    private final Map<String, String> obstacles = new TreeMap<>();
    private final Map<String, String> remarks = new TreeMap<>();
    private final Metrics metrics = new Metrics();
    private final HttpClient client = HttpClient.newHttpClient();
    private HealthServer server;

    @BeforeEach
    void start() throws IOException {
        server = new HealthServer(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), new Said(), metrics);
        server.start();
    }

    @AfterEach
    void end() {
        client.close();
        server.close();
        metrics.close();
    }

    /** What the test has it say. */
    private final class Said implements Condition {

        @Override
        public Map<String, String> obstacles() {
            return obstacles;
        }

        @Override
        public Map<String, String> remarks() {
            return remarks;
        }
    }

    @Test
    void isReadyWhileNothingStandsInTheWay() throws Exception {
        remarks.put("demo", "repository 2 does not answer");

        HttpResponse<String> answer = ask("GET", "/actuator/health/readiness");

        assertThat(answer.statusCode()).isEqualTo(200);
        JsonNode body = new ObjectMapper().readTree(answer.body());
        assertThat(body.at("/status").asText()).isEqualTo("UP");
        assertThat(body.at("/components/runner/details/demo").asText()).isEqualTo("repository 2 does not answer");
    }

    @Test
    void saysWhatStandsInTheWayAndLivesOn() throws Exception {
        obstacles.put("kafka", "nobody answers at \"127.0.0.1:9092\"");

        HttpResponse<String> readiness = ask("GET", "/actuator/health/readiness");

        assertThat(readiness.statusCode()).isEqualTo(503);
        JsonNode body = new ObjectMapper().readTree(readiness.body());
        assertThat(body.at("/status").asText()).isEqualTo("DOWN");
        assertThat(body.at("/components/runner/details/kafka").asText())
                .isEqualTo("nobody answers at \"127.0.0.1:9092\"");
        assertThat(ask("GET", "/actuator/health").statusCode()).isEqualTo(503);
        assertThat(ask("GET", "/actuator/health/liveness").statusCode()).isEqualTo(200);
    }

    @Test
    void countsForPrometheus() throws Exception {
        HttpResponse<String> answer = ask("GET", "/actuator/prometheus");

        assertThat(answer.headers().firstValue("Content-Type")).hasValue(Metrics.TYPE);
        assertThat(answer.body())
                .contains(
                        "jvm_memory_used_bytes{",
                        "jvm_threads_live_threads ",
                        "process_cpu_usage ",
                        "process_files_open_files ",
                        "process_uptime_seconds ",
                        "logback_events_total{");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/",
                "/actuator",
                "/actuator/health/",
                "/actuator/health/readiness/../liveness",
                "/actuator/health%2Fliveness",
                "/actuator/env",
                "//actuator/prometheus"
            })
    void answersTheseVeryPathsAlone(String path) throws Exception {
        HttpResponse<String> answer = ask("GET", path);

        assertThat(answer.statusCode()).isEqualTo(404);
        assertThat(answer.headers().firstValue("Content-Type")).hasValue("application/problem+json");
        assertThat(answer.body()).contains("/actuator/health/readiness").doesNotContain("/env");
    }

    @Test
    void answersWithoutABodyWhereNoneIsAskedFor() throws Exception {
        HttpResponse<String> answer = ask("HEAD", "/actuator/prometheus");

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"POST", "PUT", "DELETE", "OPTIONS", "TRACE"})
    void takesNoOrders(String method) throws Exception {
        HttpResponse<String> answer = ask(method, "/actuator/health/liveness");

        assertThat(answer.statusCode()).isEqualTo(405);
        assertThat(answer.headers().firstValue("Allow")).hasValue("GET, HEAD");
    }

    @Test
    void letsGoOfWhoeverConnectsAndNeverEndsItsRequest() throws Exception {
        try (Socket silent = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
            silent.setSoTimeout(PATIENCE_MILLIS);
            silent.getOutputStream()
                    .write("GET /actuator/health HTTP/1.1\r\nX-Slow: ".getBytes(StandardCharsets.US_ASCII));
            InputStream answer = silent.getInputStream();

            assertThat(answer.read()).as("end of the connection").isEqualTo(-1);
        }
        assertThat(ask("GET", "/actuator/health/liveness").statusCode()).isEqualTo(200);
    }

    private HttpResponse<String> ask(String method, String path) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:%d%s".formatted(server.port(), path)))
                .method(method, HttpRequest.BodyPublishers.noBody())
                .timeout(Duration.ofMillis(PATIENCE_MILLIS))
                .build();
        return client.send(request, HttpResponse.BodyHandlers.ofString());
    }
}
