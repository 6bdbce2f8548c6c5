package dev.holdfast.deployment;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.testsupport.AppProcess;
import dev.holdfast.testsupport.FreePorts;
import dev.holdfast.testsupport.PgBackRestRepository;
import dev.holdfast.testsupport.PostgresCluster;
import dev.holdfast.testsupport.SchemaRegistryProcess;
import dev.holdfast.testsupport.outside.Cli;
import dev.holdfast.testsupport.outside.Closing;
import dev.holdfast.testsupport.outside.Executions;
import dev.holdfast.testsupport.outside.Folders;
import dev.holdfast.testsupport.outside.Http;
import dev.holdfast.testsupport.outside.LoggedEvent;
import dev.holdfast.testsupport.outside.Patience;
import dev.holdfast.testsupport.outside.PlainProducer;
import dev.holdfast.testsupport.outside.SchemaRegistry;
import dev.holdfast.testsupport.outside.TopicLog;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;

/**
 * The four services over one stanza, beside a registry and a database of their own, on a Kafka that the story brings: each can
 * be ended and started again with the state it had, from another build too.
 */
final class Installation implements AutoCloseable {

    /** The services, in the order in which they are upgraded. */
    enum Part {
        SCHEDULER("scheduler-service", "SCHEDULER"),
        CATALOG("catalog-service", "CATALOG"),
        VALIDATOR("validator-service", "VALIDATOR"),
        RUNNER("runner-service", "RUNNER");

        private final String module;
        private final String variables;

        Part(String module, String variables) {
            this.module = module;
            this.variables = variables;
        }
    }

    private static final String DATABASE_USER = "postgres";
    private static final String DATABASE = "holdfast";

    private final Deque<AutoCloseable> open = new ArrayDeque<>();
    private final Map<Part, AppProcess> running = new EnumMap<>(Part.class);
    private final Map<Part, Integer> ports = new EnumMap<>(Part.class);
    private final String kafka;
    private final String stanza;
    private final Path folder;
    private final SchemaRegistryProcess registry;
    private final PostgresCluster database;
    private final PgBackRestRepository repository;
    private final Executions executions;
    private final TopicLog log;
    private final PlainProducer producer;

    /** One whose stanza exists and whose services don't run yet. */
    Installation(String kafka, String stanza) {
        this.kafka = kafka;
        this.stanza = stanza;
        this.folder = Folders.in(Folders.forLogs(), stanza);
        this.registry = closeLater(SchemaRegistryProcess.ownRegistry());
        this.database = closeLater(PostgresCluster.started());
        PostgresCluster cluster =
                closeLater(PostgresCluster.builder().archiving().start());
        // a story makes many backups, and none of them is looked into
        this.repository = closeLater(PgBackRestRepository.configured(cluster, stanza, Map.of("compress-type", "lz4")));
        repository.stanzaCreate();
        this.executions = new Executions(Folders.in(folder, "executions"), repository.executable());
        database.createDatabase(DATABASE);
        SchemaRegistry schemas = new SchemaRegistry(registry.url());
        this.log = closeLater(new TopicLog(kafka, schemas));
        this.producer = closeLater(new PlainProducer(kafka, schemas));
        for (Part part : Part.values()) {
            ports.put(part, FreePorts.next());
        }
    }

    /** Starts all four, and waits until they are ready. */
    void startAll(Path build) {
        for (Part part : Part.values()) {
            start(part, build);
        }
    }

    /** Starts one from a build, with the state that it had, and waits until it is ready. */
    void start(Part part, Path build) {
        running.put(part, builder(part, build).start());
    }

    /** Ends one as a crash does. */
    void kill(Part part) {
        Objects.requireNonNull(running.remove(part), () -> part + " does not run")
                .kill9();
    }

