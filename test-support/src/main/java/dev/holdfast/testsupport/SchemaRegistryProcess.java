package dev.holdfast.testsupport;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A real schema registry (Apicurio, Confluent's REST API) as a process, its schemas in a file. Tests of one JVM share
 * one; a test that stops its registry takes its own.
 */
public final class SchemaRegistryProcess implements AutoCloseable {

    private static @Nullable SchemaRegistryProcess shared;

    private final Path folder;
    private final int port = FreePorts.next();
    private final int managementPort = FreePorts.next();
    private final Runnable atExit = this::end;
    private @Nullable Process process;

    private SchemaRegistryProcess(Path folder) {
        this.folder = folder;
    }

    /** The registry that the tests of this JVM share, started when first asked for. Nobody closes it. */
    public static synchronized SchemaRegistryProcess shared() {
        if (shared == null) {
            shared = ownRegistry();
        }
        return shared;
    }

    /** A registry for one test alone, started, which the test closes. */
    public static SchemaRegistryProcess ownRegistry() {
        try {
            SchemaRegistryProcess registry = new SchemaRegistryProcess(Files.createTempDirectory("holdfast-registry-"));
            Cleanup.atExit(registry.atExit);
            registry.start();
            return registry;
        } catch (IOException e) {
            throw new UncheckedIOException("no temporary folder for the registry", e);
        }
    }

    /** Base URL of its Confluent API. It stays the same over {@link #stop} and {@link #start}. */
    public String url() {
        return "http://127.0.0.1:%d/apis/ccompat/v7".formatted(port);
    }

    /** Base URL of Apicurio's own API, version 3. */
    public String nativeUrl() {
        return "http://127.0.0.1:%d/apis/registry/v3".formatted(port);
    }

    /** Starts it again, with the schemas it had. Returns when it answers. */
    public void start() {
        if (process != null) {
            throw new IllegalStateException("the registry runs already");
        }
        Path log = folder.resolve("registry.log");
        process = Processes.start(command(program()), Map.of(), folder, log);
        HttpProbe.awaitReady("schema registry", url() + "/subjects", process, log);
    }

    /** Ends it and keeps its schemas. */
    public void stop() {
        if (process != null) {
            Processes.stop(process);
            process = null;
        }
    }

    /** Ends it and forgets its schemas. */
    @Override
    public void close() {
        Cleanup.forget(atExit);
        end();
    }

    private void end() {
        stop();
        Cleanup.delete(folder);
    }

    private static Path program() {
        Path program = Checkout.root().resolve("deploy/local/target/registry");
        if (!Files.exists(program.resolve("quarkus-run.jar"))) {
            throw new IllegalStateException(
                    "no schema registry in %s. Unpack it: ./mvnw -pl deploy/local process-resources"
                            .formatted(program));
        }
        return program;
    }

    private List<String> command(Path program) {
        List<String> command = new ArrayList<>(JavaCommand.start("256m", program.resolve("registry.aot")));
        command.addAll(List.of(
                "-Dquarkus.http.host=127.0.0.1",
                "-Dquarkus.http.port=" + port,
                "-Dquarkus.management.host=127.0.0.1",
                "-Dquarkus.management.port=" + managementPort,
                "-Dapicurio.datasource.url=jdbc:h2:file:" + folder.resolve("schemas"),
                // the default opens twenty connections
                "-Dapicurio.datasource.jdbc.initial-size=1",
                "-Dapicurio.datasource.jdbc.min-size=1",
                "-jar",
                program.resolve("quarkus-run.jar").toString()));
        return command;
    }
}
