package dev.holdfast.runner;

import dev.holdfast.testsupport.AppProcess;
import dev.holdfast.testsupport.FreePorts;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;

/**
 * Packaged runners that a test has started. Each has a name, and under that name a folder and a log; a new scene begins with
 * new names.
 */
final class RunnerProcesses {

    private final Path folder;
    private final Map<String, String> setting;
    private final Map<String, String> further = new HashMap<>();
    private final Map<AppProcess, Integer> ports = new HashMap<>();
    private int scene;

    /**
     * @param folder where folders and logs are made
     * @param setting variables that every runner has
     */
    RunnerProcesses(Path folder, Map<String, String> setting) {
        this.folder = folder;
        this.setting = Map.copyOf(setting);
    }

    /** Sets a variable for the runners that are started from now on, until {@link #end}. */
    void with(String variable, Object value) {
        further.put(variable, value.toString());
    }

    /**
     * Starts one.
     *
     * @param probe what is waited for: readiness or liveness
     */
    AppProcess start(String name, String pool, String probe) {
        int port = FreePorts.next();
        AppProcess runner = described(name, pool, port)
                .logTo(log(name))
                .readyAt(health(port, probe))
                .start();
        ports.put(runner, port);
        return runner;
    }

    /** Starts a second process with the name and the folder of a runner, and waits for nothing. */
    AppProcess startRivalOf(String name, String pool) {
        int port = FreePorts.next();
        AppProcess rival = described(name, pool, port).start();
        ports.put(rival, port);
        return rival;
    }

    private AppProcess.Builder described(String name, String pool, int port) {
        AppProcess.Builder builder = AppProcess.of("runner-service")
                .env("HOLDFAST_RUNNER_PORT", port)
                .env("HOLDFAST_INSTANCE", instance(name))
                .env("HOLDFAST_RUNNER_POOL", pool)
                .env("HOLDFAST_RUNNER_STATE", state(name));
        setting.forEach(builder::env);
        further.forEach(builder::env);
        return builder;
    }

    /** The name that a runner gives itself in its events. */
    String instance(String name) {
        return name + "-" + scene;
    }

    /** Its folder. */
    Path state(String name) {
        return folder.resolve("state-" + instance(name));
    }

    /** What it has logged. */
    String logOf(String name) {
        try {
            return Files.readString(log(name));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Path log(String name) {
        return folder.resolve(instance(name) + ".log");
    }

    /** The port on which it answers. */
    int portOf(AppProcess runner) {
        return Objects.requireNonNull(ports.get(runner));
    }

    /** What it says of whether it is ready, as JSON. */
    String readinessOf(AppProcess runner) throws IOException {
        HttpURLConnection connection = (HttpURLConnection)
                URI.create(health(portOf(runner), "readiness")).toURL().openConnection();
        boolean up = connection.getResponseCode() < HttpURLConnection.HTTP_BAD_REQUEST;
        try (InputStream answer = up ? connection.getInputStream() : connection.getErrorStream()) {
            return new String(answer.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private static String health(int port, String probe) {
        return "http://127.0.0.1:%d/actuator/health/%s".formatted(port, probe);
    }

    /** Ends them all, forgets the variables of {@link #with}, and begins a new scene. */
    void end() {
        ports.keySet().forEach(AppProcess::close);
        ports.clear();
        further.clear();
        scene++;
    }
}
