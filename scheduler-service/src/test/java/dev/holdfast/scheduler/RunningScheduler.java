package dev.holdfast.scheduler;

import dev.holdfast.schemas.KafkaConnection;
import dev.holdfast.testsupport.AppProcess;
import dev.holdfast.testsupport.FreePorts;
import dev.holdfast.testsupport.GroupOffsets;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import org.apache.kafka.common.TopicPartition;
import org.awaitility.Awaitility;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The packaged scheduler as a process, and a client of it. */
final class RunningScheduler implements AutoCloseable {

    static final Duration LIMIT = Duration.ofMinutes(3);

    private static final int PARTITIONS = 12;
    private static final String READ = "all that the log held is read";
    private static final HttpClient CLIENT = HttpClient.newHttpClient();
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final AppProcess process;
    private final URI address;

    private RunningScheduler(AppProcess process, URI address) {
        this.process = process;
        this.address = address;
    }

    /**
     * Starts one and waits until it is alive.
     *
     * @param state its folder; also names it
     * @param further environment variables, which win over those that tests have in common
     */
    static RunningScheduler started(KafkaConnection kafka, Path state, Map<String, String> further) {
        int port = FreePorts.next();
        URI address = URI.create("http://127.0.0.1:%d".formatted(port));
        AppProcess.Builder app = AppProcess.of("scheduler-service")
                .env("HOLDFAST_KAFKA", kafka.bootstrapServers())
                .env("HOLDFAST_REGISTRY", kafka.registry())
                .env("HOLDFAST_SCHEDULER_PORT", port)
                .env("HOLDFAST_SCHEDULER_STATE", state)
                .env("HOLDFAST_INSTANCE", state.getFileName())
                .env("HOLDFAST_SCHEDULER_UNKNOWN_GRACE", "2s")
                .readyAt(address + "/actuator/health/liveness");
        further.forEach(app::env);
        return new RunningScheduler(app.start(), address);
    }

    /** Waits until it answers for everything. */
    RunningScheduler awaitReady() {
        return awaitStatus("/actuator/health/readiness", 200);
    }

    /** Waits until a GET is answered with a status. */
    RunningScheduler awaitStatus(String path, int status) {
        await(path + " answers " + status, () -> get(path).statusCode() == status);
        return this;
    }

    /** Waits until it has taken in all that the log held, in every partition. */
    RunningScheduler awaitRead() {
        return awaitReadAfter("");
    }

    /** Waits until it has logged something, and after that has taken in all that the log held, in every partition. */
    RunningScheduler awaitReadAfter(String logged) {
        await("everything is read after: " + logged, () -> {
            String log = process.log();
            int begin = log.indexOf(logged);
            return begin >= 0 && log.substring(begin).split(READ, -1).length - 1 >= PARTITIONS;
        });
        return this;
    }

    /** Waits until it has logged something. */
    RunningScheduler awaitLogged(String text) {
        await("it logs: " + text, () -> process.log().contains(text));
        return this;
    }

    /** Waits until the engine of any instance goes by a record, and what it does for it is committed. */
    static void awaitTakenIn(KafkaConnection kafka, TopicPartition partition, long offset) {
        Awaitility.await("%s at %d is taken in".formatted(partition, offset))
                .atMost(LIMIT)
                .until(() -> GroupOffsets.isPast(kafka, "holdfast-scheduler", partition, offset));
    }

    private void await(String what, Callable<Boolean> condition) {
        Awaitility.await(what)
                .atMost(LIMIT)
                .pollInterval(Duration.ofMillis(200))
                .until(() -> {
                    if (!process.isAlive()) {
                        throw new IllegalStateException("the scheduler has ended:\n" + process.log());
                    }
                    return condition.call();
                });
    }

    /** The answer to a GET. */
    HttpResponse<String> get(String path, String... headers) {
        HttpRequest.Builder request = HttpRequest.newBuilder(address.resolve(path));
        if (headers.length > 0) {
            request.headers(headers);
        }
        return send(request.build());
    }

    /** Where it listens. */
    URI address() {
        return address;
    }

    /** The answer to a POST. */
    HttpResponse<String> post(String path, String contentType, String body, String... headers) {
        HttpRequest.Builder request = HttpRequest.newBuilder(address.resolve(path))
                .header("Content-Type", contentType)
                .POST(HttpRequest.BodyPublishers.ofString(body));
        if (headers.length > 0) {
            request.headers(headers);
        }
        return send(request.build());
    }

    /** The answer to a DELETE. */
    HttpResponse<String> delete(String path) {
        return send(HttpRequest.newBuilder(address.resolve(path)).DELETE().build());
    }

    /** Applies a policy, which must be taken. */
    JsonNode apply(String yaml) {
        HttpResponse<String> answer = post("/api/v1/policies", "application/yaml", yaml);
        if (answer.statusCode() / 100 != 2) {
            throw new AssertionError("%d: %s".formatted(answer.statusCode(), answer.body()));
        }
        return JSON.readTree(answer.body());
    }

    /** A body as JSON. */
    static JsonNode json(HttpResponse<String> answer) {
        return JSON.readTree(answer.body());
    }

    /** What it has logged. */
    String log() {
        return process.log();
    }

    /** Asks it to end, and waits; empty if it does not within two minutes. */
    OptionalInt exitCodeWhenAsked() {
        ProcessHandle.of(process.pid()).ifPresent(ProcessHandle::destroy);
        return process.exitCode(120);
    }

    /** Ends it as a crash does. */
    void kill9() {
        process.kill9();
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

    /** Ends it as an operator does: it leaves its group, so the next one on the same broker need not wait until it counts as dead. */
    void stop() {
        process.close();
    }

    /** Ends it at once. */
    @Override
    public void close() {
        process.kill9();
    }
}