    /** Starts a second catalog over an empty database, which reads the log from its beginning. */
    Http freshCatalog(Path build) {
        String name = "fresh";
        database.createDatabase(name);
        int port = FreePorts.next();
        AppProcess process = builder(Part.CATALOG, build)
                .env("HOLDFAST_CATALOG_PORT", port)
                .env("HOLDFAST_CATALOG_DB", database.jdbcUrl(name))
                .env("HOLDFAST_INSTANCE", "catalog-fresh")
                .logTo(folder.resolve("catalog-fresh.log"))
                .readyAt(url(port) + "/actuator/health/readiness")
                .start();
        closeLater(process);
        return new Http(url(port));
    }

    /** Everything that was ever published. */
    TopicLog log() {
        return log;
    }

    /** Publishes requests as a stranger does. */
    PlainProducer producer() {
        return producer;
    }

    /** The catalog over HTTP. */
    Http catalog() {
        return new Http(url(ports.getOrDefault(Part.CATALOG, 0)));
    }

    /** The scheduler over HTTP. */
    Http scheduler() {
        return new Http(url(ports.getOrDefault(Part.SCHEDULER, 0)));
    }

    /** The command line interface, pointed at it. */
    Cli cli() {
        return new Cli(
                Map.of("HOLDFAST_KAFKA", kafka, "HOLDFAST_REGISTRY", registry.url()),
                url(ports.getOrDefault(Part.CATALOG, 0)),
                url(ports.getOrDefault(Part.SCHEDULER, 0)));
    }

    /** The schema registry, which can be stopped and started. */
    SchemaRegistryProcess registry() {
        return registry;
    }

    /** The stanza's repository. */
    PgBackRestRepository repository() {
        return repository;
    }

    /** What the runner has executed. */
    Executions executions() {
        return executions;
    }

    /** The events of these types that a request has; waits until there is one. */
    List<LoggedEvent> await(UUID requestId, String... types) {
        Patience.until(
                String.join(" or ", types) + " of " + requestId,
                () -> assertThat(log.of(requestId, types))
                        .as("%s", log.of(requestId))
                        .isNotEmpty());
        return log.of(requestId, types);
    }

    @Override
    public void close() {
        running.values().forEach(process -> open.push(process::close));
        Closing.all(open);
    }

    private AppProcess.Builder builder(Part part, Path build) {
        int port = ports.getOrDefault(part, 0);
        String prefix = "HOLDFAST_" + part.variables;
        AppProcess.Builder app = AppProcess.of(part.module)
                .builtIn(build)
                .logTo(folder.resolve(part.module + ".log"))
                .env("HOLDFAST_KAFKA", kafka)
                .env("HOLDFAST_REGISTRY", registry.url())
                .env("HOLDFAST_INSTANCE", part.module)
                .env(prefix + "_PORT", port)
                .readyAt(url(port) + "/actuator/health/readiness");
        return switch (part) {
            case SCHEDULER -> app.env(prefix + "_STATE", Folders.in(folder, "state-scheduler"));
            case CATALOG -> app.env(prefix + "_DB", database.jdbcUrl(DATABASE)).env(prefix + "_DB_USER", DATABASE_USER);
            case VALIDATOR ->
                app.env(prefix + "_STATE", Folders.in(folder, "state-validator"))
                        .env(prefix + "_POOL", stanza)
                        .env(prefix + "_STANZAS", stanza)
                        .env("HOLDFAST_PGBACKREST_CONFIG", repository.configuration())
                        .env("HOLDFAST_SANDBOX", "docker");
            case RUNNER ->
                app.env(prefix + "_STATE", Folders.in(folder, "state-runner"))
                        .env(prefix + "_POOL", stanza)
                        .env(prefix + "_STANZAS", stanza)
                        .env("HOLDFAST_PGBACKREST", executions.program())
                        .env("HOLDFAST_PGBACKREST_CONFIG", repository.configuration());
        };
    }

    private static String url(int port) {
        return "http://127.0.0.1:" + port;
    }

    private <T extends AutoCloseable> T closeLater(T resource) {
        open.push(resource);
        return resource;
    }
}
